package dev.tidemark.run;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSuggestion;

/**
 * What the files of a migration hold, whatever the database says of it.
 *
 * @param identity which migration
 * @param file its file, or its code
 * @param undo the file that undoes it, or {@code null} if there is none
 * @param suggestion what such a file could hold, or {@code null} if there is one, or it
 * cannot be derived
 * @since 0.1.0
 */
public record MigrationText(Identity identity, File file, @Nullable File undo, @Nullable UndoSuggestion suggestion) {

	/**
	 * A file.
	 *
	 * @param script its path, or the name of the code
	 * @param statements its statements, none for code, or {@code null} if it cannot be
	 * read
	 * @param problems what is wrong with it
	 * @since 0.1.0
	 */
	public record File(String script, @Nullable List<StatementInfo> statements, List<Problem> problems) {

		/** Copies the lists. */
		public File {
			statements = (statements != null) ? List.copyOf(statements) : null;
			problems = List.copyOf(problems);
		}

	}

}
