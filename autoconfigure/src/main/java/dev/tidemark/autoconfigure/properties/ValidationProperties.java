package dev.tidemark.autoconfigure.properties;

import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * What may differ between the files and the history.
 *
 * @param outOfOrder What happens to pending versions below the newest applied one.
 * @param ignoreMissing Whether files of applied migrations may be gone; a warning tells
 * of it.
 * @param ignoreChanged Whether files of applied versions may have changed; they do not
 * run again, and a warning tells of each.
 * @since 0.1.0
 */
public record ValidationProperties(OutOfOrder outOfOrder, Boolean ignoreMissing, Boolean ignoreChanged) {

	/** What is used if nothing is configured. */
	static final ValidationProperties DEFAULT = new ValidationProperties(PlanPolicy.DEFAULT_OUT_OF_ORDER,
			PlanPolicy.DEFAULT_IGNORE_MISSING, PlanPolicy.DEFAULT_IGNORE_CHANGED);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public ValidationProperties {
		outOfOrder = orElse(outOfOrder, PlanPolicy.DEFAULT_OUT_OF_ORDER);
		ignoreMissing = orElse(ignoreMissing, PlanPolicy.DEFAULT_IGNORE_MISSING);
		ignoreChanged = orElse(ignoreChanged, PlanPolicy.DEFAULT_IGNORE_CHANGED);
	}

}
