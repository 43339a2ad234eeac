package dev.tidemark.plan;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Migration;

/**
 * Says what is wrong with the file of a version that was applied as another one.
 *
 * @param migration the file as it is now
 * @param entry what was applied
 * @param tolerated whether that stops no run
 */
record ChangedFile(Migration migration, HistoryEntry entry, boolean tolerated) {

	/**
	 * Tells whether a file is named as one of another phase than it was. A name that is
	 * the same had no such meaning to the version of Tidemark that has run it.
	 */
	static boolean isOfAnotherPhase(Migration migration, HistoryEntry entry) {
		return entry.phase() != migration.phase() && migration.identity().isVersioned()
				&& !fileName(entry.script()).equals(fileName(migration.script()));
	}

	private static String fileName(String script) {
		return script.substring(script.lastIndexOf('/') + 1);
	}

	/** Its text is another one. */
	Problem text() {
		boolean code = this.migration.code() != null;
		Checksum checksum = this.migration.checksum();
		return problem(
				(code ? "The code" : "The file") + " was changed after it had been applied: the history has "
						+ this.entry.checksum() + ", this build has " + ((checksum != null) ? checksum : "none") + ".",
				(code ? "Return the checksum" : "Restore the text")
						+ " that was applied, and put the change into a new migration.");
	}

	/** Its name says another phase. */
	Problem phase() {
		return problem(
				"The file is one of the phase " + this.migration.phase() + " by its name, and was applied as one of the"
						+ " phase " + this.entry.phase() + ": elsewhere it would run at another time than here.",
				"Name it again as it was called then, " + fileName(this.entry.script())
						+ "; what is left to do belongs into a new migration.");
	}

	private Problem problem(String what, String remedy) {
		Place place = Place.file(this.migration.script());
		return this.tolerated ? Problem.warning(ErrorCode.CHANGED, place, what, remedy)
				: Problem.error(ErrorCode.CHANGED, place, what, remedy);
	}

}
