package dev.tidemark.source;

import java.util.List;
import java.util.Objects;

/**
 * How file names are read: {@code <prefix><version><separator><description><suffix>}.
 *
 * @param versionedPrefix what versioned files begin with; may be empty
 * @param repeatablePrefix what repeatable files begin with; not empty
 * @param separator what parts version and description; not empty
 * @param suffixes what migration files end with; at least one, none empty
 */
public record Naming(String versionedPrefix, String repeatablePrefix, String separator, List<String> suffixes) {

	/** The default prefix of versioned files. */
	public static final String DEFAULT_VERSIONED_PREFIX = "V";

	/** The default prefix of repeatable files. */
	public static final String DEFAULT_REPEATABLE_PREFIX = "R";

	/** The default separator. */
	public static final String DEFAULT_SEPARATOR = "__";

	/** The default suffix. */
	public static final String DEFAULT_SUFFIX = ".sql";

	/** The names that files have by default. */
	public static final Naming DEFAULT = new Naming(DEFAULT_VERSIONED_PREFIX, DEFAULT_REPEATABLE_PREFIX,
			DEFAULT_SEPARATOR, List.of(DEFAULT_SUFFIX));

	/**
	 * Checks the parts.
	 * @throws IllegalArgumentException if a part is empty that must not be, or both
	 * prefixes are equal
	 */
	public Naming {
		suffixes = List.copyOf(suffixes);
		if (repeatablePrefix.isEmpty()) {
			throw new IllegalArgumentException("'repeatable-prefix' must not be empty");
		}
		if (separator.isEmpty()) {
			throw new IllegalArgumentException("'separator' must not be empty");
		}
		if (suffixes.isEmpty() || suffixes.contains("")) {
			throw new IllegalArgumentException("'suffixes' must name at least one suffix, and none may be empty");
		}
		if (versionedPrefix.equals(repeatablePrefix)) {
			throw new IllegalArgumentException("'versioned-prefix' and 'repeatable-prefix' must differ");
		}
	}

	/**
	 * Returns a version as the name of its file spells it.
	 * @param identity the migration
	 * @param script the path of its file
	 * @return the version, such as {@code 007}; in its normal form if the name is another
	 */
	public String spelled(Identity identity, String script) {
		String name = script.substring(script.lastIndexOf('/') + 1);
		int start = ((identity instanceof Identity.Baseline) ? FileNameParser.BASELINE_PREFIX : this.versionedPrefix)
			.length();
		int end = name.indexOf(this.separator, start);
		if (end < 0) {
			end = name.length()
					- this.suffixes.stream().filter(name::endsWith).mapToInt(String::length).max().orElse(0);
		}
		String text = (end > start) ? name.substring(start, end) : "";
		MigrationVersion version = MigrationVersion.parse(text).orElse(null);
		return (version != null && Objects.equals(version, identity.version())) ? text
				: String.valueOf(identity.version());
	}

}
