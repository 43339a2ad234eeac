package dev.tidemark.run.step;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.KnownError;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.OwnWriteProblems;
import dev.tidemark.run.failure.StatementProblems;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.failure.TransactionFailures;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.session.outcome.OutcomeReader;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.SessionEffects;

/**
 * Says what goes wrong with a step, and in which state the database is then.
 */
final class StepProblems implements TransactionFailures {

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private static final String OBJECT_NOT_READY = "55000";

	private static final String NO_RIGHT = "42501";

	private static final Logger logger = PlainLogger.of(StepProblems.class);

	private final RunContext context;

	private final Session session;

	private final StepRow row;

	private final Step step;

	private final Origin origin;

	private final StepPosition position;

	StepProblems(RunContext context, StepRow row) {
		this.context = context;
		this.session = context.session();
		this.row = row;
		this.step = row.step();
		this.origin = row.origin();
		this.position = row.position();
	}

	/** Returns what a person has to decide. */
	StepDecisions decisions() {
		return new StepDecisions(this.row);
	}

	@Override
	public StepFailure failed(@Nullable SqlStatement statement, SQLException ex) {
		Breakdown breakdown = Breakdown.of(this.session, ex, statement);
		if (breakdown != null) {
			return broken(statement, breakdown, breakdown.outcome(this.row.evidence()));
		}
		ServerError error = this.session.errorOf(ex, statement);
		Problem problem = correctingTheRest(StatementProblems.failed(this.session, this.origin, statement, error)
			.withState(this.position.afterFailure()));
		if (statement != null && this.position.isInProcedure()) {
			problem = decisions().aboutProcedure(problem, statement);
		}
		else if (statement != null && error.is(OBJECT_NOT_READY) && SessionEffects.of(statement).readsLastValue()
				&& this.step.resumed() != null) {
			problem = problem.withRemedy(findingTheValue());
		}
		StepFailure failure = new StepFailure(
				new TidemarkException(problem, this.session.withoutSecrets(ex, statement)),
				this.context.watch().blockers());
		return (statement != null && Step.mayCommit(statement)) ? failure.ofProcedure() : failure;
	}

	private String findingTheValue() {
		return "The sequence gave its value to the session of the run that this one continues,"
				+ " and currval() and lastval() know of no other session's. Let the statement find the value in"
				+ " another way, such as the row that was written with it, and start again"
				+ ((this.position.committed() > 0) ? "; leave " + this.position.doneStatements() + " as it is." : ".");
	}

	/** What is done of a file must stay as it was when it ran. */
	private Problem correctingTheRest(Problem problem) {
		ServerError server = problem.server();
		KnownError known = (server != null) ? KnownError.of(server).orElse(null) : null;
		if (!this.position.isPartDone() || (known != null && known.hasCode())) {
			return problem;
		}
		if (known != null && !known.isPassedOver() && !problem.remedy().equals(this.origin.remedy())) {
			return problem.withRemedy(problem.remedy() + this.position.leavingDone());
		}
		return problem
			.withRemedy("Leave what is done (" + this.position.doneStatements() + ") as it is, correct the rest of the "
					+ (this.step.isUndo() ? "undo file" : "file") + ", and start again.");
	}

	@Override
	public StepFailure unexpected(@Nullable SqlStatement statement, Throwable thrown) {
		Breakdown breakdown = Breakdown.unexpected(this.session, thrown, statement);
		return broken(statement, breakdown, breakdown.outcome(this.row.evidence()));
	}

	/** The session has ended: what became of the step was looked up over another one. */
	private StepFailure broken(@Nullable SqlStatement statement, Breakdown breakdown, Outcome outcome) {
		if (outcome instanceof Outcome.RolledBack back && !this.step.isAtomic()) {
			this.row.fallBack(back);
		}
		Place place = (statement != null) ? this.origin.place(statement) : this.origin.place();
		Problem problem = StatementProblems.broken(breakdown, this.origin, place, outcome, states());
		return new StepFailure(new TidemarkException(problem, breakdown.cause()), this.context.watch().blockers(),
				StepFailure.Row.of(outcome));
	}

	private Breakdown.States states() {
		return new Breakdown.States(
				"The " + (this.step.isUndo() ? "undo" : "migration") + " is " + this.row.done()
						+ ", as a whole, and recorded so.",
				"Do not change the file, which is " + this.row.done()
						+ ": what is wrong with it needs a new migration.",
				this.position.afterFailure());
	}

	@Override
	public StepFailure commitFailed(SQLException ex, boolean last, boolean own) throws HistoryConflictException {
		ServerError error = this.session.errorOf(ex);
		if (this.context.table().isConflict(error)) {
			throw new HistoryConflictException();
		}
		Breakdown breakdown = Breakdown.of(this.session, ex, null);
		if (breakdown != null) {
			return broken(null, breakdown, breakdown.outcome(this.row.evidence()));
		}
		Outcome outcome = last ? OutcomeReader.outcomeOfCommit(this.session, this.row.evidence()) : null;
		if (outcome != null && this.session.isGivenUp()) {
			return broken(null, Breakdown.unexpected(this.session, ex, null), outcome);
		}
		if (!last) {
			this.position.failAtCommit();
		}
		boolean done = outcome instanceof Outcome.Committed;
		if (!done && own && this.row.isBegun() && this.context.table().isRowGone(error)) {
			OwnRow found = lookAtOwnRow();
			if (found != null && !found.isUndisturbed()) {
				return overtaken(found);
			}
		}
		Problem problem = done ? notRenewed().withServer(error) : notCommitted(error, own);
		return new StepFailure(new TidemarkException(problem, this.session.withoutSecrets(ex)), List.of(),
				done ? StepFailure.Row.COMMITTED : StepFailure.Row.MISSING);
	}

	private @Nullable OwnRow lookAtOwnRow() {
		try {
			this.session.rollBack();
			return this.row.read();
		}
		catch (SQLException | TidemarkException ex) {
			logger.debug("The row of the run could not be read again: {}", ex.getClass().getName());
			return null;
		}
	}

	/** The commit was done before the SQL of init-sql failed, which comes after it. */
	StepFailure notRenewed(TidemarkException ex) {
		Problem problem = notRenewed().withServer(ex.problems().get(0).server());
		return new StepFailure(new TidemarkException(problem, ex.getCause()), List.of(), StepFailure.Row.COMMITTED);
	}

	private Problem notRenewed() {
		return Problem.error(ErrorCode.INIT_SQL, this.origin.place(),
				"The migration is " + this.row.done() + ", but its session could not be made fresh for the next one.",
				"Check that the login may set again what " + SettingNames.name("connection.init-sql")
						+ " or the pool sets, and start again.")
			.withState("This migration and those before it are " + this.row.done() + "; those after it are not.");
	}

	private Problem notCommitted(ServerError error, boolean own) {
		Optional<Problem> around = own
				? OwnWriteProblems.of(this.session, this.context.table(), this.origin.place(), error)
				: Optional.empty();
		if (around.isEmpty() && own && error.is(LOCK_NOT_AVAILABLE)) {
			around = Optional.of(ownLockNotGranted().withServer(error));
		}
		return around.orElseGet(() -> correctingTheRest(notCommitted(error).withServer(error)))
			.withState(this.position.afterFailure());
	}

	private Problem ownLockNotGranted() {
		return Problem.error(ErrorCode.LOCK_TIMEOUT, this.origin.place(),
				"Tidemark's own write to the history " + this.context.table().qualifiedName() + ", for "
						+ this.row.inWords() + ", did not get its lock within lock_timeout.",
				"Start again when the sessions that hold the lock on the history table are done (see"
						+ " pg_blocking_pids), or raise " + SettingNames.name("locks.max-duration")
						+ "; the file needs no change.");
	}

	private Problem notCommitted(ServerError error) {
		if (error.is(NO_RIGHT)) {
			return Problem.error(ErrorCode.HISTORY_ACCESS, this.origin.place(),
					"The role may not write what the end of the migration needs: it lacks a right, or a policy of the history"
							+ " table (WITH CHECK) refuses the row.",
					"Grant the role that migrates what it lacks, GRANT SELECT, INSERT, UPDATE ON TABLE "
							+ this.context.table().qualifiedName()
							+ " TO <role>; and keep row security away from that table: ALTER TABLE "
							+ this.context.table().qualifiedName() + " DISABLE ROW LEVEL SECURITY; Then start again.");
		}
		return StatementProblems.atCommit(this.session, this.origin, error);
	}

	/** Somebody else has written about the run, which must do nothing any more. */
	StepFailure overtaken(OwnRow own) {
		HistoryRow later = own.later();
		Problem problem = (later != null) ? overtakenBy(later) : changed();
		if (own.isRunning()) {
			// Nobody must take the process for one that is at work on it.
			this.session.cutAtClose();
		}
		return new StepFailure(new TidemarkException(problem), List.of(), StepFailure.Row.OF_OTHERS);
	}

	private Problem overtakenBy(HistoryRow later) {
		return Problem
			.error(ErrorCode.HISTORY_CONFLICT, this.origin.place(),
					"Another instance has gone on with the history while this one ran " + this.row.inWords()
							+ ": deployment " + later.author().deploymentId() + " on " + later.author().instance()
							+ " has written rank " + later.entry().rank() + ".",
					"Start again when the other instance is done: the history decides. A statement that releases all"
							+ " advisory locks of its session (DISCARD ALL, pg_advisory_unlock_all) lets another"
							+ " instance in; leave it out.")
			.withState("This run has stopped. By itself, " + this.position.done() + " The other row says of "
					+ later.entry().identity().inWords() + ": " + later.entry().state() + ", "
					+ later.entry().statementsDone() + " of " + later.entry().statementsTotal() + " statements.");
	}

	private Problem changed() {
		return Problem.error(ErrorCode.HISTORY_LAYOUT, this.origin.place(),
				"The history row of the running migration is gone, or somebody changed its state.",
				"Do not write to the history table while migrations run, nor from a migration. The next start goes by"
						+ " what the table says then, and runs a file of which there is no row from its beginning:"
						+ " look at the table before it, and at what is done.")
			.withState(this.position.afterFailure());
	}

	StepFailure openTransaction() {
		return new StepFailure(Problem
			.error(ErrorCode.OPEN_TRANSACTION, this.origin.place(),
					"The file begins a transaction and does not end it.",
					"Add the COMMIT that is missing, and start again." + this.position.leavingDone())
			.withState("The open transaction was rolled back. " + this.position.progress()));
	}

}
