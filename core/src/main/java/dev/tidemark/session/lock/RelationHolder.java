package dev.tidemark.session.lock;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.watch.Blocker;

/**
 * A session that holds a lock on a relation, or queues for one, and is in the way of
 * whoever wants another lock on it.
 *
 * @param session the session, as far as it may be seen
 * @param transaction its virtual transaction, by which it is known again
 * @param wanted the lock that it is in the way of
 * @param kind what kind of session it is
 * @param age how long it may have been in the way at the most, or {@code null} if that is
 * not known
 * @since 0.1.0
 */
public record RelationHolder(Blocker session, String transaction, RelationLock wanted, Kind kind,
		@Nullable Duration age) {

	/**
	 * What kind of session is in the way.
	 *
	 * @since 0.1.0
	 */
	public enum Kind {

		/** A client, or a prepared transaction. */
		CLIENT,

		/** An autovacuum, which gives way to whoever waits for long enough. */
		AUTOVACUUM,

		/** An autovacuum against the wraparound of transaction ids: it gives no way. */
		WRAPAROUND_VACUUM

	}

	/**
	 * Return whether it has been in the way for longer than a time, or that is not known.
	 * @param time the time
	 * @return {@code false} if it is known to have come later
	 */
	public boolean isOlderThan(Duration time) {
		return this.age == null || this.age.compareTo(time) > 0;
	}

}
