package dev.tidemark.source;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.migration.CallbackFile;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;

/**
 * All migrations and callbacks that were found, what takes migrations back, and what is
 * wrong with the files.
 *
 * @param migrations the versioned ones in order of their versions, then the repeatable
 * ones in order of their names
 * @param undos the files that undo versions, in order of these
 * @param callbacks the files that run at events, in order of their descriptions
 * @param problems what is wrong
 * @param excluded the files that would be migrations by their names, but are excluded
 * @param versions those of the problems that are about the versions of files
 * @since 0.1.0
 */
public record Sources(List<Migration> migrations, List<Migration> undos, List<CallbackFile> callbacks,
		List<Problem> problems, Map<Identity, String> excluded, VersionProblems versions) {

	/** Copies the lists. */
	public Sources {
		migrations = List.copyOf(migrations);
		undos = List.copyOf(undos);
		callbacks = List.copyOf(callbacks);
		problems = List.copyOf(problems);
		excluded = Map.copyOf(excluded);
	}

	/**
	 * Returns what is wrong, with what is to be done where more is known than the files.
	 * @param applied what that has applied, or {@code null} if none is known
	 * @param next gives the versions that files are sent to
	 * @return the problems in their order
	 */
	public List<Problem> problems(@Nullable Collection<AppliedFile> applied, NextVersion next) {
		Iterator<Problem> particular = this.versions.particular(applied, next).iterator();
		Map<Problem, Problem> told = new IdentityHashMap<>();
		this.versions.general().forEach((general) -> told.put(general, particular.next()));
		return this.problems.stream().map((problem) -> told.getOrDefault(problem, problem)).toList();
	}

	/**
	 * Returns the migration of an identity.
	 * @param identity the identity
	 * @return the migration, empty if there is none
	 */
	public Optional<Migration> migration(Identity identity) {
		return find(this.migrations, identity);
	}

	/**
	 * Returns the file that undoes a migration.
	 * @param identity the migration
	 * @return its undo file, empty if there is none
	 */
	public Optional<Migration> undo(Identity identity) {
		return find(this.undos, identity);
	}

	private static Optional<Migration> find(List<Migration> files, Identity identity) {
		return files.stream().filter((file) -> file.identity().equals(identity)).findFirst();
	}

}
