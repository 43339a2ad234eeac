package dev.tidemark.run.preview;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.safety.Finding;

/**
 * What a run may lose of what the database holds, and what would bring it back.
 *
 * @param findings what may be lost, at least one
 * @param unexamined why nobody could look what the database holds, so that the text of
 * the statements alone counts; or {@code null}
 * @param obstacle why the run would make no named restore point, or {@code null} if it
 * would
 * @param archive the archive of the server's write-ahead log
 * @param backups the newest backups, as the {@link BackupEvidence} knows them
 * @param unknownBackups why backups are not known, each as a few words
 * @since 0.1.0
 */
public record DataAtRisk(List<Finding> findings, @Nullable String unexamined, @Nullable String obstacle,
		WalArchive archive, List<Backup> backups, List<String> unknownBackups) {

	/** Copies the lists. */
	public DataAtRisk {
		findings = List.copyOf(findings);
		backups = List.copyOf(backups);
		unknownBackups = List.copyOf(unknownBackups);
	}

}
