package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * How the mode "plan" prints.
 *
 * @param format Form of what is printed.
 * @param file File to write to instead of the standard output.
 * @param pendingExitCode Exit code when something is pending and nothing stands in its
 * way.
 * @since 0.1.0
 */
public record PrintProperties(PlanFormat format, @Nullable String file, Integer pendingExitCode) {

	/** What is used if nothing is configured. */
	public static final PrintProperties DEFAULT = new PrintProperties(PlanFormat.TEXT, null, 0);

	/** Takes what is set to nothing for not set. */
	public PrintProperties {
		format = orElse(format, PlanFormat.TEXT);
		file = textOrNull(file);
		pendingExitCode = orElse(pendingExitCode, 0);
	}

}
