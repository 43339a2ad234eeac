package dev.tidemark.plan.step;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.sql.script.SqlStatement;

/**
 * A part of a migration that is committed as a whole.
 *
 * @since 0.1.0
 */
public sealed interface Segment {

	/**
	 * Returns the statements of the segment.
	 * @return the statements in order
	 */
	List<SqlStatement> statements();

	/**
	 * Tells whether a transaction holds the segment together.
	 * @return {@code false} if what an interruption leaves of it has to be found out
	 */
	boolean isInTransaction();

	/**
	 * Return whether the file itself begins the transaction, by {@code BEGIN}.
	 * @return {@code false} if the segment may be cut further
	 */
	boolean ofFile();

	/**
	 * Return whether the segment is written in Java.
	 * @return {@code true} for what has no statements
	 */
	boolean isCode();

	/**
	 * Return how many statements the segment counts as.
	 * @return the number; code counts as one
	 */
	int statementCount();

	/**
	 * Return the segment with some statements by themselves, which the server refuses in
	 * a transaction.
	 * @param refused the statements, none of which ends a transaction
	 * @return the parts in order
	 */
	List<Segment> withAlone(Set<SqlStatement> refused);

	/**
	 * Hands the segment to whoever works with each kind of segment in its own way.
	 * @param <X> what that may throw
	 * @param <Y> what else it may throw
	 * @param visitor works with the segment
	 * @throws X as the visitor does
	 * @throws Y as the visitor does
	 */
	<X extends Exception, Y extends Exception> void accept(Visitor<X, Y> visitor) throws X, Y;

	/**
	 * Works with each kind of segment in its own way.
	 *
	 * @param <X> what it may throw
	 * @param <Y> what else it may throw
	 * @since 0.1.0
	 */
	interface Visitor<X extends Exception, Y extends Exception> {

		/**
		 * Works with statements that share a transaction.
		 * @param transaction the segment
		 * @throws X if it fails
		 * @throws Y if it fails in another way
		 */
		void transaction(Transaction transaction) throws X, Y;

		/**
		 * Works with a statement that runs by itself.
		 * @param alone the segment
		 * @throws X if it fails
		 * @throws Y if it fails in another way
		 */
		void alone(Alone alone) throws X, Y;

		/**
		 * Works with code.
		 * @param code the segment
		 * @throws X if it fails
		 * @throws Y if it fails in another way
		 */
		void code(Code code) throws X, Y;

	}

	/**
	 * Statements that share a transaction.
	 *
	 * @param statements the statements, possibly none
	 * @param ofFile whether the file itself begins the transaction, by {@code BEGIN}
	 * @since 0.1.0
	 */
	record Transaction(List<SqlStatement> statements, boolean ofFile) implements Segment {

		/** Copies the list. */
		public Transaction {
			statements = List.copyOf(statements);
		}

		Transaction(List<SqlStatement> statements) {
			this(statements, false);
		}

		@Override
		public boolean isInTransaction() {
			return true;
		}

		@Override
		public boolean isCode() {
			return false;
		}

		@Override
		public int statementCount() {
			return this.statements.size();
		}

		@Override
		public List<Segment> withAlone(Set<SqlStatement> refused) {
			if (this.ofFile || Collections.disjoint(this.statements, refused)) {
				return List.of(this);
			}
			List<Segment> parts = new ArrayList<>();
			List<SqlStatement> together = new ArrayList<>();
			for (SqlStatement statement : this.statements) {
				if (refused.contains(statement)) {
					addTo(parts, together);
					parts.add(new Alone(statement));
				}
				else {
					together.add(statement);
				}
			}
			addTo(parts, together);
			return parts;
		}

		private static void addTo(List<Segment> parts, List<SqlStatement> together) {
			if (!together.isEmpty()) {
				parts.add(new Transaction(together));
				together.clear();
			}
		}

		@Override
		public <X extends Exception, Y extends Exception> void accept(Visitor<X, Y> visitor) throws X, Y {
			visitor.transaction(this);
		}

	}

	/**
	 * A statement that runs by itself: it cannot run in a transaction, or its file begins
	 * and ends transactions on its own.
	 *
	 * @param statement the statement
	 * @since 0.1.0
	 */
	record Alone(SqlStatement statement) implements Segment {

		@Override
		public List<SqlStatement> statements() {
			return List.of(this.statement);
		}

		@Override
		public boolean isInTransaction() {
			return false;
		}

		@Override
		public boolean ofFile() {
			return false;
		}

		@Override
		public boolean isCode() {
			return false;
		}

		@Override
		public int statementCount() {
			return 1;
		}

		@Override
		public List<Segment> withAlone(Set<SqlStatement> refused) {
			return List.of(this);
		}

		@Override
		public <X extends Exception, Y extends Exception> void accept(Visitor<X, Y> visitor) throws X, Y {
			visitor.alone(this);
		}

	}

	/**
	 * A whole migration that is written in Java, in one transaction.
	 *
	 * @param migration the code
	 * @since 0.1.0
	 */
	record Code(CodeMigration migration) implements Segment {

		@Override
		public List<SqlStatement> statements() {
			return List.of();
		}

		@Override
		public boolean isInTransaction() {
			return true;
		}

		@Override
		public boolean ofFile() {
			return false;
		}

		@Override
		public boolean isCode() {
			return true;
		}

		@Override
		public int statementCount() {
			return 1;
		}

		@Override
		public List<Segment> withAlone(Set<SqlStatement> refused) {
			return List.of(this);
		}

		@Override
		public <X extends Exception, Y extends Exception> void accept(Visitor<X, Y> visitor) throws X, Y {
			visitor.code(this);
		}

	}

}
