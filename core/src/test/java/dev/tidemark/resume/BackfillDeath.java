package dev.tidemark.resume;

/**
 * What dies while a backfill is at work, or comes between.
 */
enum BackfillDeath {

	/** The session of a batch. */
	BATCH,

	/** The session that holds the lease. */
	LEASE,

	/** All sessions of the instance. */
	SESSIONS,

	/** Batches are cancelled. */
	CANCEL,

	/** The connections of the instance are cut, and the server does not know. */
	CUT,

	/** Rows are locked for longer than a batch waits. */
	LOCKS,

	/** The instance is asked to stop. */
	STOP,

	/** SIGKILL to the JVM. */
	JVM,

	/** An immediate stop of the server. */
	SERVER,

	/** Three instances, and whichever has the lease loses it. */
	RACE,

	/** The JVM stands still, and goes on when another one has the lease. */
	FROZEN,

	/** The primary is killed, and its standby takes over. */
	PROMOTED;

	boolean isOfServer() {
		return this == SERVER || this == PROMOTED;
	}

}
