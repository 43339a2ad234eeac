package dev.tidemark.rollout.pace;

import java.sql.SQLException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.load.GaugeReading;
import dev.tidemark.catalogue.load.ServerGauge;

/**
 * What the throttle can see of the server.
 */
interface Sight {

	/** Looks at all gauges. */
	Map<ServerGauge, GaugeReading> gauges() throws SQLException;

	/** Looks who is writing to the table at this moment. */
	GaugeReading writers() throws SQLException;

	/** Runs the query of the user's own; {@code null} if it has no value. */
	@Nullable String query() throws SQLException;

}
