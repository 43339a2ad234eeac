package dev.tidemark.history.foreign;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

/**
 * What another migration tool has recorded of a database, found beside the history of
 * this one.
 *
 * @since 0.1.0
 */
public sealed interface ToolHistory {

	/**
	 * Returns the name of the tool.
	 * @return the name that people know it by
	 */
	String tool();

	/**
	 * Returns the table of its history.
	 * @return the name as SQL, with its schema
	 */
	String table();

	/**
	 * A history of versions, which can be compared.
	 *
	 * @param tool the name of the tool
	 * @param table the table of its history
	 * @param applied the versions that are in the database by what it says
	 * @param base the version of the baseline of the tool, which covers all below, or
	 * {@code null}
	 * @param failed what it has recorded as failed, in words
	 * @since 0.1.0
	 */
	record Versions(String tool, String table, SortedSet<MigrationVersion> applied, @Nullable MigrationVersion base,
			List<String> failed) implements ToolHistory {

		/** Copies the collections. */
		public Versions {
			applied = Collections.unmodifiableSortedSet(new TreeSet<>(applied));
			failed = List.copyOf(failed);
		}

		/**
		 * Returns the newest version.
		 * @return the version, empty if none is in the database
		 */
		public Optional<MigrationVersion> current() {
			return this.applied.isEmpty() ? Optional.empty() : Optional.of(this.applied.last());
		}

		/**
		 * Return whether a version is in the database by what the history says.
		 * @param version the version
		 * @return {@code false} if it never ran, or was taken back
		 */
		public boolean has(MigrationVersion version) {
			return this.applied.contains(version) || (this.base != null && version.compareTo(this.base) <= 0);
		}

	}

	/**
	 * A history of changes without versions.
	 *
	 * @param tool the name of the tool
	 * @param table the table of its history
	 * @param count how many changes it has recorded
	 * @since 0.1.0
	 */
	record Changes(String tool, String table, long count) implements ToolHistory {
	}

	/**
	 * A history that is known by its name only.
	 *
	 * @param tool the name of the tool
	 * @param table the table of its history
	 * @since 0.1.0
	 */
	record Named(String tool, String table) implements ToolHistory {
	}

	/**
	 * A history of versions that could not be read.
	 *
	 * @param tool the name of the tool
	 * @param table the table of its history
	 * @param reason what the server says
	 * @since 0.1.0
	 */
	record Unreadable(String tool, String table, String reason) implements ToolHistory {
	}

}
