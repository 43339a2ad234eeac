package dev.tidemark.migration;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.backfill.BackfillDirectives;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;

/**
 * How a file wants to be run: what the comments at its head ask for, as
 * {@code -- tidemark: name=value}, and what Flyway's script configuration beside it does.
 *
 * @param transaction whether the statements run in a transaction where they can
 * @param lockTimeout how long a statement of the file may wait for a lock, or
 * {@code null} if the file does not say
 * @param placeholders where placeholders are replaced, or {@code null} if the file does
 * not say
 * @param dependsOn the repeatables that have to run before this one
 * @param only the environments that the file is for; empty if it is for all
 * @param irreversible why a version has no way back on purpose, or {@code null}
 * @param nothingToUndo why an undo file has no statement on purpose, or {@code null}
 * @param requires the versions that have to be done before the build that has the file
 * may serve
 * @param backfill what the file says of a backfill, or {@code null} if it says nothing
 * @since 0.1.0
 */
public record Directives(boolean transaction, @Nullable Duration lockTimeout,
		@Nullable PlaceholderReplacement placeholders, List<Identity.Repeatable> dependsOn, Set<String> only,
		@Nullable String irreversible, @Nullable String nothingToUndo, List<MigrationVersion> requires,
		@Nullable BackfillDirectives backfill) {

	/** Copies the collections. */
	public Directives {
		dependsOn = List.copyOf(dependsOn);
		only = Set.copyOf(only);
		requires = List.copyOf(requires);
	}

	/**
	 * What a file asks for that has nothing to do with backfills.
	 * @param transaction whether the statements run in a transaction where they can
	 * @param lockTimeout how long a statement of the file may wait for a lock, or
	 * {@code null} if the file does not say
	 * @param placeholders where placeholders are replaced, or {@code null} if the file
	 * does not say
	 * @param dependsOn the repeatables that have to run before this one
	 * @param only the environments that the file is for; empty if it is for all
	 * @param irreversible why a version has no way back on purpose, or {@code null}
	 * @param nothingToUndo why an undo file has no statement on purpose, or {@code null}
	 */
	public Directives(boolean transaction, @Nullable Duration lockTimeout,
			@Nullable PlaceholderReplacement placeholders, List<Identity.Repeatable> dependsOn, Set<String> only,
			@Nullable String irreversible, @Nullable String nothingToUndo) {
		this(transaction, lockTimeout, placeholders, dependsOn, only, irreversible, nothingToUndo, List.of(), null);
	}

	/**
	 * Tells whether the file is for one of the environments.
	 * @param environments what this environment is called
	 * @return {@code true} also if the file is for all
	 */
	public boolean isFor(Set<String> environments) {
		return this.only.isEmpty() || this.only.stream().anyMatch(environments::contains);
	}

	/** Returns what code asks for, as the head of a file would. */
	static Directives dependingOn(List<String> names) {
		return new Directives(true, null, null, names.stream().map(Directives::repeatable).toList(), Set.of(), null,
				null);
	}

	public static Identity.Repeatable repeatable(String name) {
		return new Identity.Repeatable(name.replace('_', ' ').strip());
	}

}
