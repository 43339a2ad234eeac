package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Migration;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.source.Sources;

/**
 * Plans what is recorded when a person says at what version an existing database is.
 *
 * @param sources the files
 * @param history the history
 * @param policy what a plan may contain
 */
record BaselinePlanner(Sources sources, History history, PlanPolicy policy) {

	Plan plan(Baseline baseline) {
		List<PlanEntry> covered = this.sources.migrations()
			.stream()
			.filter((migration) -> migration.identity().isCoveredBy(baseline.version()))
			.map(this::covered)
			.toList();
		List<Problem> problems = new ArrayList<>(this.sources.problems());
		HistoryEntry recorded = this.history.last(baseline.identity());
		boolean isRecorded = recorded != null && recorded.state() == MigrationState.BASELINE;
		if (!isRecorded && !this.history.isWithoutVersion()) {
			problems.add(Problem.error(ErrorCode.BASELINE_REFUSED, null,
					"The database has a history of versions, so no baseline at version " + baseline.version()
							+ " can be recorded.",
					"Let the history decide; a baseline is for a database in which no version has run."));
		}
		if (!isRecorded) {
			problems.addAll(new OtherTools(this.history, this.sources.migrations(), this.policy).problems(baseline));
		}
		return new Plan(covered, isRecorded ? List.of() : List.of(RecordedDecision.of(baseline)), List.of(), problems,
				false);
	}

	private PlanEntry covered(Migration migration) {
		return new PlanEntry(migration.identity(), MigrationState.BASELINE, migration,
				this.sources.undo(migration.identity()).orElse(null), this.history.last(migration.identity()), null);
	}

}
