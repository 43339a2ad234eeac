package dev.tidemark.plan;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.MigrationVersion;

/**
 * Which migrations to undo. Whatever is selected is undone in the reverse order in which
 * it was applied. Repeatables are never undone.
 */
public sealed interface UndoSelection {

	/**
	 * Selects the migration that was applied last. Asked for twice, it undoes two.
	 * @return the selection
	 */
	static UndoSelection last() {
		return new Last(1, null);
	}

	/**
	 * Selects the migrations that were applied last. Asked for twice, it undoes twice as
	 * many.
	 * @param count how many, from 1
	 * @return the selection
	 */
	static UndoSelection last(int count) {
		return new Last(count, null);
	}

	/**
	 * Selects the migrations that were applied last, as long as a certain one is the very
	 * last. Asked for twice, it undoes nothing the second time.
	 * @param count how many, from 1
	 * @param from the version that was applied last; if it was another one, nothing is
	 * undone
	 * @return the selection
	 */
	static UndoSelection last(int count, MigrationVersion from) {
		return new Last(count, from);
	}

	/**
	 * Selects everything above a version.
	 * @param version the version that stays as the newest one; 0 if none shall stay
	 * @return the selection
	 */
	static UndoSelection to(MigrationVersion version) {
		return new To(version);
	}

	/**
	 * Selects what one run has applied.
	 * @param id the deployment id of its history rows
	 * @return the selection
	 */
	static UndoSelection deployment(String id) {
		return new Deployment(id);
	}

	/**
	 * The migrations that were applied last.
	 *
	 * @param count how many
	 * @param from which one has to be the very last, or {@code null} for any
	 */
	record Last(int count, @Nullable MigrationVersion from) implements UndoSelection {

		/**
		 * Checks the number.
		 * @throws IllegalArgumentException if it is less than 1
		 */
		public Last {
			if (count < 1) {
				throw new IllegalArgumentException("'count' must be 1 or more");
			}
		}

	}

	/**
	 * Everything above a version.
	 *
	 * @param version the version that stays
	 */
	record To(MigrationVersion version) implements UndoSelection {
	}

	/**
	 * What one run has applied.
	 *
	 * @param id the deployment id of its history rows
	 */
	record Deployment(String id) implements UndoSelection {
	}

}
