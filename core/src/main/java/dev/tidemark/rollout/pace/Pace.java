package dev.tidemark.rollout.pace;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.backfill.PaceLimits;
import dev.tidemark.migration.backfill.Windows;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading.Verdict;

/**
 * How long a backfill rests after a batch, and when it does not work at all. While nobody
 * else is active and no limit is reached, it does not rest.
 * <p>
 * Not thread-safe: whoever runs batches has one of its own, and all who work on a
 * backfill share its rows and bytes a second.
 *
 * @since 0.1.0
 */
public final class Pace {

	/** What a slow signal makes of the share of the time that it works. */
	private static final double SLOW = 0.5;

	private static final double WEIGHT = 0.4;

	/** For how much time a batch may use up rows and bytes, so that no burst is long. */
	private static final double BURST_SECONDS = 0.2;

	private static final int MINUTES_TO_LOOK_AHEAD = 8 * 24 * 60;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm VV");

	private final int workers;

	private PaceLimits limits;

	private double rowsPerKey = 1;

	private double bytesPerKey;

	/**
	 * Begins without any batch.
	 * @param limits how fast the backfill goes
	 * @param workers how many run batches of it at once
	 */
	public Pace(PaceLimits limits, int workers) {
		this.limits = limits;
		this.workers = workers;
	}

	/**
	 * Sets other limits, from the next batch on.
	 * @param limits how fast the backfill goes
	 */
	public void limits(PaceLimits limits) {
		this.limits = limits;
	}

	/**
	 * Return how many keys a batch has at most so that rows and bytes a second come
	 * evenly.
	 * @param size how many keys it would have otherwise
	 * @return the number, at least 1
	 */
	public int most(int size) {
		double most = size;
		if (this.limits.maxRowsPerSecond() > 0 && this.rowsPerKey > 0) {
			most = Math.min(most, share(this.limits.maxRowsPerSecond()) * BURST_SECONDS / this.rowsPerKey);
		}
		if (this.limits.maxWalPerSecond() > 0 && this.bytesPerKey > 0) {
			most = Math.min(most, share(this.limits.maxWalPerSecond()) * BURST_SECONDS / this.bytesPerKey);
		}
		return (int) Math.max(1, most);
	}

	/**
	 * Return how long to rest after a batch. Who rests longer, for whatever reason, has
	 * nothing to make up for.
	 * @param batch the batch
	 * @param state what the throttle saw before it
	 * @return the time, zero to go on at once
	 */
	public Duration pauseAfter(BatchInfo batch, ThrottleState state) {
		if (batch.keys() > 0) {
			this.rowsPerKey = average(this.rowsPerKey, (double) batch.rows() / batch.keys());
			this.bytesPerKey = (this.bytesPerKey > 0)
					? average(this.bytesPerKey, (double) Math.max(0, batch.walBytes()) / batch.keys())
					: (double) Math.max(0, batch.walBytes()) / batch.keys();
		}
		double took = batch.took().toNanos() / 1e9;
		double whole = took / duty(state);
		if (this.limits.maxRowsPerSecond() > 0) {
			whole = Math.max(whole, batch.rows() / share(this.limits.maxRowsPerSecond()));
		}
		if (this.limits.maxWalPerSecond() > 0) {
			whole = Math.max(whole, batch.walBytes() / share(this.limits.maxWalPerSecond()));
		}
		return Duration.ofNanos((long) ((whole - took) * 1e9));
	}

	private double duty(ThrottleState state) {
		double duty = state.othersActive() ? this.limits.duty() : 1;
		return (state.verdict() == Verdict.GO) ? duty : duty * SLOW;
	}

	private double share(long perSecond) {
		return (double) perSecond / this.workers;
	}

	private static double average(double before, double last) {
		return (1 - WEIGHT) * before + WEIGHT * last;
	}

	/**
	 * Return why a backfill does not work now.
	 * @param now the time
	 * @param zone where its windows are that name no zone
	 * @param lastStart when an instance has started last, or {@code null} if that is not
	 * known
	 * @return the reason in words, empty if it may work
	 */
	public Optional<String> closed(Instant now, ZoneId zone, @Nullable Instant lastStart) {
		ZonedDateTime time = now.atZone(zone);
		if (!this.limits.windows().contain(time)) {
			return Optional.of("outside of its windows" + opening(this.limits.windows(), time));
		}
		if (lastStart != null && now.isBefore(lastStart.plus(this.limits.rolloutPause()))) {
			return Optional.of("an instance has started at " + words(lastStart.atZone(zone))
					+ ", and it rests for a roll-out until "
					+ words(lastStart.plus(this.limits.rolloutPause()).atZone(zone)));
		}
		return Optional.empty();
	}

	/** Whoever waits wants to know until when. */
	private static String opening(Windows windows, ZonedDateTime time) {
		ZonedDateTime minute = time.truncatedTo(ChronoUnit.MINUTES);
		for (int i = 0; i < MINUTES_TO_LOOK_AHEAD; i++) {
			minute = minute.plusMinutes(1);
			if (windows.contain(minute)) {
				return ", the next of which begins at " + words(minute);
			}
		}
		return "";
	}

	private static String words(ZonedDateTime time) {
		return TIME.format(time);
	}

}
