package dev.tidemark.plan;

import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.step.HalfDone;
import dev.tidemark.source.Sources;

/**
 * Judges what the history tells of migrations whose files this build does not have.
 *
 * @param sources the files
 * @param policy what a plan may contain
 * @param start what the database begins with
 * @param newer what a newer build has done
 * @param problems takes what is wrong
 */
record WithoutFile(Sources sources, PlanPolicy policy, StartingPoint start, NewerBuild newer, List<Problem> problems) {

	/** Returns the state of such a migration. */
	MigrationState state(HistoryEntry entry) {
		if (mayHaveUnreadFile(entry)) {
			return HalfDone.state(entry);
		}
		if (entry.isHalfDone()) {
			return halfDone(entry);
		}
		if (!entry.state().isDone() || entry.state() == MigrationState.BASELINE
				|| this.start.isSquashed(entry.identity())) {
			return entry.state();
		}
		String excluded = this.sources.excluded().get(entry.identity());
		if (excluded != null) {
			return excluded(entry, excluded);
		}
		return this.newer.owns(entry.identity()) ? ahead(entry, "has applied") : missing(entry);
	}

	/**
	 * Where not all files could be read, nobody knows that this one is missing: what is
	 * wrong with them is told, and stands in the way of the run.
	 */
	private boolean mayHaveUnreadFile(HistoryEntry entry) {
		return this.sources.problems()
			.stream()
			.anyMatch((problem) -> isUnreadLocation(problem) || (problem.isError() && problem.place() != null
					&& problem.place().script().equals(entry.script())));
	}

	/** One that is empty may be the wrong one, if no file is found elsewhere. */
	private boolean isUnreadLocation(Problem problem) {
		return switch (problem.code()) {
			case LOCATION_MISSING -> problem.isError() || this.newer.newestFile() == null;
			case FILE_UNREADABLE, OUTSIDE_ROOT -> problem.isError();
			default -> false;
		};
	}

	private MigrationState halfDone(HistoryEntry entry) {
		if (this.newer.owns(entry.identity())) {
			return ahead(entry, entry.undo() ? "has begun to undo" : "has begun");
		}
		this.problems.add(entry.undo() ? HalfDone.undo(entry) : HalfDone.run(entry, "Its file is gone.", List.of()));
		return HalfDone.state(entry);
	}

	/** What a newer build does is no reason to stop an older one that still runs. */
	private MigrationState ahead(HistoryEntry entry, String did) {
		this.problems.add(Problem.warning(ErrorCode.AHEAD, Place.file(entry.script()),
				"A newer build " + did + " " + entry.identity().inWords() + ", which this build does not know.",
				"Nothing, if an older build shall run on the newer schema; else deploy the newer build."));
		return MigrationState.AHEAD;
	}

	/** It is neither gone nor the work of a newer build. */
	private MigrationState excluded(HistoryEntry entry, String script) {
		String exclude = SettingNames.name("files.exclude");
		String what = "The file of " + entry.identity().inWords() + " was applied, and " + exclude
				+ " leaves it out now.";
		boolean tolerated = this.policy.ignoreMissing();
		String remedy = tolerated ? "Nothing, if it is left out on purpose; else correct " + exclude + "."
				: "Correct " + exclude + " so that it does not mean this file; or set "
						+ SettingNames.name("validation.ignore-missing") + "=true if it is left out on purpose.";
		return missing(Place.file(script), tolerated, what, remedy);
	}

	private MigrationState missing(HistoryEntry entry) {
		boolean tolerated = this.policy.ignoreMissing() || entry.identity().isRepeatable();
		String what = "The file of " + entry.identity().inWords() + " was applied and is gone.";
		String remedy = tolerated ? "Nothing, if it was removed on purpose; else restore the file."
				: "Restore the file, or set " + SettingNames.name("validation.ignore-missing")
						+ "=true if it was removed on purpose.";
		return missing(Place.file(entry.script()), tolerated, what, remedy);
	}

	private MigrationState missing(Place place, boolean tolerated, String what, String remedy) {
		this.problems.add(tolerated ? Problem.warning(ErrorCode.MISSING, place, what, remedy)
				: Problem.error(ErrorCode.MISSING, place, what, remedy));
		return MigrationState.MISSING;
	}

}
