package dev.tidemark.run.step;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Work;
import dev.tidemark.run.step.lock.LockNeeds;
import dev.tidemark.run.step.lock.LockRetrying;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;

/**
 * Writes down what becomes of a step, each time in a transaction of its own: those writes
 * of its row that no statement of its file shares a transaction with.
 */
final class StepJournal {

	private final RunContext context;

	private final StepRow row;

	private final StepProblems problems;

	/** As what the migration counts since its failure is recorded. */
	private @Nullable MigrationState failedAs;

	StepJournal(RunContext context, StepRow row, StepProblems problems) {
		this.context = context;
		this.row = row;
		this.problems = problems;
	}

	/** The step begins. */
	void begin() throws HistoryConflictException, StepFailure {
		write(this.row.begin());
		this.row.begun();
	}

	/** Writes how many statements have run. */
	void progress() throws HistoryConflictException, StepFailure {
		write(this.row.progress());
	}

	/** Writes again what is known of what is committed. */
	void committed() throws HistoryConflictException, StepFailure {
		write(this.row.committed());
	}

	/**
	 * The step has come to its end, and the session is made fresh for the next one.
	 * @param lockCheck the query for the advisory locks of the session
	 */
	void end(String lockCheck) throws HistoryConflictException, StepFailure {
		retrying((opening) -> endOnce(lockCheck));
	}

	private void endOnce(String lockCheck) throws HistoryConflictException, StepFailure {
		try {
			this.context.watch().begin(Work.commit(this.row.origin()));
			InstanceLock lock = this.context.lock();
			lock.checked(this.context.session().writeLast(this.row.end(), lockCheck));
		}
		catch (SQLException ex) {
			throw this.problems.commitFailed(ex, true, true);
		}
		catch (TidemarkException ex) {
			throw this.problems.notRenewed(ex);
		}
		finally {
			this.context.watch().end();
		}
	}

	private void write(String write) throws HistoryConflictException, StepFailure {
		retrying((opening) -> writeOnce(write));
	}

	private void writeOnce(String write) throws HistoryConflictException, StepFailure {
		this.context.watch().begin(Work.commit(this.row.origin()));
		try {
			this.context.session().write(write);
		}
		catch (SQLException ex) {
			throw this.problems.commitFailed(ex, false, true);
		}
		finally {
			this.context.watch().end();
		}
	}

	/** What ran before a write of our own is done, and does not run again. */
	private void retrying(LockRetrying.Attempt<HistoryConflictException> write)
			throws HistoryConflictException, StepFailure {
		this.context.retrying()
			.run(LockNeeds.UNKNOWN, write, this.context::rollBack, this.context.attempts(this.row::attempted));
	}

	/**
	 * Records a failure, in a transaction of its own.
	 * @param over the session in which to do so
	 */
	void fail(Session over, Problem problem) throws SQLException {
		StepPosition position = this.row.position();
		boolean interrupted = position.isInProcedure() || problem.code() == ErrorCode.INTERRUPTED
				|| problem.code() == ErrorCode.CODE_COMMITTED || problem.code() == ErrorCode.CODE_PREPARED;
		MigrationState state = interrupted ? MigrationState.INTERRUPTED : MigrationState.FAILED;
		HistoryRow failed = this.row.failed(state, problem);
		over.write(this.row.fail(failed));
		if (failed.entry().decides()) {
			this.failedAs = position.isInDoubt() ? MigrationState.INTERRUPTED : state;
		}
	}

	/** Returns as what the migration counts now, {@code null} if that is not known. */
	@Nullable MigrationState failedAs() {
		return this.failedAs;
	}

}
