package dev.tidemark.source;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What makes a migration the same one over all builds: its kind and its version, or the
 * name of a repeatable. Never its path.
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
	 * Versions in their order, a baseline behind the version that it reaches, then
	 * repeatable names in theirs: the order of a run.
	 */
	@Override
	default int compareTo(Identity other) {
		MigrationVersion left = version();
		MigrationVersion right = other.version();
		if (left == null || right == null) {
			return (left == null && right == null) ? toString().compareTo(other.toString())
					: Boolean.compare(left == null, right == null);
		}
		int order = left.compareTo(right);
		return (order != 0) ? order : Boolean.compare(this instanceof Baseline, other instanceof Baseline);
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
	 */
	record Versioned(MigrationVersion version) implements Identity {

		// Written out, as each start would have to generate what a record has by itself.

		@Override
		public String kind() {
			return "versioned";
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
	 * instead of all migrations up to that version, or where an existing one was taken
	 * over.
	 *
	 * @param version the newest version that it holds
	 */
	record Baseline(MigrationVersion version) implements Identity {

		private static final String PREFIX = "B";

		@Override
		public String kind() {
			return "baseline";
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
