package dev.tidemark.run.step;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.StatementProblems;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Work;
import dev.tidemark.run.step.lock.LockNeeds;
import dev.tidemark.run.step.lock.Opening;
import dev.tidemark.session.Cancellation;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.session.outcome.OutcomeReader;

/**
 * Runs undo files in one transaction, which commits with all of their history rows. One
 * that does not get a lock in time is rolled back as a whole and tried again.
 *
 * @since 0.1.0
 */
public final class UndoTransaction {

	private static final String UNDONE = "All migrations are undone and recorded.";

	private final RunContext context;

	private final List<Step> steps;

	private final int lastRank;

	private final Cancellation cancellation;

	private final List<MigrationResult> results = new ArrayList<>();

	/** How many steps the listeners know of. */
	private int told;

	/**
	 * Prepares to run.
	 * @param steps the steps, at least one, each of them atomic
	 * @param lastRank the highest rank of the history
	 * @param cancellation tells whether to stop before the next file
	 */
	public UndoTransaction(RunContext context, List<Step> steps, int lastRank, Cancellation cancellation) {
		this.context = context;
		this.steps = steps;
		this.lastRank = lastRank;
		this.cancellation = cancellation;
	}

	/**
	 * Runs the files.
	 * @return how it went, in order
	 * @throws HistoryConflictException if another instance has written the history
	 * @throws StepFailure if a statement failed; it was that of the
	 * {@linkplain #current() current} step, or somebody asked for the end before it
	 */
	public List<MigrationResult> run() throws HistoryConflictException, StepFailure {
		this.context.doing().begin(current());
		try {
			this.context.retrying()
				.run(needs(), this::attempt, this.context::rollBack, this.context.attempts(this::attempted));
		}
		catch (RuntimeException | Error ex) {
			throw broken(Breakdown.unexpected(this.context.session(), ex, null));
		}
		finally {
			this.context.doing().end();
		}
		return this.results;
	}

	/** All that is undone shares the transaction, and so the moment for its locks. */
	private LockNeeds needs() {
		return new LockNeeds(this.steps.stream()
			.flatMap((step) -> StepCallbacks.within(this.context.callbacks(), step).stream())
			.toList(), LockNeeds.Extent.TRANSACTION, null);
	}

	private MigrationAttempts.Attempted attempted() {
		return new MigrationAttempts.Attempted(current(), "The database is as it was before the undo.");
	}

	private void attempt(Opening opening) throws HistoryConflictException, StepFailure {
		this.results.clear();
		begin(opening);
		for (Step step : this.steps) {
			requireNotCancelled();
			this.context.doing().begin(step);
			if (this.results.size() == this.told) {
				this.told++;
				this.context.events()
					.accept((listener) -> listener.migrationStarted(Describe.migration(step, MigrationState.RUNNING)));
			}
			StepRunner runner = new StepRunner(this.context, step, this.lastRank + this.results.size() + 1, true,
					false);
			this.results.add(runner.runWithin());
		}
		commit();
	}

	private void begin(Opening opening) throws StepFailure {
		try {
			this.context.session().execute(opening.sql());
		}
		catch (SQLException ex) {
			throw failed(ex, new Outcome.RolledBack(Outcome.Server.SAME, false, 0));
		}
	}

	private void requireNotCancelled() throws StepFailure {
		try {
			this.cancellation.check(StepPosition.UNDO_ROLLED_BACK);
		}
		catch (TidemarkException ex) {
			throw new StepFailure(ex, List.of());
		}
	}

	private void commit() throws StepFailure {
		Session session = this.context.session();
		this.context.watch().begin(Work.commit(Origin.of(current())));
		try {
			this.context.lock().checked(session.commit(lockCheck()));
			session.init();
		}
		catch (SQLException ex) {
			throw failed(ex, null);
		}
		catch (TidemarkException ex) {
			// The commit was done before the SQL of init-sql failed, which comes after
			// it.
			throw notRenewed(ex.problems().get(0).server(), ex.getCause());
		}
		finally {
			this.context.watch().end();
		}
	}

	private String lockCheck() {
		if (this.context.callbacks().isAroundMigrations()) {
			return this.context.lock().check();
		}
		return this.context.lock().check(this.steps.stream().flatMap((step) -> step.statements().stream()).toList());
	}

	/**
	 * Says why the transaction failed.
	 * @param known what became of it, or {@code null} if its commit was sent
	 */
	private StepFailure failed(SQLException ex, @Nullable Outcome known) {
		Session session = this.context.session();
		Breakdown breakdown = Breakdown.of(session, ex, null);
		if (breakdown != null) {
			return broken(breakdown);
		}
		Outcome outcome = (known != null) ? known : OutcomeReader.outcomeOfCommit(session, evidence());
		if (session.isGivenUp()) {
			return broken(Breakdown.unexpected(session, ex, null), outcome);
		}
		if (outcome instanceof Outcome.Committed) {
			return notRenewed(session.errorOf(ex), session.withoutSecrets(ex));
		}
		Problem problem = StatementProblems.atCommit(session, Origin.of(current()), session.errorOf(ex))
			.withState(StepPosition.UNDO_ROLLED_BACK);
		return new StepFailure(new TidemarkException(problem, session.withoutSecrets(ex)), List.of());
	}

	private StepFailure notRenewed(@Nullable ServerError error, @Nullable Throwable cause) {
		Problem problem = Problem
			.error(ErrorCode.INIT_SQL, Origin.of(current()).place(),
					"The migrations are undone, but the session could not be made fresh after it.",
					"Check that the login may set again what " + SettingNames.name("connection.init-sql")
							+ " or the pool sets; nothing has to be undone again.")
			.withServer(error)
			.withState(UNDONE);
		return new StepFailure(new TidemarkException(problem, cause), List.of(), StepFailure.Row.COMMITTED);
	}

	private HistoryEvidence evidence() {
		return HistoryEvidence.ofRun(this.context.table(), this.lastRank + 1, this.lastRank + this.steps.size(),
				this.context.author().deploymentId());
	}

	private StepFailure broken(Breakdown breakdown) {
		return broken(breakdown, breakdown.outcome(evidence()));
	}

	private StepFailure broken(Breakdown breakdown, Outcome outcome) {
		Origin origin = Origin.of(current());
		Problem problem = StatementProblems.broken(breakdown, origin, origin.place(), outcome,
				new Breakdown.States(UNDONE, "Nothing has to be undone again.", StepPosition.UNDO_ROLLED_BACK));
		return new StepFailure(new TidemarkException(problem, breakdown.cause()), List.of(),
				StepFailure.Row.of(outcome));
	}

	/**
	 * Returns how those went that are undone and recorded before the
	 * {@linkplain #current() current} one, although that has failed: after its commit, or
	 * since code has committed the transaction that it ran in.
	 * @param failure how it failed
	 */
	public List<MigrationResult> undoneBefore(StepFailure failure) {
		boolean committed = failure.isCommitted() || failure.failure().code() == ErrorCode.CODE_COMMITTED;
		return committed ? List.copyOf(this.results.subList(0, Math.min(this.results.size(), this.steps.size() - 1)))
				: List.of();
	}

	/**
	 * Returns the rank of the row that tells of a failure. Where code has prepared the
	 * transaction, the ranks of those that ran before the current one are taken by it.
	 */
	public int rankOf(StepFailure failure) {
		boolean prepared = failure.failure().code() == ErrorCode.CODE_PREPARED;
		return this.lastRank + (prepared ? this.results.size() : undoneBefore(failure).size()) + 1;
	}

	/** Returns the step that runs, or failed. */
	public Step current() {
		return this.steps.get(Math.min(this.results.size(), this.steps.size() - 1));
	}

	/**
	 * Returns the steps that the listeners were told have started, the last one first.
	 */
	public List<Step> started() {
		List<Step> started = new ArrayList<>(this.steps.subList(0, this.told));
		Collections.reverse(started);
		return started;
	}

}
