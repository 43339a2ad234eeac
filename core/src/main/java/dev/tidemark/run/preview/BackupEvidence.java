package dev.tidemark.run.preview;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.DatabaseIdentity;

/**
 * Knows the backups of a database, as a tool for backups or the API of a provider tells
 * them. A plan that loses data shows them. Nothing else depends on the answer.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BackupEvidence {

	/**
	 * Return the newest backup of a database.
	 * @param database which database
	 * @return the backup, or {@code null} if there is none
	 * @throws Exception if it cannot be found out; the plan says so and goes on
	 */
	@Nullable Backup newest(DatabaseIdentity database) throws Exception;

}
