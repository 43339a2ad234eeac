package dev.tidemark.plan;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.Identity;
import dev.tidemark.source.MigrationVersion;

/**
 * What a plan may contain.
 *
 * @param target the newest version to run, or {@code null} for no limit
 * @param outOfOrder what happens to versions below the newest applied one
 * @param ignoreMissing whether an applied file that is gone is only a warning
 * @param ignoreChanged whether an applied version that was changed is only a warning
 * @param selection which of the pending migrations run
 * @param baseline at what version an existing database is taken over, or {@code null} to
 * take over none
 * @param settings how the settings begin that say so, as {@code tidemark.}
 */
public record PlanPolicy(@Nullable MigrationVersion target, OutOfOrder outOfOrder, boolean ignoreMissing,
		boolean ignoreChanged, Selection selection, @Nullable Baseline baseline, String settings) {

	/** How settings begin that are not those of one instance of several. */
	public static final String DEFAULT_SETTINGS = "tidemark.";

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

	/**
	 * Makes a policy of the only instance.
	 * @param target the newest version to run, or {@code null} for no limit
	 * @param outOfOrder what happens to versions below the newest applied one
	 * @param ignoreMissing whether an applied file that is gone is only a warning
	 * @param ignoreChanged whether an applied version that was changed is only a warning
	 * @param selection which of the pending migrations run
	 * @param baseline at what version an existing database is taken over, or {@code null}
	 */
	public PlanPolicy(@Nullable MigrationVersion target, OutOfOrder outOfOrder, boolean ignoreMissing,
			boolean ignoreChanged, Selection selection, @Nullable Baseline baseline) {
		this(target, outOfOrder, ignoreMissing, ignoreChanged, selection, baseline, DEFAULT_SETTINGS);
	}

	/** Returns the name of a setting, as people write it. */
	String setting(String name) {
		return this.settings + name;
	}

	/** Without a version there is nothing to compare, so it is not beyond the target. */
	boolean isBeyondTarget(Identity identity) {
		MigrationVersion version = identity.version();
		return this.target != null && version != null && version.compareTo(this.target) > 0;
	}

}
