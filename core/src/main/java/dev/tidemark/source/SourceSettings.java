package dev.tidemark.source;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Placeholders;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

/**
 * Where migration files lie and how they are read.
 *
 * @param locations the places to search; at least one
 * @param failOnMissingLocations whether a location that does not exist is an error rather
 * than a warning
 * @param encoding the encoding of the files
 * @param naming how file names are read
 * @param placeholders which placeholders are declared
 * @param filesystemRoot the folder that file system locations must not leave, or
 * {@code null} to let them lead anywhere
 * @param exclusions which files below the locations are none of ours
 * @since 0.1.0
 */
public record SourceSettings(List<Location> locations, boolean failOnMissingLocations, Charset encoding, Naming naming,
		Placeholders placeholders, @Nullable Path filesystemRoot, Exclusions exclusions) {

	/** Whether a missing location is an error by default. */
	public static final boolean DEFAULT_FAIL_ON_MISSING_LOCATIONS = true;

	/** The name of the default encoding. */
	public static final String DEFAULT_ENCODING = "UTF-8";

	/** What is used if nothing is configured. */
	public static final SourceSettings DEFAULT = new SourceSettings(List.of(Location.of(Location.DEFAULT)),
			DEFAULT_FAIL_ON_MISSING_LOCATIONS, StandardCharsets.UTF_8, Naming.DEFAULT, Placeholders.DEFAULT);

	/**
	 * Makes settings without placeholders of their own.
	 * @param locations the places to search; at least one
	 * @param failOnMissingLocations whether a location that does not exist is an error
	 * rather than a warning
	 * @param encoding the encoding of the files
	 * @param naming how file names are read
	 */
	public SourceSettings(List<Location> locations, boolean failOnMissingLocations, Charset encoding, Naming naming) {
		this(locations, failOnMissingLocations, encoding, naming, Placeholders.DEFAULT);
	}

	/**
	 * Makes settings that let file system locations lead anywhere.
	 * @param locations the places to search; at least one
	 * @param failOnMissingLocations whether a location that does not exist is an error
	 * rather than a warning
	 * @param encoding the encoding of the files
	 * @param naming how file names are read
	 * @param placeholders which placeholders are declared
	 */
	public SourceSettings(List<Location> locations, boolean failOnMissingLocations, Charset encoding, Naming naming,
			Placeholders placeholders) {
		this(locations, failOnMissingLocations, encoding, naming, placeholders, null, Exclusions.NONE);
	}

	/**
	 * Checks the locations.
	 * @throws IllegalArgumentException if there is none
	 */
	public SourceSettings {
		locations = List.copyOf(locations);
		if (locations.isEmpty()) {
			throw new IllegalArgumentException("'locations' must name at least one location");
		}
	}

}
