package dev.tidemark.run;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

import dev.tidemark.error.Place;
import dev.tidemark.migration.Identity;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.session.watch.Obstruction;

/**
 * An attempt that did not get a lock in time, and will be made again.
 *
 * @param migration the migration
 * @param attempt which attempt it was, from 1
 * @param where the statement that waited for it, or {@code null} if that is not known
 * @param lock the lock, or {@code null} if it was not seen
 * @param blockers the sessions that were in the way, as far as they were seen
 * @param pause how long until the next attempt
 * @since 0.1.0
 */
public record LockWait(Identity migration, int attempt, @Nullable Place where, @Nullable AwaitedLock lock,
		List<Blocker> blockers, Duration pause) {

	private static final int CONSPICUOUS = 3;

	/** Copies the list. */
	public LockWait {
		blockers = List.copyOf(blockers);
	}

	/** Returns the event in words. */
	@Override
	public String toString() {
		return inWords(this.attempt, this.migration.inWords(), this.where, this.lock, this.blockers, this.pause);
	}

	/** Two are nothing special; from then on somebody should look who is in the way. */
	public static Level level(int attempt) {
		return (attempt < CONSPICUOUS) ? Level.INFO : Level.WARN;
	}

	/** Puts into words that something did not get its lock. */
	public static String inWords(int attempt, String what, @Nullable Place where, @Nullable AwaitedLock lock,
			List<Blocker> blockers, Duration pause) {
		return "Attempt " + attempt + " of " + what + " did not get its lock in time and was rolled back"
				+ ((where != null) ? ", at " + where : "") + "; in the way: " + new Obstruction(lock, blockers)
				+ "; next attempt in " + pause.toMillis() + " ms";
	}

}
