package dev.tidemark.history.rollout;

import dev.tidemark.migration.MigrationVersion;

/**
 * What the database says of a backfill that has begun, as far as plans need it.
 *
 * @param version which one
 * @param script its file when it began
 * @param checksum the checksum of its text when it began
 * @param state what became of it
 * @since 0.1.0
 */
public record BackfillRecord(MigrationVersion version, String script, String checksum, BackfillState state) {

}
