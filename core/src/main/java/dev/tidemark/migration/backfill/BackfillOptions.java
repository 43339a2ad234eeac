package dev.tidemark.migration.backfill;

import java.util.Map;

/**
 * How a backfill goes about its work. What its file says counts before what the settings
 * say.
 *
 * @param batch how large a batch may be
 * @param pace how fast it goes
 * @param failure what happens when a batch fails
 * @param workers how many batches run at once, over ranges of their own
 * @param reads whether an instance may serve before it is finished
 * @param manual whether it begins only when a person says so
 * @since 0.1.0
 */
public record BackfillOptions(BatchLimits batch, PaceLimits pace, FailurePolicy failure, int workers, Reads reads,
		boolean manual) {

	/** What holds if nothing is set. */
	public static final BackfillOptions DEFAULT = new BackfillOptions(BatchLimits.DEFAULT, PaceLimits.DEFAULT,
			FailurePolicy.DEFAULT, 1, Reads.READY, false);

	/**
	 * Return these options but for some. What is above its bound becomes that, as a
	 * target under load the one without, where not both of them are said.
	 * @param said the values of options as they are written
	 * @return the options
	 * @throws UnusableOptionException if a value cannot be used, or two of them
	 * contradict each other
	 */
	public BackfillOptions with(Map<BackfillOption, String> said) {
		BackfillOptions options = this;
		for (Map.Entry<BackfillOption, String> option : said.entrySet()) {
			options = option.getKey().set(options, option.getValue());
		}
		return options.with(options.batch.bounded(
				said.containsKey(BackfillOption.SIZE) && said.containsKey(BackfillOption.MAX_SIZE),
				said.containsKey(BackfillOption.TARGET) && said.containsKey(BackfillOption.TARGET_UNDER_LOAD)));
	}

	/**
	 * Return these options if files could say them.
	 * @return the same options
	 * @throws UnusableOptionException if one is out of its bounds
	 */
	public BackfillOptions checked() {
		for (BackfillOption option : BackfillOption.values()) {
			option.set(this, option.valueIn(this));
		}
		this.batch.bounded(true, true);
		return this;
	}

	BackfillOptions with(BatchLimits batch) {
		return new BackfillOptions(batch, this.pace, this.failure, this.workers, this.reads, this.manual);
	}

	BackfillOptions with(PaceLimits pace) {
		return new BackfillOptions(this.batch, pace, this.failure, this.workers, this.reads, this.manual);
	}

	BackfillOptions with(FailurePolicy failure) {
		return new BackfillOptions(this.batch, this.pace, failure, this.workers, this.reads, this.manual);
	}

	BackfillOptions with(Reads reads) {
		return new BackfillOptions(this.batch, this.pace, this.failure, this.workers, reads, this.manual);
	}

	BackfillOptions withWorkers(int workers) {
		return new BackfillOptions(this.batch, this.pace, this.failure, workers, this.reads, this.manual);
	}

	BackfillOptions withManual(boolean manual) {
		return new BackfillOptions(this.batch, this.pace, this.failure, this.workers, this.reads, manual);
	}

}
