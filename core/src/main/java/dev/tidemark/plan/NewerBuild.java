package dev.tidemark.plan;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.History;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;

/**
 * What a newer build has done in the database, whose files this one does not have.
 *
 * @param history the history
 * @param newestFile the newest version that this build has, or {@code null} if it has
 * none
 */
record NewerBuild(History history, @Nullable MigrationVersion newestFile) {

	/** What a person has said of the database is no work of a newer build. */
	boolean hasRun() {
		return this.history.newestRun().filter(this::isNewer).isPresent();
	}

	/** Tells whether a migration belongs to it. */
	boolean owns(Identity identity) {
		MigrationVersion version = identity.version();
		return (version != null) ? isNewer(version) : hasRun();
	}

	private boolean isNewer(MigrationVersion version) {
		return this.newestFile == null || version.compareTo(this.newestFile) > 0;
	}

}
