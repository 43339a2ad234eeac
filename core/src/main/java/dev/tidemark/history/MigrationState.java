package dev.tidemark.history;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a migration. Some states are recorded in the history, the others are found
 * by comparing the history with the files; each has one meaning.
 *
 * @since 0.1.0
 */
public enum MigrationState {

	/** It will run with the next run that reaches it. */
	PENDING,

	/** An instance is running it now. Recorded before its first statement. */
	RUNNING,

	/** It ran to its end. Recorded. */
	APPLIED,

	/** Its last run failed. Recorded. */
	FAILED,

	/** The instance that ran it is gone, and its work is done in part. */
	INTERRUPTED,

	/** It ran and was undone. Recorded. */
	UNDONE,

	/**
	 * It is part of what an existing database held at its baseline. The one row that says
	 * so is recorded.
	 */
	BASELINE,

	/** Another tool ran it. Recorded. Reserved: no migration is in this state yet. */
	ADOPTED,

	/**
	 * A backfill or contract that does not run with the start, and waits for its time.
	 */
	WAITING,

	/** It is pending, but below the newest applied expand version. */
	OUT_OF_ORDER,

	/** It is applied, but the file has another checksum now. */
	CHANGED,

	/** It is applied, but the file is gone. */
	MISSING,

	/** A newer build applied it; this build does not know it. */
	AHEAD,

	/**
	 * Another file stands for it: a baseline file for the versions up to its own, or the
	 * versions for a baseline file that a database with a history does not need.
	 */
	SUPERSEDED,

	/**
	 * It was passed over on purpose. Recorded if a setting names it; not if its file says
	 * that it is not for this environment.
	 */
	SKIPPED,

	/**
	 * A newer version has recorded it in words that this one does not know. It never runs
	 * here.
	 */
	UNKNOWN;

	private static final Set<MigrationState> RECORDED = EnumSet.of(RUNNING, APPLIED, FAILED, INTERRUPTED, UNDONE,
			BASELINE, ADOPTED, SKIPPED);

	private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * Returns the state that a row of the history is in, if it is one of those that are
	 * recorded.
	 */
	static Optional<MigrationState> recorded(String text) {
		return RECORDED.stream().filter((state) -> state.text.equals(text)).findFirst();
	}

	/**
	 * Tells whether the effects of the migration are in the database as a whole.
	 * @return {@code true} for applied, baseline and adopted
	 */
	public boolean isDone() {
		return this == APPLIED || this == BASELINE || this == ADOPTED;
	}

	/**
	 * Return whether the effects are there without a run of the file.
	 * @return {@code true} for baseline and adopted
	 */
	public boolean isWithoutRun() {
		return this == BASELINE || this == ADOPTED;
	}

	/**
	 * Returns the name that the history, the endpoint and the documentation use, such as
	 * {@code out-of-order}.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
