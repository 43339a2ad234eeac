package dev.tidemark.migration.backfill;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.script.SqlStatement;

/**
 * A backfill that can be run, as far as its file tells: which table it walks, by which
 * keys, and what it does to each batch of it.
 *
 * @param table the parts of the name of the table, one or two, as the catalogue holds
 * them
 * @param keys the columns by which it is walked; empty if the file leaves that to the
 * catalogue
 * @param statements what is run for each batch, in order; none for code
 * @param verify the condition that each row of the table satisfies afterwards, or
 * {@code null}
 * @param said the values of options as they are written
 * @since 0.1.0
 */
public record BackfillFile(List<String> table, List<String> keys, List<BatchStatement> statements,
		@Nullable String verify, Map<BackfillOption, String> said) {

	/** Copies the collections. */
	public BackfillFile {
		table = List.copyOf(table);
		keys = List.copyOf(keys);
		statements = List.copyOf(statements);
		said = Map.copyOf(said);
	}

	/**
	 * Make a backfill of a file.
	 * @param script the path of the file
	 * @param directives what its head says, or {@code null} if that says nothing of a
	 * backfill
	 * @param statements its statements, with {@code TRUE} in the place of conditions
	 * @param marks where these stood, statement by statement
	 * @return the backfill
	 * @throws TidemarkException with all that keeps it from being run
	 */
	public static BackfillFile of(String script, @Nullable BackfillDirectives directives, List<SqlStatement> statements,
			List<BatchText.Marks> marks) {
		BackfillDirectives said = (directives != null) ? directives
				: new BackfillDirectives(List.of(), List.of(), null, Map.of());
		return new BackfillCheck(script, said).check(statements, marks);
	}

	/**
	 * Return how it goes about its work.
	 * @param defaults what holds for what the file does not say
	 * @return the options
	 */
	public BackfillOptions options(BackfillOptions defaults) {
		return defaults.with(this.said);
	}

}
