package dev.tidemark.plan;

import java.util.List;
import java.util.Optional;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.NewerRecord;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.step.Step;

/**
 * What a newer version of Tidemark has recorded in words that this one does not know. It
 * does not run here, and is no reason to stop an older build; but where nobody can tell
 * whether a version is done, none runs behind it.
 */
final class UnknownRuns {

	private static final String REMEDY = "Migrate with the version of Tidemark that wrote the row, or a newer one; if"
			+ " somebody edited it, restore its value.";

	private UnknownRuns() {
	}

	/** Returns why a migration is in the state {@code unknown}. */
	static String reason(NewerRecord newer) {
		return "a newer version of Tidemark has recorded it with " + newer.words();
	}

	/**
	 * Tells of all of them at once.
	 * @param entries the migrations as file and history see them
	 * @param steps what is to run
	 */
	static Optional<Problem> problem(List<PlanEntry> entries, List<Step> steps) {
		List<HistoryEntry> unknown = entries.stream()
			.map(PlanEntry::history)
			.filter((entry) -> entry != null && entry.newer() != null)
			.toList();
		if (unknown.isEmpty()) {
			return Optional.empty();
		}
		List<HistoryEntry> inTheWay = unknown.stream().filter(UnknownRuns::isInTheWay).toList();
		return steps.stream()
			.map(Step::migration)
			.filter((migration) -> migration.identity().version() != null)
			.findFirst()
			.filter((migration) -> !inTheWay.isEmpty())
			.map((migration) -> Problem.error(ErrorCode.HISTORY_UNKNOWN, Place.file(inTheWay.get(0).script()),
					told(inTheWay) + " Nobody here can tell whether it is done, so no version runs behind it; "
							+ migration.identity().inWords() + " would.",
					REMEDY))
			.or(() -> Optional.of(Problem.warning(ErrorCode.HISTORY_UNKNOWN, Place.file(unknown.get(0).script()),
					told(unknown) + " It does not run here.",
					"Nothing, while a newer version of Tidemark is rolled out or back. " + REMEDY)));
	}

	/** No undo takes back what comes before something that nobody here knows. */
	static List<Problem> beforeUndo(History history) {
		List<HistoryEntry> unknown = history.last()
			.stream()
			.filter((entry) -> entry.newer() != null && entry.identity().version() != null)
			.toList();
		return unknown.isEmpty() ? List.of()
				: List.of(Problem.error(ErrorCode.HISTORY_UNKNOWN, Place.file(unknown.get(0).script()),
						told(unknown) + " Nobody here can tell what has to be undone with it.", REMEDY));
	}

	/** Neither a backfill nor a contract holds up what comes behind it. */
	private static boolean isInTheWay(HistoryEntry entry) {
		return entry.isUnclear() && entry.phase() == Phase.EXPAND && entry.identity().version() != null;
	}

	private static String told(List<HistoryEntry> unknown) {
		HistoryEntry first = unknown.get(0);
		NewerRecord newer = first.newer();
		int more = unknown.size() - 1;
		return "The row with rank " + first.rank() + " of the history has " + ((newer != null) ? newer.words() : "")
				+ " for " + first.identity().inWords()
				+ ((more > 0) ? ", and " + more + " more " + ((more == 1) ? "row has" : "rows have") + " the like" : "")
				+ ": this version of Tidemark does not know that.";
	}

}
