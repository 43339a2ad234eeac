package dev.tidemark.plan;

import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.History;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.step.Step;

/**
 * Warns of what runs although something that it depends on never does. Something else may
 * have made that, so it is no error.
 *
 * @param history the history
 * @param entries all migrations
 * @param steps what runs, in order
 */
record DependencyCheck(History history, List<PlanEntry> entries, List<Step> steps) {

	List<Problem> problems() {
		return this.steps.stream()
			.flatMap((step) -> step.basis()
				.dependsOn()
				.stream()
				.flatMap((dependency) -> this.entries.stream()
					.filter((entry) -> entry.identity().equals(dependency) && isLeftOut(entry))
					.map((entry) -> leftOut(step, entry))))
			.toList();
	}

	private boolean isLeftOut(PlanEntry entry) {
		boolean passedOver = entry.state() == MigrationState.SKIPPED || entry.state() == MigrationState.PENDING;
		return passedOver && this.history.lastDone(entry.identity()) == null
				&& this.steps.stream().noneMatch((step) -> step.migration().equals(entry.migration()));
	}

	private static Problem leftOut(Step step, PlanEntry dependency) {
		String reason = (dependency.reason() != null) ? dependency.reason()
				: (dependency.state() == MigrationState.SKIPPED) ? "the history says so"
						: SettingNames.name("run.cherry-pick") + " does not name it";
		return Problem.warning(ErrorCode.DEPENDENCY, Place.file(step.migration().script()),
				((step.migration().code() != null) ? "The code" : "The file") + " depends on "
						+ dependency.identity().inWords() + ", which never ran and does not run now: it is "
						+ dependency.state() + " (" + reason + ").",
				"Let that run too, unless something else has made what it makes.");
	}

}
