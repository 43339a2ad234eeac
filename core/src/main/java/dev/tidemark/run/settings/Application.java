package dev.tidemark.run.settings;

import org.jspecify.annotations.Nullable;

/**
 * The application on whose behalf migrations run, as the history records it.
 *
 * @param name its name, or {@code null}
 * @param version its version, or {@code null}
 * @param instance which of its instances, such as host and process id
 * @param installedBy the name to record as author, or {@code null} for the database user
 * @param tag the name that people know this deployment by, or {@code null}
 * @since 0.1.0
 */
public record Application(@Nullable String name, @Nullable String version, String instance,
		@Nullable String installedBy, @Nullable String tag) {
}
