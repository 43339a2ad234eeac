package dev.tidemark.run.step;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.failure.TransactionFailures;
import dev.tidemark.run.progress.Interludes;
import dev.tidemark.run.progress.Interludes.Moment;
import dev.tidemark.run.step.lock.Opening;
import dev.tidemark.session.Pipeline;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.outcome.SessionEnd;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Runs statements in one transaction, which ends with a write of our own. They are sent
 * without waiting for one before the next is on its way: where one fails, the server
 * refuses all that follow.
 */
final class TransactionRunner {

	private final Session session;

	private final StatementRunner statements;

	private final TransactionFailures failures;

	private final Interludes interludes;

	private final Runnable completed;

	/**
	 * Prepares to run.
	 * @param statements looks after the statements
	 * @param failures says what their failures mean, and those of the end
	 * @param interludes runs in between
	 * @param completed is called whenever a statement is done
	 */
	TransactionRunner(Session session, StatementRunner statements, TransactionFailures failures, Interludes interludes,
			Runnable completed) {
		this.session = session;
		this.statements = statements;
		this.failures = failures;
		this.interludes = interludes;
		this.completed = completed;
	}

	/**
	 * Runs a transaction.
	 * @param opening begins it
	 * @param statements the statements
	 * @param end the SQL that ends it
	 * @param whole whether these are all statements, so that it is the last transaction
	 * @return how many rows the end returned
	 */
	long run(Opening opening, List<SqlStatement> statements, String end, boolean whole)
			throws HistoryConflictException, StepFailure {
		Course course = new Course(opening, statements);
		try {
			send(opening, statements, whole, course);
			if (course.recovers || statements.stream().anyMatch(InstanceLock::callsFunctions)
					|| !course.batch.takes(end)) {
				// What a function sets may be more than the driver can live with.
				course.flush();
			}
			course.batch.add(end);
			return this.session.execute(course.batch.take(), course);
		}
		catch (SQLException ex) {
			if (course.isAtEnd()) {
				throw this.failures.commitFailed(ex, whole, course.isAtOwnWrite());
			}
			throw this.failures.failed(course.failed(ex), ex);
		}
		finally {
			this.statements.endWatch();
		}
	}

	/**
	 * Runs code in a transaction.
	 * @param opening begins it
	 * @param code the code
	 * @param end the SQL that ends the transaction, which is the last one
	 * @return how many rows the end returned
	 */
	long run(Opening opening, Code code, String end) throws HistoryConflictException, StepFailure {
		Course course = new Course(opening, List.of());
		try {
			this.session.execute(opening.sql(), course);
			if (this.interludes.isDue(Moment.BEFORE)) {
				this.interludes.run(Moment.BEFORE, null);
			}
			code.run();
			if (this.interludes.isDue(Moment.AFTER)) {
				this.interludes.run(Moment.AFTER, null);
			}
			this.statements.beginCommit();
			return this.session.execute(List.of(end), course);
		}
		catch (SQLException ex) {
			throw this.failures.commitFailed(ex, true, course.isAtOwnWrite());
		}
		finally {
			this.statements.endWatch();
		}
	}

	private void send(Opening opening, List<SqlStatement> statements, boolean whole, Course course)
			throws SQLException, StepFailure {
		course.batch.add(opening.sql());
		if (whole) {
			pause(Moment.BEFORE, null, course);
		}
		for (SqlStatement statement : statements) {
			pause(Moment.BEFORE_STATEMENT, statement, course);
			send(statement, course);
			pause(Moment.AFTER_STATEMENT, statement, course);
		}
		if (whole) {
			pause(Moment.AFTER, null, course);
		}
	}

	private void send(SqlStatement statement, Course course) throws SQLException {
		if (statement.copyData() != null) {
			course.flush();
			this.statements.copy(statement);
			course.run();
			return;
		}
		if (course.recovers || !course.batch.takes(statement.text())) {
			course.flush();
		}
		course.batch.add(statement.text());
	}

	private void pause(Moment moment, @Nullable SqlStatement statement, Course course)
			throws SQLException, StepFailure {
		if (this.interludes.isDue(moment)) {
			course.flush();
			this.interludes.run(moment, statement);
			course.goOn();
		}
	}

	/** Follows a transaction command by command, the first ones being its opening. */
	private final class Course implements Runnable {

		/** The BEGIN, and the check of what was deferred. */
		private static final int AFTER_DEFERRED = 2;

		/** The settings of our write, the row, and its check; then comes the commit. */
		private static final int OWN_COMMANDS = 3;

		private final List<SqlStatement> statements;

		/** After that, the server would take again what follows a failure. */
		private final boolean recovers;

		private final Pipeline batch = new Pipeline();

		/** How many since the one that opened it, which counts too. */
		private int completed;

		Course(Opening opening, List<SqlStatement> statements) {
			this.completed = 1 - opening.commands();
			this.statements = statements;
			this.recovers = statements.stream().anyMatch((statement) -> statement.command().equals("ROLLBACK"));
		}

		void flush() throws SQLException {
			if (!this.batch.isEmpty()) {
				TransactionRunner.this.session.execute(this.batch.take(), this);
			}
		}

		@Override
		public void run() {
			int next = this.completed++;
			if (next > 0 && next <= this.statements.size()) {
				TransactionRunner.this.completed.run();
			}
			watch(next);
		}

		/** The statement after a pause is watched from where it begins. */
		void goOn() {
			watch(this.completed - 1);
		}

		private void watch(int next) {
			if (next >= 0 && next < this.statements.size()) {
				TransactionRunner.this.statements.beginWatch(this.statements.get(next));
			}
			else if (next == this.statements.size()) {
				TransactionRunner.this.statements.beginCommit();
			}
		}

		boolean isAtEnd() {
			return this.completed > this.statements.size();
		}

		/**
		 * Whether the file has nothing to do with the error: what it left for the end of
		 * its transaction is done, and the session is not being made fresh yet.
		 */
		boolean isAtOwnWrite() {
			int own = this.completed - this.statements.size() - AFTER_DEFERRED;
			return own >= 0 && own <= OWN_COMMANDS;
		}

		/** The driver only refuses a setting when its statement is through. */
		@Nullable SqlStatement failed(SQLException ex) {
			int index = this.completed
					- (SessionEnd.isRefusedByDriver(TransactionRunner.this.session.errorOf(ex)) ? 2 : 1);
			return (index >= 0) ? this.statements.get(index) : null;
		}

	}

	/** What works in a transaction. */
	@FunctionalInterface
	interface Code {

		void run() throws StepFailure;

	}

}
