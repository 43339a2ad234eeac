package dev.tidemark.source;

import java.util.List;
import java.util.Optional;

import dev.tidemark.error.Problem;

/**
 * All migrations that were found, what takes them back, and what is wrong with the files.
 *
 * @param migrations the versioned ones in order of their versions, then the repeatable
 * ones in order of their names
 * @param undos the files that undo versions, in order of these
 * @param problems what is wrong
 */
public record Sources(List<Migration> migrations, List<Migration> undos, List<Problem> problems) {

	/** Copies the lists. */
	public Sources {
		migrations = List.copyOf(migrations);
		undos = List.copyOf(undos);
		problems = List.copyOf(problems);
	}

	/**
	 * Returns the file of a migration.
	 * @param identity the migration
	 * @return its file, empty if there is none
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
