package dev.tidemark.autoconfigure.properties;

import dev.tidemark.run.settings.RunSettings;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * What helps to restore data that a run has lost.
 *
 * @param restorePoint Whether a run that may lose data makes a named restore point in the
 * log of the server before it begins, where the role may, and records it.
 * @since 0.1.0
 */
public record BackupProperties(Boolean restorePoint) {

	/** What is used if nothing is configured. */
	static final BackupProperties DEFAULT = new BackupProperties(RunSettings.DEFAULT_RESTORE_POINTS);

	/** Takes the default for what is not set. */
	public BackupProperties {
		restorePoint = orElse(restorePoint, RunSettings.DEFAULT_RESTORE_POINTS);
	}

}
