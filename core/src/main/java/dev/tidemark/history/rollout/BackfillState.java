package dev.tidemark.history.rollout;

import java.util.Locale;

/**
 * The state of a backfill, as the database has it.
 *
 * @since 0.1.0
 */
public enum BackfillState {

	/** It has not begun. Not recorded. */
	WAITING,

	/** It is being worked on, or will be as soon as somebody works. */
	RUNNING,

	/** A person has paused it. */
	PAUSED,

	/** All rows are moved, and the verification goes on or has yet to begin. */
	VERIFYING,

	/** All rows are moved, and some do not satisfy the verification. */
	UNVERIFIED,

	/** It ended with an error. */
	FAILED,

	/** A person has cancelled it. */
	CANCELLED,

	/** All rows are moved and verified. */
	FINISHED;

	/**
	 * Return whether somebody works on it, or will as soon as an instance can.
	 * @return {@code true} while rows are moved or verified
	 */
	public boolean isGoing() {
		return this == RUNNING || this == VERIFYING;
	}

	/** Returns the word that the table, the endpoint and the docs use. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
