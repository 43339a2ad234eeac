package dev.tidemark.migration;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What makes a migration the same one over all builds: its kind and its version, or the
 * name of a repeatable. Never its path.
 *
 * @since 0.1.0
 */
public sealed interface Identity extends Comparable<Identity> {

	/**
	 * Reads what a person typed: a version, a baseline as in {@code B20}, or else the
	 * name of a repeatable, with blanks or underscores. A name that could be taken for
	 * one of the others has an underscore in front, as in {@code _2024} for
	 * {@code R__2024.sql}.
	 * @param text the version, baseline or name
	 * @return the identity
	 */
	static Identity of(String text) {
		return MigrationVersion.parse(text)
			.<Identity>map(Versioned::new)
			.or(() -> text.startsWith(Baseline.PREFIX)
					? MigrationVersion.parse(text.substring(Baseline.PREFIX.length())).map(Baseline::new)
					: Optional.empty())
			.orElseGet(() -> new Repeatable(text.replace('_', ' ').strip()));
	}

	/**
	 * Returns the version.
	 * @return the version, or {@code null} for a repeatable
	 */
	@Nullable MigrationVersion version();

	/**
	 * Returns what kind of migration it is, in the word that the history and the endpoint
	 * use.
	 * @return {@code versioned}, {@code baseline} or {@code repeatable}
	 */
	String kind();

	/**
	 * Return whether the migration has a version and runs once.
	 * @return {@code false} for what takes the place of versions, or has none
	 */
	boolean isVersioned();

	/**
	 * Return whether it stands for all versions up to its own.
	 * @return {@code true} for the state of a database as a whole
	 */
	boolean isBaseline();

	/**
	 * Return whether the migration runs again when its text changes.
	 * @return {@code false} for what runs once
	 */
	boolean isRepeatable();

	/**
	 * Return whether a database that is at a version has it already.
	 * @param version the version
	 * @return {@code true} for a version that is not newer
	 */
	boolean isCoveredBy(MigrationVersion version);

	/**
	 * Return where its kind stands in a run.
	 * @return a smaller number for what runs earlier, the same for kinds that are ordered
	 * by version among each other
	 */
	int order();

	/**
	 * Versions in their order, a baseline behind the version that it reaches, then
	 * repeatable names in theirs: the order of a run.
	 */
	@Override
	default int compareTo(Identity other) {
		if (order() != other.order()) {
			return Integer.compare(order(), other.order());
		}
		MigrationVersion left = version();
		MigrationVersion right = other.version();
		if (left == null || right == null) {
			return toString().compareTo(other.toString());
		}
		int order = left.compareTo(right);
		return (order != 0) ? order : Boolean.compare(isBaseline(), other.isBaseline());
	}

	/**
	 * Returns the form that {@link #of(String)} reads, without blanks.
	 * @return the version or name to type
	 */
	default String typed() {
		String text = toString().replace(' ', '_');
		return of(text).equals(this) ? text : "_" + text;
	}

	/**
	 * Returns the identity in words, such as {@code version 7}.
	 * @return the words
	 */
	String inWords();

	/**
	 * A migration that runs once.
	 *
	 * @param version its version
	 * @since 0.1.0
	 */
	record Versioned(MigrationVersion version) implements Identity {

		// Written out, as each start would have to generate what a record has by itself.

		@Override
		public String kind() {
			return "versioned";
		}

		@Override
		public boolean isVersioned() {
			return true;
		}

		@Override
		public boolean isBaseline() {
			return false;
		}

		@Override
		public boolean isRepeatable() {
			return false;
		}

		@Override
		public boolean isCoveredBy(MigrationVersion newest) {
			return this.version.compareTo(newest) <= 0;
		}

		@Override
		public int order() {
			return 0;
		}

		@Override
		public String inWords() {
			return "version " + this.version;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Versioned versioned && this.version.equals(versioned.version);
		}

		@Override
		public int hashCode() {
			return this.version.hashCode();
		}

		/** Returns the version. */
		@Override
		public String toString() {
			return this.version.toString();
		}

	}

	/**
	 * The state of a database at a version as a whole: what a new database begins with
	 * instead of all migrations up to that version, or what an existing one was found to
	 * be at.
	 *
	 * @param version the newest version that it holds
	 * @since 0.1.0
	 */
	record Baseline(MigrationVersion version) implements Identity {

		private static final String PREFIX = "B";

		@Override
		public String kind() {
			return "baseline";
		}

		@Override
		public boolean isVersioned() {
			return false;
		}

		@Override
		public boolean isBaseline() {
			return true;
		}

		@Override
		public boolean isRepeatable() {
			return false;
		}

		@Override
		public boolean isCoveredBy(MigrationVersion version) {
			return false;
		}

		@Override
		public int order() {
			return 0;
		}

		@Override
		public String inWords() {
			return "baseline " + this.version;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Baseline baseline && this.version.equals(baseline.version);
		}

		@Override
		public int hashCode() {
			return 31 * this.version.hashCode();
		}

		/** Returns the version with its prefix, such as {@code B20}. */
		@Override
		public String toString() {
			return PREFIX + this.version;
		}

	}

	/**
	 * A migration that runs again when its text changes.
	 *
	 * @param name its name, which is also its description
	 * @since 0.1.0
	 */
	record Repeatable(String name) implements Identity {

		/** Returns {@code null}: a repeatable has no version. */
		@Override
		public @Nullable MigrationVersion version() {
			return null;
		}

		@Override
		public String kind() {
			return "repeatable";
		}

		@Override
		public boolean isVersioned() {
			return false;
		}

		@Override
		public boolean isBaseline() {
			return false;
		}

		@Override
		public boolean isRepeatable() {
			return true;
		}

		@Override
		public boolean isCoveredBy(MigrationVersion version) {
			return false;
		}

		@Override
		public int order() {
			return 1;
		}

		@Override
		public String inWords() {
			return "the repeatable '" + this.name + "'";
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Repeatable repeatable && this.name.equals(repeatable.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

		/** Returns the name. */
		@Override
		public String toString() {
			return this.name;
		}

	}

}
