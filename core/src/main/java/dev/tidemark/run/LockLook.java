package dev.tidemark.run;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.Identity;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.session.watch.Obstruction;

/**
 * A look before a migration queues for its locks, which has shown somebody for whom it is
 * not worth to queue: as long as that is so, no attempt is made, and nobody has to wait
 * for the migration.
 *
 * @param migration the migration
 * @param lock a lock that it needs, or {@code null} if it is not known any more
 * @param blockers the sessions that are in the way of it
 * @param looked for how long that has been so
 * @param willing how long it would be worth to queue by now; zero for no limit
 * @since 0.1.0
 */
public record LockLook(Identity migration, @Nullable AwaitedLock lock, List<Blocker> blockers, Duration looked,
		Duration willing) {

	private static final Duration CONSPICUOUS = Duration.ofSeconds(5);

	/** Copies the list. */
	public LockLook {
		blockers = List.copyOf(blockers);
	}

	/** Returns the event in words. */
	@Override
	public String toString() {
		return inWords(this.migration.inWords(), this.lock, this.blockers, this.looked, this.willing);
	}

	/** Only what takes a while is worth a line among others. */
	public static Level level(Duration looked) {
		return (looked.compareTo(CONSPICUOUS) < 0) ? Level.DEBUG : Level.INFO;
	}

	/** Puts into words that something queues after it has not done so for a while. */
	public static String inWords(String what, Duration looked) {
		return "An attempt of " + what + " is made now, after " + looked.toMillis()
				+ " ms without one because of others in the way";
	}

	/** Puts into words that something does not queue yet. */
	public static String inWords(String what, @Nullable AwaitedLock lock, List<Blocker> blockers, Duration looked,
			Duration willing) {
		String made = (looked.toSeconds() > 0) ? " has been made for " + looked.toSeconds() + " s" : " is made";
		return "No attempt of " + what + made + ", since all would have to wait that queue behind it; one is made when"
				+ " nobody has been in the way for more than " + willing.toMillis() + " ms, or when four fifths of "
				+ SettingNames.name("locks.max-duration") + " are gone. In the way: " + new Obstruction(lock, blockers);
	}

}
