package dev.tidemark.source;

import java.util.List;

import dev.tidemark.error.Problem;

/**
 * All migrations and callbacks that were found, and what is wrong with the files.
 *
 * @param migrations the versioned ones in order of their versions, then the repeatable
 * ones in order of their names
 * @param callbacks the files that run at events, in order of their descriptions
 * @param problems what is wrong
 */
public record Sources(List<Migration> migrations, List<CallbackFile> callbacks, List<Problem> problems) {

	/** Copies the lists. */
	public Sources {
		migrations = List.copyOf(migrations);
		callbacks = List.copyOf(callbacks);
		problems = List.copyOf(problems);
	}

}
