package dev.tidemark.autoconfigure.properties;

import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.migration.placeholder.UndeclaredPlaceholders;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * How placeholders are written in files, and where they count. Their values are those of
 * "tidemark.placeholders".
 *
 * @param prefix Beginning of placeholders in files.
 * @param suffix End of placeholders in files.
 * @param replacement Where placeholders are replaced, in files that do not say it
 * themselves.
 * @param undeclared What happens to placeholders without value and default.
 * @since 0.1.0
 */
public record PlaceholderProperties(String prefix, String suffix, PlaceholderReplacement replacement,
		UndeclaredPlaceholders undeclared) {

	/** What is used if nothing is configured. */
	static final PlaceholderProperties DEFAULT = new PlaceholderProperties(Placeholders.DEFAULT_PREFIX,
			Placeholders.DEFAULT_SUFFIX, Placeholders.DEFAULT.replacement(), Placeholders.DEFAULT.undeclared());

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public PlaceholderProperties {
		prefix = orElse(prefix, Placeholders.DEFAULT_PREFIX);
		suffix = orElse(suffix, Placeholders.DEFAULT_SUFFIX);
		replacement = orElse(replacement, Placeholders.DEFAULT.replacement());
		undeclared = orElse(undeclared, Placeholders.DEFAULT.undeclared());
	}

}
