package dev.tidemark.autoconfigure.start;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.properties.BackfillProperties;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;

/**
 * What is said of the backfills of a database.
 *
 * @param enabled whether this application works on them
 * @param jobScope which of them a job runs to their end
 * @param requires the versions that are required besides those that files say
 * @param waits whether this process may wait for those that it reads
 */
record BackfillChoice(boolean enabled, BackfillScope jobScope, List<MigrationVersion> requires, boolean waits) {

	/**
	 * Returns what properties say.
	 * @param properties the properties of the database
	 * @param readiness whether this process shows its readiness
	 */
	static BackfillChoice of(TidemarkProperties properties, boolean readiness) {
		BackfillProperties backfill = properties.backfill();
		return (backfill != null)
				? new BackfillChoice(backfill.enabled(), backfill.jobScope(), properties.requires(),
						waits(backfill.options().get("reads"), readiness))
				: new BackfillChoice(true, BackfillScope.REQUIRED, properties.requires(), readiness);
	}

	/**
	 * A setting may want to wait where nobody sees it, or not to wait where one could.
	 */
	private static boolean waits(@Nullable String reads, boolean readiness) {
		return Reads.READY.toString().equalsIgnoreCase(reads)
				|| (readiness && !Reads.FAIL.toString().equalsIgnoreCase(reads));
	}

	/** What is used if nothing is configured. */
	static BackfillChoice ofAnyOther() {
		return new BackfillChoice(true, BackfillScope.REQUIRED, List.of(), true);
	}

	/**
	 * Return whether the start fails because of a backfill that it reads and that is not
	 * done. A file does not know the processes that have it, so it cannot have one wait
	 * that cannot.
	 */
	boolean isRefused(BackfillProgress required) {
		return !this.waits || required.reads() == Reads.FAIL;
	}

}
