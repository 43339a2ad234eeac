package dev.tidemark.plan;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Severity;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;

/**
 * Says what stands in the way when a run, or an undo, has ended half-way.
 */
final class HalfDone {

	static final String RETRY = " or retry (what is recorded as done is done, and nothing else)";

	private HalfDone() {
	}

	/**
	 * Says that a run cannot go on by itself.
	 * @param entry what it has left
	 * @param reason why it cannot
	 * @param retry the third way to decide, or an empty text if there are two
	 */
	static Problem run(HistoryEntry entry, String reason, String retry) {
		return problem(entry, "The last run of " + entry.identity().inWords(), reason, decide(entry, "its", retry));
	}

	/** Says that an undo cannot go on by itself. */
	static Problem undo(HistoryEntry entry, String reason, String retry) {
		return problem(entry, "The undo of " + entry.identity().inWords(), reason,
				decide(entry, "the migration's", retry));
	}

	/** Says that an undo has to come to its end before anything else runs. */
	static Problem undo(HistoryEntry entry) {
		return problem(entry, "The undo of " + entry.identity().inWords(), "It has to come to its end first.",
				"Let it go on: start once with tidemark.mode=undo and tidemark.undo.to set to the version below. Or l"
						+ decide(entry, "the migration's", RETRY).substring(1));
	}

	private static String decide(HistoryEntry entry, String whose, String retry) {
		return "Look at the database, decide, and start once with tidemark.resolve.migration="
				+ entry.identity().typed() + " tidemark.resolve.rank=" + entry.rank()
				+ " and tidemark.resolve.as=applied (" + whose
				+ " whole effect is there) or undone (nothing of it is there)" + retry + ".";
	}

	private static Problem problem(HistoryEntry entry, String what, String reason, String remedy) {
		boolean failed = entry.state() == MigrationState.FAILED;
		return new Problem(failed ? ErrorCode.FAILED : ErrorCode.INTERRUPTED, Severity.ERROR,
				what + (failed ? " failed half-way. " : " was interrupted. ") + reason, Place.file(entry.script()),
				null, entry.statementsDone() + " of " + entry.statementsTotal()
						+ " statements are recorded as done; the one after them may be done in part.",
				remedy);
	}

}
