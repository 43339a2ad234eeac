package dev.tidemark.run.preview;

import java.util.List;

import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.run.PlannedStep;
import dev.tidemark.safety.Finding;

/**
 * What an undo would do now.
 *
 * @param database which database
 * @param steps what would run, in order
 * @param suggestions what undo files that are missing could look like
 * @param problems what stands in its way
 * @param dataLoss what of the database's data would be lost, or may be
 * @since 0.1.0
 */
public record UndoPreview(DatabaseIdentity database, List<PlannedStep> steps, List<UndoSuggestion> suggestions,
		List<Problem> problems, List<Finding> dataLoss) {

	/** Copies the lists. */
	public UndoPreview {
		steps = List.copyOf(steps);
		suggestions = List.copyOf(suggestions);
		problems = List.copyOf(problems);
		dataLoss = List.copyOf(dataLoss);
	}

}
