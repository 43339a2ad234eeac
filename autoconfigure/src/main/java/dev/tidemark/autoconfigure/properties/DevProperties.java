package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * How edited migrations are treated while they are developed.
 *
 * @param redo Whether migrations that were edited after they had run, and are not
 * released, are undone and run again. Only where devtools restart the application, in
 * databases that "tidemark-test" has made, and with "tidemark.dev.throw-away".
 * @param throwAway Whether the database may be thrown away: what cannot be undone is
 * dropped with all else, and all migrations run again.
 * @param releasedUpTo Newest version that is released; 0 if none is. Without it git tells
 * what is released. Quote it in YAML.
 * @param releasedAt Branch, tag or commit of git whose migrations are released. Defaults
 * to the default branch of "origin".
 * @since 0.1.0
 */
public record DevProperties(Boolean redo, Boolean throwAway, @Nullable MigrationVersion releasedUpTo,
		@Nullable String releasedAt) {

	/** What is used if nothing is configured. */
	static final DevProperties DEFAULT = new DevProperties(false, false, null, null);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public DevProperties {
		redo = orElse(redo, false);
		throwAway = orElse(throwAway, false);
		releasedAt = textOrNull(releasedAt);
	}

}
