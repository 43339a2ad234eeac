package dev.tidemark.run.failure;

import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.session.watch.Obstruction;

/**
 * A statement or the commit of a step failed; the transaction may still be open.
 *
 * @since 0.1.0
 */
public final class StepFailure extends Exception {

	private static final long serialVersionUID = 1L;

	private static final String INVALID_TRANSACTION_TERMINATION = "2D000";

	private final TidemarkException failure;

	private final transient List<Blocker> blockers;

	private final Row row;

	private final boolean procedure;

	public StepFailure(Problem problem) {
		this(new TidemarkException(problem), List.of());
	}

	public StepFailure(TidemarkException failure, List<Blocker> blockers) {
		this(failure, blockers, Row.MISSING);
	}

	public StepFailure(TidemarkException failure, List<Blocker> blockers, Row row) {
		this(failure, blockers, row, false);
	}

	private StepFailure(TidemarkException failure, List<Blocker> blockers, Row row, boolean procedure) {
		super(failure);
		this.failure = failure;
		this.blockers = List.copyOf(blockers);
		this.row = row;
		this.procedure = procedure;
	}

	/** Whether the history still lacks the row that tells of the failure. */
	public boolean isToBeRecorded() {
		return this.row == Row.MISSING;
	}

	/** Whether the step is committed all the same, with its final row. */
	public boolean isCommitted() {
		return this.row == Row.COMMITTED;
	}

	/** Whether nobody knows yet what became of the step. */
	public boolean isUnknown() {
		return this.failure.code() == ErrorCode.OUTCOME_UNKNOWN;
	}

	/** Only a procedure or a block can end a transaction from within a statement. */
	public boolean endsTransactionItself() {
		return this.procedure && isTransactionTermination();
	}

	/** Whether the server refused to end a transaction from within a statement. */
	public boolean isTransactionTermination() {
		ServerError server = problem().server();
		return server != null && server.is(INVALID_TRANSACTION_TERMINATION);
	}

	public boolean isLockNotGranted() {
		return this.failure.code() == ErrorCode.LOCK_TIMEOUT;
	}

	public TidemarkException failure() {
		return this.failure;
	}

	/** Returns what is told first of it, and most often is all. */
	public Problem problem() {
		return this.failure.problems().get(0);
	}

	List<Blocker> blockers() {
		return this.blockers;
	}

	/** Returns the same failure, as one of a procedure or a block. */
	public StepFailure ofProcedure() {
		return new StepFailure(this.failure, this.blockers, this.row, true);
	}

	/** Returns the same failure, of which more is known. */
	public StepFailure withState(String state) {
		return new StepFailure(new TidemarkException(problem().withState(state), this.failure.getCause()),
				this.blockers, this.row, this.procedure);
	}

	/** Adds what the attempts before it have shown. */
	public StepFailure after(Attempts attempts, Obstruction seen) {
		Problem problem = problem();
		Problem told = new Problem(problem.code(), problem.severity(),
				problem.what() + " " + attempts + ". In the way, when last seen: " + seen + ".", problem.place(),
				problem.server(), problem.state(), problem.remedy());
		return new StepFailure(new TidemarkException(told, this.failure.getCause()), seen.blockers());
	}

	/**
	 * What the history has of a step that failed.
	 *
	 * @since 0.1.0
	 */
	public enum Row {

		/** Nothing that tells of the failure. */
		MISSING,

		/** The row of a step that came to its end. */
		COMMITTED,

		/** What others have written since, which must stay as it is. */
		OF_OTHERS;

		public static Row of(Outcome outcome) {
			if (outcome instanceof Outcome.Committed) {
				return COMMITTED;
			}
			return outcome.isToBeRecorded() ? MISSING : OF_OTHERS;
		}

	}

}
