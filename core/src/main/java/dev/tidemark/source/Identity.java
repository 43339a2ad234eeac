package dev.tidemark.source;

/**
 * What makes a migration the same one over all builds: its version, or the name of a
 * repeatable. Never its path.
 */
public sealed interface Identity extends Comparable<Identity> {

	/**
	 * Reads what a person typed: a version, or else the name of a repeatable, with blanks
	 * or underscores. A name that could be taken for a version has an underscore in
	 * front, as in {@code _2024} for {@code R__2024.sql}.
	 * @param text the version or name
	 * @return the identity
	 */
	static Identity of(String text) {
		return MigrationVersion.parse(text)
			.<Identity>map(Versioned::new)
			.orElseGet(() -> new Repeatable(text.replace('_', ' ').strip()));
	}

	/** Versions in their order, then repeatable names in theirs: the order of a run. */
	@Override
	default int compareTo(Identity other) {
		if (this instanceof Versioned left && other instanceof Versioned right) {
			return left.version().compareTo(right.version());
		}
		if (this instanceof Repeatable left && other instanceof Repeatable right) {
			return left.name().compareTo(right.name());
		}
		return (this instanceof Versioned) ? -1 : 1;
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
	default String inWords() {
		return (this instanceof Versioned) ? "version " + this : "the repeatable '" + this + "'";
	}

	/**
	 * A migration that runs once.
	 *
	 * @param version its version
	 */
	record Versioned(MigrationVersion version) implements Identity {

		// Written out, as each start would have to generate what a record has by itself.

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
	 * A migration that runs again when its text changes.
	 *
	 * @param name its name, which is also its description
	 */
	record Repeatable(String name) implements Identity {

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
