package dev.tidemark.autoconfigure.properties;

import java.util.List;

import dev.tidemark.source.format.Naming;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * What the names of migration files say.
 *
 * @param versionedPrefix Beginning of the names of files that run once.
 * @param repeatablePrefix Beginning of the names of files that run again when their text
 * changes.
 * @param undoPrefix Beginning of the names of files that undo a version.
 * @param baselinePrefix Beginning of the names of files that new databases begin with.
 * @param separator Separator of version and description in file names.
 * @param suffixes Comma-separated list of the ends of file names.
 * @since 0.1.0
 */
public record NamingProperties(String versionedPrefix, String repeatablePrefix, String undoPrefix,
		String baselinePrefix, String separator, List<String> suffixes) {

	/** What is used if nothing is configured. */
	static final NamingProperties DEFAULT = new NamingProperties(Naming.DEFAULT_VERSIONED_PREFIX,
			Naming.DEFAULT_REPEATABLE_PREFIX, Naming.DEFAULT_UNDO_PREFIX, Naming.DEFAULT_BASELINE_PREFIX,
			Naming.DEFAULT_SEPARATOR, Naming.DEFAULT.suffixes());

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public NamingProperties {
		versionedPrefix = orElse(versionedPrefix, Naming.DEFAULT_VERSIONED_PREFIX);
		repeatablePrefix = orElse(repeatablePrefix, Naming.DEFAULT_REPEATABLE_PREFIX);
		undoPrefix = orElse(undoPrefix, Naming.DEFAULT_UNDO_PREFIX);
		baselinePrefix = orElse(baselinePrefix, Naming.DEFAULT_BASELINE_PREFIX);
		separator = orElse(separator, Naming.DEFAULT_SEPARATOR);
		suffixes = List.copyOf(orElse(suffixes, Naming.DEFAULT.suffixes()));
	}

}
