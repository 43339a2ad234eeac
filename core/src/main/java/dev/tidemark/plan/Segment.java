package dev.tidemark.plan;

import java.util.List;

import dev.tidemark.source.CodeMigration;
import dev.tidemark.sql.SqlStatement;

/**
 * A part of a migration that is committed as a whole.
 */
public sealed interface Segment {

	/**
	 * Returns the statements of the segment.
	 * @return the statements in order
	 */
	List<SqlStatement> statements();

	/**
	 * Statements that share a transaction.
	 *
	 * @param statements the statements, possibly none
	 */
	record Transaction(List<SqlStatement> statements) implements Segment {

		/** Copies the list. */
		public Transaction {
			statements = List.copyOf(statements);
		}

	}

	/**
	 * A statement that runs by itself: it cannot run in a transaction, or its file begins
	 * and ends transactions on its own.
	 *
	 * @param statement the statement
	 */
	record Alone(SqlStatement statement) implements Segment {

		@Override
		public List<SqlStatement> statements() {
			return List.of(this.statement);
		}

	}

	/**
	 * A whole migration that is written in Java, in one transaction.
	 *
	 * @param migration the code
	 */
	record Code(CodeMigration migration) implements Segment {

		@Override
		public List<SqlStatement> statements() {
			return List.of();
		}

	}

}
