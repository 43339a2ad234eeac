package dev.tidemark.run.settings;

import java.time.Duration;

/**
 * How long it is worth to queue for a lock, by the time that was spent looking for a
 * better moment: whoever queues makes all wait that come after it. It grows from 100 ms
 * to its ceiling within ten seconds, or a tenth of the budget if that is less.
 *
 * @param ceiling the longest time to queue; zero for no limit
 * @param budget how long to look and to try in all; zero for a single attempt
 * @since 0.1.0
 */
public record Willingness(Duration ceiling, Duration budget) {

	private static final Duration FIRST = Duration.ofMillis(100);

	private static final Duration SLOWEST_GROWTH = Duration.ofSeconds(10);

	/**
	 * Returns how long to queue.
	 * @param spent how long ago the first look was
	 * @return the time; zero for no limit
	 */
	public Duration after(Duration spent) {
		if (this.ceiling.compareTo(FIRST) <= 0 || isWhateverHappens(spent)) {
			return this.ceiling;
		}
		double grown = Math.min(1.0, (double) spent.toNanos() / growth().toNanos());
		return FIRST.plusNanos((long) (this.ceiling.minus(FIRST).toNanos() * grown));
	}

	private Duration growth() {
		Duration tenth = this.budget.dividedBy(10);
		return (tenth.compareTo(SLOWEST_GROWTH) < 0) ? tenth : SLOWEST_GROWTH;
	}

	/**
	 * Returns whether an attempt has to be made whoever is in the way: when four fifths
	 * of the budget are gone, or where one may queue without limit.
	 * @param spent how long ago the first look was
	 * @return {@code false} as long as a better moment is worth to wait for
	 */
	public boolean isWhateverHappens(Duration spent) {
		return this.ceiling.isZero() || spent.compareTo(this.budget.multipliedBy(4).dividedBy(5)) >= 0;
	}

}
