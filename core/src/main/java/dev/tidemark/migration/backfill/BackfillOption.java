package dev.tidemark.migration.backfill;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An option of backfills: a directive at the head of their files, and a setting that
 * holds for all files that do not say it.
 *
 * @since 0.1.0
 */
public enum BackfillOption {

	/** Whether an instance may serve before the backfill is finished. */
	READS("reads", OptionKind.WORD, "later",
			"Whether an instance of the build that has the file may serve before it is finished: ready waits, fail ends"
					+ " the start, now does not care, later leaves it to a build that requires the version."),

	/** Whether it begins by itself. */
	START("start", OptionKind.WORD, "manual",
			"Whether it begins by itself, auto, or only when a person says so, manual."),

	/** How many batches run at once. */
	WORKERS("workers", OptionKind.COUNT, "4",
			"How many batches run at once, over ranges of their own; each needs a connection."),

	/** How many keys the first batch has. */
	SIZE("size", OptionKind.COUNT, "1000", "How many keys the first batch has; those behind it follow the target."),

	/** How many keys a batch has at most. */
	MAX_SIZE("max-size", OptionKind.COUNT, "10000", "How many keys a batch has at most."),

	/** How long a batch should take. */
	TARGET("target", OptionKind.DURATION, "1s",
			"How long a batch should take while nobody else writes to the table; it is ended after four times that."),

	/** How long a batch should take while others write. */
	TARGET_UNDER_LOAD("target-under-load", OptionKind.DURATION, "50ms",
			"How long a batch should take while other sessions write to the table."),

	/** The share of the time that it works. */
	DUTY("duty", OptionKind.SHARE, "0.25",
			"The share of the time that it works while other sessions are active; it works all the time when none is."),

	/** How many rows it changes in a second. */
	MAX_ROWS_PER_SECOND("max-rows-per-second", OptionKind.RATE, "5000",
			"How many rows it changes in a second at most."),

	/** How many bytes of log it makes in a second. */
	MAX_WAL_PER_SECOND("max-wal-per-second", OptionKind.SIZE, "8MB",
			"How much write-ahead log it makes in a second at most."),

	/** When it may work. */
	WINDOWS("windows", OptionKind.WINDOWS, "22:00-06:00 Europe/Berlin",
			"When it may work: times of the day, several with commas, days before the time, a time zone at the end."),

	/** For how long it rests after an instance has started. */
	ROLLOUT_PAUSE("rollout-pause", OptionKind.DURATION, "10m",
			"For how long it rests after an instance has started, so that it does not work while a roll-out goes on."),

	/** How often a batch is tried. */
	ATTEMPTS("attempts", OptionKind.COUNT, "3", "How often a batch is tried before the backfill fails."),

	/** What happens to a row that cannot be moved. */
	ON_BAD_ROW("on-bad-row", OptionKind.WORD, "skip",
			"What happens when it comes down to one row that cannot be moved: stop names it and fails, skip leaves it as it"
					+ " is and counts it."),

	/** How many rows may be left out. */
	MAX_BAD_ROWS("max-bad-rows", OptionKind.COUNT, "10",
			"How many rows may be left out by on-bad-row=skip before the backfill fails all the same.");

	private static final int MOST_KEYS = 1_000_000;

	private static final int MOST_WORKERS = 64;

	private static final int MOST_ATTEMPTS = 100;

	private static final int MOST_BAD_ROWS = 1_000_000;

	private static final long MOST_ROWS_PER_SECOND = 1_000_000_000;

	private static final long LEAST_WAL = 1 << 13;

	private static final long MOST_WAL = 1L << 40;

	private static final double LEAST_DUTY = 0.01;

	private static final Duration SHORTEST_TARGET = Duration.ofMillis(10);

	private static final Duration LONGEST_TARGET = Duration.ofMinutes(1);

	private static final Duration LONGEST_PAUSE = Duration.ofDays(7);

	private final String word;

	private final OptionKind kind;

	private final String example;

	private final String meaning;

	BackfillOption(String word, OptionKind kind, String example, String meaning) {
		this.word = word;
		this.kind = kind;
		this.example = example;
		this.meaning = meaning;
	}

	/**
	 * Return the option of a word.
	 * @param word the word that files and settings use
	 * @return the option, or {@code null} if there is none
	 */
	public static @Nullable BackfillOption of(String word) {
		for (BackfillOption option : values()) {
			if (option.word.equals(word)) {
				return option;
			}
		}
		return null;
	}

	/**
	 * Return the words of all options.
	 * @return the words, in the order of the options
	 */
	public static List<String> words() {
		return Arrays.stream(values()).map(BackfillOption::toString).toList();
	}

	/**
	 * Return what the value is.
	 * @return the kind of value
	 */
	public OptionKind kind() {
		return this.kind;
	}

	/**
	 * Return a value that can be used, other than the default.
	 * @return the value as it is written
	 */
	public String example() {
		return this.example;
	}

	/**
	 * Return what the option means.
	 * @return a sentence
	 */
	public String meaning() {
		return this.meaning;
	}

	/**
	 * Return what holds if nothing is set.
	 * @return the value as it is written
	 */
	public String defaultValue() {
		return valueIn(BackfillOptions.DEFAULT);
	}

	/**
	 * Set the option.
	 * @param options what holds besides
	 * @param text the value as it is written
	 * @return the same options but for this one
	 * @throws UnusableOptionException if the value cannot be used
	 */
	public BackfillOptions set(BackfillOptions options, String text) {
		OptionValue value = new OptionValue(this.word, this.example, text);
		return switch (this) {
			case READS -> options.with(value.word(Reads.class));
			case START -> options.withManual(value.isFirst("manual", "auto"));
			case WORKERS -> options.withWorkers(value.count(1, MOST_WORKERS));
			case SIZE, MAX_SIZE, TARGET, TARGET_UNDER_LOAD -> options.with(set(options.batch(), value));
			case DUTY, MAX_ROWS_PER_SECOND, MAX_WAL_PER_SECOND, WINDOWS, ROLLOUT_PAUSE ->
				options.with(set(options.pace(), value));
			case ATTEMPTS, ON_BAD_ROW, MAX_BAD_ROWS -> options.with(set(options.failure(), value));
		};
	}

	private BatchLimits set(BatchLimits batch, OptionValue value) {
		return switch (this) {
			case SIZE ->
				new BatchLimits(value.count(1, MOST_KEYS), batch.most(), batch.target(), batch.targetUnderLoad());
			case MAX_SIZE ->
				new BatchLimits(batch.first(), value.count(1, MOST_KEYS), batch.target(), batch.targetUnderLoad());
			case TARGET -> new BatchLimits(batch.first(), batch.most(), value.duration(SHORTEST_TARGET, LONGEST_TARGET),
					batch.targetUnderLoad());
			default -> new BatchLimits(batch.first(), batch.most(), batch.target(),
					value.duration(SHORTEST_TARGET, LONGEST_TARGET));
		};
	}

	private PaceLimits set(PaceLimits pace, OptionValue value) {
		return switch (this) {
			case DUTY -> new PaceLimits(value.share(LEAST_DUTY), pace.maxRowsPerSecond(), pace.maxWalPerSecond(),
					pace.windows(), pace.rolloutPause());
			case MAX_ROWS_PER_SECOND -> new PaceLimits(pace.duty(), value.rate(MOST_ROWS_PER_SECOND),
					pace.maxWalPerSecond(), pace.windows(), pace.rolloutPause());
			case MAX_WAL_PER_SECOND -> new PaceLimits(pace.duty(), pace.maxRowsPerSecond(),
					value.bytes(LEAST_WAL, MOST_WAL), pace.windows(), pace.rolloutPause());
			case WINDOWS -> new PaceLimits(pace.duty(), pace.maxRowsPerSecond(), pace.maxWalPerSecond(),
					value.windows(), pace.rolloutPause());
			default -> new PaceLimits(pace.duty(), pace.maxRowsPerSecond(), pace.maxWalPerSecond(), pace.windows(),
					value.duration(Duration.ZERO, LONGEST_PAUSE));
		};
	}

	private FailurePolicy set(FailurePolicy failure, OptionValue value) {
		return switch (this) {
			case ATTEMPTS -> new FailurePolicy(value.count(1, MOST_ATTEMPTS), failure.onBadRow(), failure.maxBadRows());
			case ON_BAD_ROW -> new FailurePolicy(failure.attempts(), value.word(OnBadRow.class), failure.maxBadRows());
			default -> new FailurePolicy(failure.attempts(), failure.onBadRow(), value.count(0, MOST_BAD_ROWS));
		};
	}

	/**
	 * Return what the option is set to.
	 * @param options the options
	 * @return the value as it may be written
	 */
	public String valueIn(BackfillOptions options) {
		BatchLimits batch = options.batch();
		PaceLimits pace = options.pace();
		return switch (this) {
			case READS -> options.reads().toString();
			case START -> options.manual() ? "manual" : "auto";
			case WORKERS -> String.valueOf(options.workers());
			case SIZE -> String.valueOf(batch.first());
			case MAX_SIZE -> String.valueOf(batch.most());
			case TARGET -> OptionValue.time(batch.target());
			case TARGET_UNDER_LOAD -> OptionValue.time(batch.targetUnderLoad());
			case DUTY -> String.valueOf(pace.duty());
			case MAX_ROWS_PER_SECOND ->
				(pace.maxRowsPerSecond() == 0) ? OptionValue.UNLIMITED : String.valueOf(pace.maxRowsPerSecond());
			case MAX_WAL_PER_SECOND ->
				(pace.maxWalPerSecond() == 0) ? OptionValue.UNLIMITED : OptionValue.size(pace.maxWalPerSecond());
			case WINDOWS -> pace.windows().toString();
			case ROLLOUT_PAUSE -> OptionValue.time(pace.rolloutPause());
			case ATTEMPTS -> String.valueOf(options.failure().attempts());
			case ON_BAD_ROW -> options.failure().onBadRow().toString();
			case MAX_BAD_ROWS -> String.valueOf(options.failure().maxBadRows());
		};
	}

	/** Returns the word that files and settings use, such as {@code on-bad-row}. */
	@Override
	public String toString() {
		return this.word;
	}

}
