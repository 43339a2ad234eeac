package dev.tidemark.migration.backfill;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.script.SqlStatement;

/**
 * One statement of a backfill, which is run for each batch with another condition in the
 * place of {@code {batch}}.
 *
 * @param statement the statement with {@code TRUE} in the place of conditions, so that it
 * does all at once
 * @param marks where the conditions stand, in order; at least one
 * @since 0.1.0
 */
public record BatchStatement(SqlStatement statement, List<Mark> marks) {

	/** Copies the list. */
	public BatchStatement {
		marks = List.copyOf(marks);
	}

	/**
	 * Return the statement for one batch.
	 * @param condition returns the condition of the batch for the alias by which the
	 * statement knows the table, as the catalogue would hold it, or for {@code null}
	 * where columns are written without one
	 * @return the text, with each condition in parentheses
	 */
	public String sql(Function<@Nullable String, String> condition) {
		String text = this.statement.text();
		StringBuilder sql = new StringBuilder(text.length());
		int copied = 0;
		for (Mark mark : this.marks) {
			sql.append(text, copied, mark.start()).append('(').append(condition.apply(mark.alias())).append(')');
			copied = mark.end();
		}
		return sql.append(text, copied, text.length()).toString();
	}

	/**
	 * Where a condition stands.
	 *
	 * @param start where it begins in the text of the statement, in UTF-16 characters
	 * @param end where it ends
	 * @param alias the alias of the table there, as the catalogue would hold it, or
	 * {@code null}
	 * @since 0.1.0
	 */
	public record Mark(int start, int end, @Nullable String alias) {
	}

}
