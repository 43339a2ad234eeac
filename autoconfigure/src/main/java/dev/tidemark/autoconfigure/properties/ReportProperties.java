package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * Files that tell what a start did.
 *
 * @param file File to write to what the start did, as JSON.
 * @param terminationLog File to write to in one line why the start failed, if it exists.
 * "none" or nothing for no such file.
 * @since 0.1.0
 */
public record ReportProperties(@Nullable String file, String terminationLog) {

	/** Where Kubernetes puts it unless a container says otherwise. */
	private static final String DEFAULT_TERMINATION_LOG = "/dev/termination-log";

	/** What is used if nothing is configured. */
	public static final ReportProperties DEFAULT = new ReportProperties(null, DEFAULT_TERMINATION_LOG);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public ReportProperties {
		file = textOrNull(file);
		terminationLog = orElse(terminationLog, DEFAULT_TERMINATION_LOG);
	}

}
