package dev.tidemark.session.lock;

/**
 * What an instance does that only one of them may do at a time.
 *
 * @since 0.1.0
 */
public enum LockPurpose {

	/** It runs migrations. */
	MIGRATION("tidemark ", "migrates", "migrating"),

	/** It works on backfills. */
	BACKFILL("tidemark backfills ", "works on backfills", "working on backfills");

	private final String prefix;

	private final String does;

	private final String doing;

	/**
	 * Makes a purpose.
	 * @param prefix what the texts begin with that keys are made of; no other purpose may
	 * have the same
	 * @param does what whoever holds the lock does, as a verb
	 * @param doing the same as a participle
	 */
	LockPurpose(String prefix, String does, String doing) {
		this.prefix = prefix;
		this.does = does;
		this.doing = doing;
	}

	String prefix() {
		return this.prefix;
	}

	String does() {
		return this.does;
	}

	String doing() {
		return this.doing;
	}

}
