package dev.tidemark.source.format;

import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;

/**
 * How file names are read: {@code <prefix><version><separator><description><suffix>}.
 *
 * @param versionedPrefix what versioned files begin with; may be empty
 * @param repeatablePrefix what repeatable files begin with; not empty
 * @param undoPrefix what undo files begin with; not empty
 * @param baselinePrefix what baseline files begin with; not empty
 * @param separator what parts version and description; not empty
 * @param suffixes what migration files end with; at least one, none empty
 * @since 0.1.0
 */
public record Naming(String versionedPrefix, String repeatablePrefix, String undoPrefix, String baselinePrefix,
		String separator, List<String> suffixes) {

	/** The default prefix of versioned files. */
	public static final String DEFAULT_VERSIONED_PREFIX = "V";

	/** The default prefix of repeatable files. */
	public static final String DEFAULT_REPEATABLE_PREFIX = "R";

	/** The default prefix of undo files. */
	public static final String DEFAULT_UNDO_PREFIX = "U";

	/** The default prefix of baseline files. */
	public static final String DEFAULT_BASELINE_PREFIX = "B";

	/** The default separator. */
	public static final String DEFAULT_SEPARATOR = "__";

	/** The default suffix. */
	public static final String DEFAULT_SUFFIX = ".sql";

	/** The names that files have by default. */
	public static final Naming DEFAULT = new Naming(DEFAULT_VERSIONED_PREFIX, DEFAULT_REPEATABLE_PREFIX,
			DEFAULT_UNDO_PREFIX, DEFAULT_BASELINE_PREFIX, DEFAULT_SEPARATOR, List.of(DEFAULT_SUFFIX));

	/**
	 * Checks the parts.
	 * @throws IllegalArgumentException if a part is empty that must not be, or two
	 * prefixes are equal
	 */
	public Naming {
		suffixes = List.copyOf(suffixes);
		requireText("naming.repeatable-prefix", repeatablePrefix);
		requireText("naming.undo-prefix", undoPrefix);
		requireText("naming.baseline-prefix", baselinePrefix);
		requireText("naming.separator", separator);
		if (suffixes.isEmpty() || suffixes.contains("")) {
			throw new IllegalArgumentException(
					"'naming.suffixes' must name at least one suffix, and none may be empty");
		}
		List<String> prefixes = List.of(versionedPrefix, repeatablePrefix, undoPrefix, baselinePrefix);
		if (Set.copyOf(prefixes).size() < prefixes.size()) {
			throw new IllegalArgumentException(
					"'naming.versioned-prefix', 'naming.repeatable-prefix', 'naming.undo-prefix' and"
							+ " 'naming.baseline-prefix' must differ from each other");
		}
	}

	private static void requireText(String name, String part) {
		if (part.isEmpty()) {
			throw new IllegalArgumentException("'" + name + "' must not be empty");
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
		int start = (identity.isBaseline() ? this.baselinePrefix : this.versionedPrefix).length();
		int end = name.indexOf(this.separator, start);
		if (end < 0) {
			end = name.length()
					- this.suffixes.stream().filter(name::endsWith).mapToInt(String::length).max().orElse(0);
		}
		String text = (end > start) ? name.substring(start, end) : "";
		MigrationVersion version = MigrationVersion.parse(text).orElse(null);
		return (version != null && Objects.equals(version, identity.version())) ? text : normal(identity);
	}

	/** Where a dot is the separator, it cannot part the numbers of a version as well. */
	private String normal(Identity identity) {
		String version = String.valueOf(identity.version());
		return version.contains(this.separator) ? version.replace('.', '_') : version;
	}

	/**
	 * Returns the name of a versioned file with another version.
	 * @param script the path of the file, or its name alone
	 * @param version the version, as it is to be spelled
	 * @return the name
	 */
	public String withVersion(String script, String version) {
		return withVersion(script, this.versionedPrefix, version);
	}

	/**
	 * Returns the name of an undo file with another version.
	 * @param script the path of the file, or its name alone
	 * @param version the version, as it is to be spelled
	 * @return the name
	 */
	public String undoWithVersion(String script, String version) {
		return withVersion(script, this.undoPrefix, version);
	}

	private String withVersion(String script, String prefix, String version) {
		String name = script.substring(script.lastIndexOf('/') + 1);
		int end = name.indexOf(this.separator, prefix.length());
		return prefix + version + ((end >= 0) ? name.substring(end) : PhaseOfName.ending(name, suffix(name)));
	}

	/**
	 * Returns the name of the file that takes a version back.
	 * @param script the path of the file of the version
	 * @param phase the phase of that file, which its undo file does not have
	 * @return the path
	 */
	public String undoOf(String script, Phase phase) {
		int name = script.lastIndexOf('/') + 1;
		String suffix = suffix(script);
		String ending = phase.ending() + suffix;
		String rest = script.substring(name + this.versionedPrefix.length());
		return script.substring(0, name) + this.undoPrefix
				+ (rest.endsWith(ending) ? rest.substring(0, rest.length() - ending.length()) + suffix : rest);
	}

	private String suffix(String name) {
		return this.suffixes.stream().filter(name::endsWith).findFirst().orElse(this.suffixes.get(0));
	}

}
