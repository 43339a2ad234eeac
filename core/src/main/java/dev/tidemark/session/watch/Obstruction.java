package dev.tidemark.session.watch;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What was seen in the way of a statement.
 *
 * @param lock the lock that it waited for, or {@code null} if that was not seen
 * @param blockers the sessions that have it, as far as they were seen
 * @since 0.1.0
 */
public record Obstruction(@Nullable AwaitedLock lock, List<Blocker> blockers) {

	public static final Obstruction UNSEEN = new Obstruction(null, List.of());

	public Obstruction {
		blockers = List.copyOf(blockers);
	}

	public boolean isSeen() {
		return this.lock != null || !this.blockers.isEmpty();
	}

	/**
	 * Returns who is in the way, and of what: the lock is the one that is wanted, and
	 * those in the way may hold a weaker one.
	 */
	@Override
	public String toString() {
		if (!isSeen()) {
			return "sessions that were not looked for: the wait was over before the first look";
		}
		String wanted = (this.lock != null) ? this.lock + " is blocked by " : "";
		return wanted + (this.blockers.isEmpty() ? "sessions that were gone before they could be seen"
				: inWords(this.blockers) + SessionWords.toSeeMore(this.blockers.stream().map(Blocker::grant)));
	}

	static String inWords(List<Blocker> blockers) {
		return blockers.stream().map(Blocker::toString).collect(Collectors.joining(" and "));
	}

}
