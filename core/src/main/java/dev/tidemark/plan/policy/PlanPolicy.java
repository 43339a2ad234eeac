package dev.tidemark.plan.policy;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;

/**
 * What a plan may contain.
 *
 * @param target the newest version to run, or {@code null} for no limit
 * @param outOfOrder what happens to versions below the newest applied one
 * @param ignoreMissing whether an applied file that is gone is only a warning
 * @param ignoreChanged whether an applied version that was changed is only a warning
 * @param selection which of the pending migrations run
 * @param baseline at what version an existing database is, or {@code null} to record no
 * baseline
 * @since 0.1.0
 */
public record PlanPolicy(@Nullable MigrationVersion target, OutOfOrder outOfOrder, boolean ignoreMissing,
		boolean ignoreChanged, Selection selection, @Nullable Baseline baseline) {

	/** What happens to versions out of order by default. */
	public static final OutOfOrder DEFAULT_OUT_OF_ORDER = OutOfOrder.FAIL;

	/** Whether missing files are only a warning by default. */
	public static final boolean DEFAULT_IGNORE_MISSING = false;

	/** Whether changed versions are only a warning by default. */
	public static final boolean DEFAULT_IGNORE_CHANGED = false;

	/** What is used if nothing is configured. */
	public static final PlanPolicy DEFAULT = new PlanPolicy(null, DEFAULT_OUT_OF_ORDER, DEFAULT_IGNORE_MISSING);

	/**
	 * Makes a policy that takes all migrations, unchanged, and no existing database.
	 * @param target the newest version to run, or {@code null} for no limit
	 * @param outOfOrder what happens to versions below the newest applied one
	 * @param ignoreMissing whether an applied file that is gone is only a warning
	 */
	public PlanPolicy(@Nullable MigrationVersion target, OutOfOrder outOfOrder, boolean ignoreMissing) {
		this(target, outOfOrder, ignoreMissing, DEFAULT_IGNORE_CHANGED, Selection.ALL, null);
	}

	/** Without a version there is nothing to compare, so it is not beyond the target. */
	public boolean isBeyondTarget(Identity identity) {
		MigrationVersion version = identity.version();
		return this.target != null && version != null && version.compareTo(this.target) > 0;
	}

}
