package dev.tidemark.history.rollout;

import dev.tidemark.migration.MigrationVersion;

/**
 * What the database says of a backfill that has begun, as far as plans need it.
 *
 * @param version which one
 * @param script its file when it began
 * @param checksum the checksum of its text when it began
 * @param state what became of it
 * @param untouched whether nothing of it is in the database and nobody works on it, so
 * that it may still be changed
 * @since 0.1.0
 */
public record BackfillRecord(MigrationVersion version, String script, String checksum, BackfillState state,
		boolean untouched) {

	/**
	 * Return whether batches of it are committed or may be, and more are to come.
	 * @return {@code false} if it is finished, or a person has cancelled it
	 */
	public boolean isUnfinished() {
		return switch (this.state) {
			case RUNNING, PAUSED, VERIFYING, UNVERIFIED, FAILED -> true;
			case WAITING, CANCELLED, FINISHED -> false;
		};
	}

}
