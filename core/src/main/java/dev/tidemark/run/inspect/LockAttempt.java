package dev.tidemark.run.inspect;

import java.time.Instant;

import dev.tidemark.run.LockWait;

/**
 * An attempt of a migration that did not get its lock.
 *
 * @param failedAt when it was rolled back
 * @param lockWait which attempt it was, who was in the way, and how long until the next
 * one
 * @since 0.1.0
 */
public record LockAttempt(Instant failedAt, LockWait lockWait) {

	/**
	 * Returns when the next attempt was due.
	 * @return the time
	 */
	public Instant nextAt() {
		return this.failedAt.plus(this.lockWait.pause());
	}

}
