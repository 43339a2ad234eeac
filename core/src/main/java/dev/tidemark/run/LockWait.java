package dev.tidemark.run;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import dev.tidemark.source.Identity;

/**
 * An attempt that did not get a lock in time, and will be made again.
 *
 * @param migration the migration
 * @param attempt which attempt it was, from 1
 * @param blockers the sessions that were in the way, as far as they were seen
 * @param pause how long until the next attempt
 */
public record LockWait(Identity migration, int attempt, List<Blocker> blockers, Duration pause) {

	/** Copies the list. */
	public LockWait {
		blockers = List.copyOf(blockers);
	}

	static String describe(List<Blocker> blockers) {
		return blockers.isEmpty() ? "sessions that were gone before they could be seen"
				: blockers.stream().map(Blocker::toString).collect(Collectors.joining(" and "));
	}

	/** Returns the event in words. */
	@Override
	public String toString() {
		return "Attempt " + this.attempt + " of " + this.migration.inWords()
				+ " did not get its lock in time and was rolled back; in the way: " + describe(this.blockers)
				+ "; next attempt in " + this.pause.toMillis() + " ms";
	}

}
