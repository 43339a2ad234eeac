package dev.tidemark.plan;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.MigrationVersion;

/**
 * What a plan may contain.
 *
 * @param target the newest version to run, or {@code null} for no limit
 * @param outOfOrder what happens to versions below the newest applied one
 * @param ignoreMissing whether an applied file that is gone is only a warning
 */
public record PlanPolicy(@Nullable MigrationVersion target, OutOfOrder outOfOrder, boolean ignoreMissing) {

	/** What happens to versions out of order by default. */
	public static final OutOfOrder DEFAULT_OUT_OF_ORDER = OutOfOrder.FAIL;

	/** Whether missing files are only a warning by default. */
	public static final boolean DEFAULT_IGNORE_MISSING = false;

	/** What is used if nothing is configured. */
	public static final PlanPolicy DEFAULT = new PlanPolicy(null, DEFAULT_OUT_OF_ORDER, DEFAULT_IGNORE_MISSING);

}
