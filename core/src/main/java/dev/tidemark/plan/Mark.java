package dev.tidemark.plan;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.MigrationState;
import dev.tidemark.source.Checksum;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Migration;

/**
 * A row that the history gets although nothing runs for it: somebody has decided so.
 *
 * @param identity which migration, or the baseline
 * @param description its description
 * @param script its file, or nothing if it has none
 * @param checksum the checksum of the file, or {@code null} if it has none
 * @param state {@code baseline} or {@code skipped}
 * @param reason why it was decided
 */
public record Mark(Identity identity, String description, String script, @Nullable String checksum,
		MigrationState state, String reason) {

	static Mark of(Baseline baseline) {
		return new Mark(baseline.identity(), "baseline", "", null, MigrationState.BASELINE, baseline.reason());
	}

	static Mark skipped(Migration migration, String reason) {
		Checksum checksum = migration.checksum();
		return new Mark(migration.identity(), migration.description(), migration.script(),
				(checksum != null) ? checksum.value() : null, MigrationState.SKIPPED, reason);
	}

	/**
	 * Returns the mark in words, such as {@code version 7 as skipped}.
	 */
	@Override
	public String toString() {
		return this.identity.inWords() + ((this.state != MigrationState.BASELINE) ? " as " + this.state : "");
	}

}
