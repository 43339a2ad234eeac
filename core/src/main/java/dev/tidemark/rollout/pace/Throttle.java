package dev.tidemark.rollout.pace;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.load.GaugeReading;
import dev.tidemark.catalogue.load.OwnQuery;
import dev.tidemark.catalogue.load.ServerGauge;
import dev.tidemark.catalogue.load.ServerLoad;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.SignalReading;

/**
 * Looks at the signals before a batch, at most every two seconds, and a few times a
 * second at who writes to the table. A look that finds nothing in the way any more lets
 * the backfill go on at once.
 * <p>
 * One thread looks; {@link #last()} may be asked by any.
 *
 * @since 0.1.0
 */
public final class Throttle {

	private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos();

	private static final long WRITERS_NANOS = Duration.ofMillis(250).toNanos();

	/**
	 * Who has written lately will write again; most writes are over between two looks.
	 */
	private static final long WRITING_NANOS = Duration.ofSeconds(30).toNanos();

	/** For so long others may write until it is known that they do not. */
	private static final long DOUBT_NANOS = Duration.ofSeconds(10).toNanos();

	private final ThrottleSettings settings;

	private final List<BackfillThrottle> own;

	private final LongSupplier clock;

	private final ServerLoad load;

	private final @Nullable OwnQuery query;

	private volatile ThrottleState last = ThrottleState.UNSEEN;

	private @Nullable Long lookedAt;

	private long writersAt;

	private long writingUntil;

	/**
	 * Begins without any look.
	 * @param settings which signals count, and from where on
	 * @param own the signals of the application's own
	 */
	public Throttle(ThrottleSettings settings, List<BackfillThrottle> own) {
		this(settings, own, System::nanoTime);
	}

	Throttle(ThrottleSettings settings, List<BackfillThrottle> own, LongSupplier clock) {
		this.settings = settings;
		this.own = List.copyOf(own);
		this.clock = clock;
		this.load = new ServerLoad(gauges(settings));
		this.query = (settings.query() != null) ? new OwnQuery(settings.query()) : null;
	}

	private static Set<ServerGauge> gauges(ThrottleSettings settings) {
		Set<ServerGauge> gauges = settings.thresholds()
			.keySet()
			.stream()
			.map(ThrottleSignal::gauge)
			.filter(Objects::nonNull)
			.collect(Collectors.toCollection(() -> EnumSet.noneOf(ServerGauge.class)));
		gauges.add(ServerGauge.OTHERS);
		gauges.add(ServerGauge.WRITERS);
		return gauges;
	}

	/**
	 * Returns what was seen last.
	 * @return the state, {@link ThrottleState#UNSEEN} before the first look
	 */
	public ThrottleState last() {
		return this.last;
	}

	/**
	 * Looks, if it is time to.
	 * @param connection an idle connection in auto-commit mode that runs no batches
	 * @param table the table that the batches walk, by its number
	 * @param workers the server processes that run batches
	 * @return what is seen
	 * @throws SQLException if the connection is of no use any more
	 */
	public ThrottleState look(Connection connection, long table, Collection<Integer> workers) throws SQLException {
		return look(new ServerSight(this.load, this.query, connection, table, List.copyOf(workers)));
	}

	ThrottleState look(Sight sight) throws SQLException {
		long now = this.clock.getAsLong();
		if (this.lookedAt == null || now - this.lookedAt >= LOOK_NANOS) {
			lookAtAll(sight, now);
		}
		else if (now - this.writersAt >= WRITERS_NANOS) {
			this.writersAt = now;
			noteWriters(sight.writers(), now);
			this.last = new ThrottleState(this.last.readings(), this.last.othersActive(), isWritten(now));
		}
		return this.last;
	}

	private void lookAtAll(Sight sight, long now) throws SQLException {
		Map<ServerGauge, GaugeReading> gauges = sight.gauges();
		GaugeReading others = gauges.get(ServerGauge.OTHERS);
		boolean othersActive = others == null || others.value() == null || others.value() > 0;
		if (this.lookedAt == null) {
			this.writingUntil = now + (othersActive ? DOUBT_NANOS : 0);
		}
		noteWriters(gauges.get(ServerGauge.WRITERS), now);
		List<SignalReading> readings = new ArrayList<>();
		this.settings.thresholds()
			.forEach((signal, threshold) -> readings
				.add(Readings.of(signal, threshold, gauges.get(signal.gauge()), othersActive)));
		if (this.query != null) {
			readings.add(Readings.ofQuery(sight));
		}
		this.own.forEach((signal) -> readings.add(Readings.of(signal, this.clock)));
		this.lookedAt = now;
		this.writersAt = now;
		this.last = new ThrottleState(readings, othersActive, isWritten(now));
	}

	/** What is not known may be somebody. */
	private void noteWriters(@Nullable GaugeReading writers, long now) {
		if (writers == null || writers.value() == null || writers.value() > 0) {
			this.writingUntil = now + WRITING_NANOS;
		}
	}

	private boolean isWritten(long now) {
		return now - this.writingUntil < 0;
	}

	/**
	 * What a connection shows.
	 *
	 * @param load looks at the gauges
	 * @param own the query of the user's own, or {@code null}
	 * @param connection the connection
	 * @param table the table
	 * @param workers the server processes that run batches
	 */
	private record ServerSight(ServerLoad load, @Nullable OwnQuery own, Connection connection, long table,
			List<Integer> workers) implements Sight {

		@Override
		public Map<ServerGauge, GaugeReading> gauges() throws SQLException {
			return this.load.look(this.connection, this.table, this.workers);
		}

		@Override
		public GaugeReading writers() throws SQLException {
			return this.load.look(this.connection, ServerGauge.WRITERS, this.table, this.workers);
		}

		@Override
		public @Nullable String query() throws SQLException {
			return (this.own != null) ? this.own.run(this.connection) : null;
		}

	}

}
