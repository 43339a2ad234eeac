package dev.tidemark.run.inspect;

import java.util.Locale;

import dev.tidemark.history.MigrationState;

/**
 * What the states of migrations come to for somebody who looks at many of them.
 *
 * @since 0.1.0
 */
public enum Group {

	/** In the database. */
	APPLIED,

	/** Has yet to run. */
	PENDING,

	/** Runs now. */
	RUNNING,

	/** Runs after the start, and has not been done yet. */
	WAITING,

	/** Does not run here on purpose. */
	PASSED_OVER,

	/** Neither as the files nor as the history alone say. */
	DEVIATING;

	/**
	 * Returns the group of a state.
	 * @param state the state
	 * @return the group
	 */
	public static Group of(MigrationState state) {
		return switch (state) {
			case APPLIED, BASELINE, ADOPTED -> APPLIED;
			case PENDING -> PENDING;
			case RUNNING -> RUNNING;
			case WAITING -> WAITING;
			case SKIPPED, SUPERSEDED -> PASSED_OVER;
			case FAILED, INTERRUPTED, UNDONE, OUT_OF_ORDER, CHANGED, MISSING, AHEAD, UNKNOWN -> DEVIATING;
		};
	}

	/** Returns the name in small letters, such as {@code passed-over}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
