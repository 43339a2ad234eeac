package dev.tidemark.autoconfigure.properties;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.rollout.BackfillScope;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * How backfills go about their work, as far as their files do not say it. The engine
 * reads the values, as it reads those of the files.
 *
 * @param enabled Whether this application works on backfills. If not, other instances do,
 * and it still waits for those that it reads.
 * @param jobScope Which backfills the mode "migrate-and-exit" runs to their end.
 * @param reads Whether an instance may serve before a backfill is finished. Defaults to
 * "ready", and to "fail" in processes without a readiness probe.
 * @param start Whether a backfill begins by itself.
 * @param workers How many batches of a backfill run at once, over ranges of their own;
 * each needs a connection.
 * @param size How many keys the first batch has; those behind it follow the target.
 * @param maxSize How many keys a batch has at most.
 * @param target Time that a batch should take while nobody else writes to the table.
 * @param targetUnderLoad Time that a batch should take while other sessions write to the
 * table.
 * @param duty Share of the time that a backfill works while other sessions are active, up
 * to 1.
 * @param maxRowsPerSecond How many rows a backfill changes in a second at most, or
 * "unlimited".
 * @param maxWalPerSecond How much write-ahead log a backfill makes in a second at most,
 * such as 8MB, or "unlimited".
 * @param windows When backfills may work, such as "22:00-06:00 Europe/Berlin", or
 * "always".
 * @param rolloutPause Time that backfills rest after an instance has started.
 * @param attempts How often a batch is tried before the backfill fails.
 * @param onBadRow What happens when it comes down to one row that cannot be moved.
 * @param maxBadRows How many rows may be left out before a backfill fails all the same.
 * @param throttle Thresholds of the signals that slow a backfill down or stop it, by
 * their names; "off" for a signal that counts for nothing.
 * @since 0.1.0
 */
public record BackfillProperties(Boolean enabled, BackfillScope jobScope, @Nullable String reads,
		@Nullable String start, @Nullable String workers, @Nullable String size, @Nullable String maxSize,
		@Nullable String target, @Nullable String targetUnderLoad, @Nullable String duty,
		@Nullable String maxRowsPerSecond, @Nullable String maxWalPerSecond, @Nullable String windows,
		@Nullable String rolloutPause, @Nullable String attempts, @Nullable String onBadRow,
		@Nullable String maxBadRows, Map<String, String> throttle) {

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public BackfillProperties {
		enabled = orElse(enabled, true);
		jobScope = orElse(jobScope, BackfillScope.REQUIRED);
		throttle = Collections.unmodifiableMap(new LinkedHashMap<>(orElse(throttle, Map.of())));
	}

	/**
	 * Returns the options that are set.
	 * @return their values by the words that files use for them
	 */
	public Map<String, String> options() {
		Map<String, String> options = new LinkedHashMap<>();
		put(options, "reads", this.reads);
		put(options, "start", this.start);
		put(options, "workers", this.workers);
		put(options, "size", this.size);
		put(options, "max-size", this.maxSize);
		put(options, "target", this.target);
		put(options, "target-under-load", this.targetUnderLoad);
		put(options, "duty", this.duty);
		put(options, "max-rows-per-second", this.maxRowsPerSecond);
		put(options, "max-wal-per-second", this.maxWalPerSecond);
		put(options, "windows", this.windows);
		put(options, "rollout-pause", this.rolloutPause);
		put(options, "attempts", this.attempts);
		put(options, "on-bad-row", this.onBadRow);
		put(options, "max-bad-rows", this.maxBadRows);
		return options;
	}

	private static void put(Map<String, String> options, String word, @Nullable String value) {
		String said = textOrNull(value);
		if (said != null) {
			options.put(word, said);
		}
	}

}
