package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Operators;

/**
 * What the server says of the archiver of its write-ahead log.
 *
 * @param on whether there is one
 * @param age how long ago it has archived the last segment, or {@code null} if it has
 * archived none since its statistics began
 * @param failing whether its last attempt has failed
 * @since 0.1.0
 */
public record Archiver(boolean on, @Nullable Duration age, boolean failing) {

	private static final String QUERY = Operators
		.qualified("SELECT pg_catalog.current_setting('archive_mode'), pg_catalog.date_part('epoch',"
				+ " pg_catalog.clock_timestamp() - last_archived_time), (last_failed_time >"
				+ " COALESCE(last_archived_time, '-infinity'::pg_catalog.timestamptz))"
				+ " FROM pg_catalog.pg_stat_archiver");

	/** Asks the server; {@code null} if it has no row of its archiver. */
	public static @Nullable Archiver read(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = statement.executeQuery(QUERY)) {
			if (!results.next()) {
				return null;
			}
			double seconds = results.getDouble(2);
			Duration age = results.wasNull() ? null : Duration.ofSeconds(Math.max(0, (long) seconds));
			return new Archiver(!results.getString(1).equals("off"), age, results.getBoolean(3));
		}
	}

}
