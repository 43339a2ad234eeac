package dev.tidemark.rollout.pace;

import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.load.ServerGauge;

/**
 * The signals that slow down and stop backfills: the one table of their names, what each
 * is measured in, and their thresholds if nothing is set. Each is set by
 * {@code tidemark.backfill.throttle.<name>}, as {@code slow,stop} or as {@code stop};
 * {@code off} in place of either, or of both.
 *
 * @since 0.1.0
 */
public enum ThrottleSignal {

	/** How far the slowest standby is behind, in time. */
	REPLAY_LAG("replay-lag", ServerGauge.REPLAY_LAG, SignalUnit.TIME, "5s,30s",
			"how far the slowest standby or subscriber is behind, in time"),

	/** How far the slowest standby is behind, in bytes. */
	REPLAY_LAG_SIZE("replay-lag-size", ServerGauge.REPLAY_LAG_SIZE, SignalUnit.SIZE, "64MB,512MB",
			"how much log the slowest standby or subscriber has yet to replay"),

	/** How much log a slot keeps. */
	SLOTS("slots", ServerGauge.SLOTS, SignalUnit.SIZE, "4GB,16GB",
			"how much log the slot keeps that keeps the most; also slow where one is `extended` or has less than a"
					+ " quarter of its log left, stop where it is `unreserved` or has less than a tenth left"),

	/** How many segments of the log wait to be archived. */
	ARCHIVE_QUEUE("archive-queue", ServerGauge.ARCHIVE_QUEUE, SignalUnit.COUNT, "20,100",
			"how many segments of the log wait to be archived; also slow while the archiver fails"),

	/** Automatic vacuums of the table. */
	AUTOVACUUM("autovacuum", ServerGauge.AUTOVACUUM, SignalUnit.COUNT, "3,off",
			"how many automatic vacuums run on the table; slow only while somebody else is active, and stop always where"
					+ " one has to prevent wraparound"),

	/** Which share of the table is dead. */
	DEAD_ROWS("dead-rows", ServerGauge.DEAD_ROWS, SignalUnit.SHARE, "50%,off",
			"which share of the rows of the table is dead, from 10,000 dead rows on"),

	/** Sessions that wait for locks of the backfill. */
	WAITING_FOR_US("waiting-for-us", ServerGauge.WAITING_FOR_US, SignalUnit.COUNT, "off,5",
			"how many sessions wait for a lock of the backfill"),

	/** Sessions that wait for locks of anybody. */
	WAITING("waiting", ServerGauge.WAITING, SignalUnit.COUNT, "10,50",
			"how many sessions of the database wait for locks, of whomever"),

	/** Snapshots that keep dead rows. */
	OLDEST_SNAPSHOT("oldest-snapshot", ServerGauge.OLDEST_SNAPSHOT, SignalUnit.TIME, "10m,off",
			"for how long the oldest transaction of somebody else, or the oldest prepared one, keeps rows from being"
					+ " vacuumed"),

	/** Sessions at work. */
	ACTIVE_SESSIONS("active-sessions", ServerGauge.ACTIVE_SESSIONS, SignalUnit.COUNT_OR_SHARE, "50%,80%",
			"how many sessions of the server are at work, as a number or as a share of `max_connections`"),

	/** A query of the user's own. */
	QUERY("query", null, null, "off",
			"a query of your own, of one row and one column: `true` or a number above 0 stops, `false` or 0 does not;"
					+ " `go`, `slow` and `stop` say it in words");

	private final String word;

	private final @Nullable ServerGauge gauge;

	private final @Nullable SignalUnit unit;

	private final String defaults;

	private final String meaning;

	ThrottleSignal(String word, @Nullable ServerGauge gauge, @Nullable SignalUnit unit, String defaults,
			String meaning) {
		this.word = word;
		this.gauge = gauge;
		this.unit = unit;
		this.defaults = defaults;
		this.meaning = meaning;
	}

	/**
	 * Return the signal of a name.
	 * @param word the name, as in {@code tidemark.backfill.throttle.<name>}
	 * @return the signal, empty if there is none
	 */
	public static Optional<ThrottleSignal> of(String word) {
		return Arrays.stream(values()).filter((signal) -> signal.word.equals(word)).findFirst();
	}

	/**
	 * Return the name.
	 * @return the name, as in {@code tidemark.backfill.throttle.<name>}
	 */
	public String word() {
		return this.word;
	}

	/**
	 * Return what holds if nothing is set.
	 * @return the thresholds, as they would be set
	 */
	public String defaults() {
		return this.defaults;
	}

	/**
	 * Return what is measured.
	 * @return the sentence of the reference, without its full stop
	 */
	public String meaning() {
		return this.meaning;
	}

	/** Returns what it is measured by; {@code null} for the query of the user's own. */
	@Nullable ServerGauge gauge() {
		return this.gauge;
	}

	/** Returns what it is measured in; {@code null} for the query of the user's own. */
	@Nullable SignalUnit unit() {
		return this.unit;
	}

}
