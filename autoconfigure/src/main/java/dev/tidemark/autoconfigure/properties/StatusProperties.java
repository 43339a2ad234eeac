package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * What the mode "status" prints, and how.
 *
 * @param tenant Schema of the tenant to show in full, if there are many.
 * @param format Form of what is printed.
 * @param file File to write to instead of the standard output.
 * @param pendingExitCode Exit code when something is pending and nothing stands in its
 * way.
 * @since 0.1.0
 */
public record StatusProperties(@Nullable String tenant, PlanFormat format, @Nullable String file,
		Integer pendingExitCode) {

	/** What is used if nothing is configured. */
	public static final StatusProperties DEFAULT = new StatusProperties(null, PlanFormat.TEXT, null, 0);

	/** Takes what is set to nothing for not set. */
	public StatusProperties {
		tenant = textOrNull(tenant);
		format = orElse(format, PlanFormat.TEXT);
		file = textOrNull(file);
		pendingExitCode = orElse(pendingExitCode, 0);
	}

	/** Return how it is printed. */
	public PrintProperties print() {
		return new PrintProperties(this.format, this.file, this.pendingExitCode);
	}

}
