package dev.tidemark.rollout.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.source.Sources;

/**
 * The versions that have to be done before this build may serve: its own backfills that
 * it reads, and what files and settings require.
 */
final class RequiredVersions {

	private final RolloutSettings settings;

	private final Sources sources;

	RequiredVersions(RolloutSettings settings, Sources sources) {
		this.settings = settings;
		this.sources = sources;
	}

	/** Returns those that are named. */
	Set<MigrationVersion> versions() {
		Set<MigrationVersion> versions = new HashSet<>(this.settings.requires());
		this.sources.migrations()
			.stream()
			.filter((migration) -> migration.code() == null)
			.forEach((migration) -> versions.addAll(migration.directives().requires()));
		return versions;
	}

	/** Returns whether the build that brings a backfill reads it. */
	boolean isReadBy(BackfillDefinition definition) {
		Reads reads = definition.options().reads();
		return reads == Reads.READY || reads == Reads.FAIL;
	}

	/**
	 * Requires that each version that is named is a file, or known to be done.
	 * @param done the versions that the history knows to be done
	 */
	void requireKnown(Set<MigrationVersion> done) {
		List<MigrationVersion> files = this.sources.migrations()
			.stream()
			.map(Migration::identity)
			.flatMap((identity) -> Stream.ofNullable(identity.version()))
			.toList();
		List<Problem> unknown = versions().stream()
			.filter((version) -> !files.contains(version) && !done.contains(version))
			.sorted()
			.map((version) -> Problem.error(ErrorCode.BACKFILL_REQUIRED, null,
					"Version " + version + " is required, and it is neither a file nor in the history.",
					"Correct " + SettingNames.name("requires") + ", or the directive requires at the head of a file."))
			.toList();
		if (!unknown.isEmpty()) {
			throw new TidemarkException(unknown);
		}
	}

}
