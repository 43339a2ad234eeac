package dev.tidemark.autoconfigure;

import org.jspecify.annotations.Nullable;

import static dev.tidemark.autoconfigure.Unset.orElse;
import static dev.tidemark.autoconfigure.Unset.textOrNull;

/**
 * Files that tell what a start did.
 *
 * @param file File to write to what the start did, as JSON.
 * @param terminationLog File to write to in one line why the start failed, if it exists.
 * "none" or nothing for no such file.
 */
public record ReportProperties(@Nullable String file, String terminationLog) {

	/** What is used if nothing is configured. */
	static final ReportProperties DEFAULT = new ReportProperties(null, TerminationLog.DEFAULT_PATH);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public ReportProperties {
		file = textOrNull(file);
		terminationLog = orElse(terminationLog, TerminationLog.DEFAULT_PATH);
	}

}
