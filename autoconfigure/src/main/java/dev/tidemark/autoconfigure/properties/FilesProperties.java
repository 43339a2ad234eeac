package dev.tidemark.autoconfigure.properties;

import java.nio.charset.Charset;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.SourceSettings;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * How migration files are found and read.
 *
 * @param encoding Encoding of the migration files.
 * @param exclude Comma-separated list of patterns of paths below a location, such as
 * "rollback/**": files that are no migrations, whatever their names.
 * @param failOnMissingLocations Whether a location that does not exist stops the start;
 * otherwise a warning tells of it.
 * @param root Folder that "filesystem:" locations must not leave, neither by ".." nor by
 * links. Without it they may lead anywhere.
 * @since 0.1.0
 */
public record FilesProperties(Charset encoding, List<String> exclude, Boolean failOnMissingLocations,
		@Nullable String root) {

	/** What is used if nothing is configured. */
	static final FilesProperties DEFAULT = new FilesProperties(SourceSettings.DEFAULT.encoding(), List.of(),
			SourceSettings.DEFAULT_FAIL_ON_MISSING_LOCATIONS, null);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public FilesProperties {
		encoding = orElse(encoding, SourceSettings.DEFAULT.encoding());
		exclude = List.copyOf(orElse(exclude, List.of()));
		failOnMissingLocations = orElse(failOnMissingLocations, SourceSettings.DEFAULT_FAIL_ON_MISSING_LOCATIONS);
		root = textOrNull(root);
	}

}
