package dev.tidemark.plan.rollout;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Migration;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;

/**
 * A backfill or contract that waits.
 *
 * @param migration which one
 * @param statements what it will do
 * @param table the table that a backfill walks over, or {@code null} for a contract
 * @param keys the columns that it walks by, as far as its file names them
 * @param begun whether batches of it may run at any time
 * @since 0.1.0
 */
public record WaitingFile(Migration migration, List<SqlStatement> statements, @Nullable QualifiedName table,
		List<String> keys, boolean begun) {

	/** Copies the lists. */
	public WaitingFile {
		statements = List.copyOf(statements);
		keys = List.copyOf(keys);
	}

	/** Returns it in words, such as {@code the backfill of version 8}. */
	String inWords() {
		return "the " + this.migration.phase() + " of " + this.migration.identity().inWords();
	}

}
