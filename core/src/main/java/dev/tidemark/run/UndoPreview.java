package dev.tidemark.run;

import java.util.List;

import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.plan.UndoPlan;
import dev.tidemark.safety.Finding;

/**
 * What an undo would do now.
 *
 * @param database which database
 * @param plan what would run, and what stands in its way
 * @param dataLoss what of the database's data would be lost, or may be
 */
public record UndoPreview(DatabaseIdentity database, UndoPlan plan, List<Finding> dataLoss) {

	/** Copies the list. */
	public UndoPreview {
		dataLoss = List.copyOf(dataLoss);
	}

}
