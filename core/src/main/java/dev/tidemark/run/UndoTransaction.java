package dev.tidemark.run;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.Step;

/**
 * Runs undo files in one transaction, which commits with all of their history rows. One
 * that does not get a lock in time is rolled back as a whole and tried again.
 */
final class UndoTransaction {

	static final String ROLLED_BACK = "The transaction was rolled back: the database is as it was before the undo.";

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
	UndoTransaction(RunContext context, List<Step> steps, int lastRank, Cancellation cancellation) {
		this.context = context;
		this.steps = steps;
		this.lastRank = lastRank;
		this.cancellation = cancellation;
	}

	/**
	 * Runs the files.
	 * @return how it went, in order
	 * @throws StepRunner.HistoryConflictException if another instance has written the
	 * history
	 * @throws StepRunner.StepFailure if a statement failed; it was that of the
	 * {@linkplain #current() current} step, or somebody asked for the end before it
	 */
	List<MigrationResult> run() throws StepRunner.HistoryConflictException, StepRunner.StepFailure {
		StepRunner.retrying(this.context, () -> current().migration().identity(), this::attempt, (failure) -> {
			try {
				this.context.session().rollBack();
			}
			catch (SQLException ex) {
				throw failure;
			}
		});
		return this.results;
	}

	private void attempt() throws StepRunner.HistoryConflictException, StepRunner.StepFailure {
		this.results.clear();
		begin();
		for (Step step : this.steps) {
			requireNotCancelled();
			if (this.results.size() == this.told) {
				this.told++;
				this.context.events().accept((listener) -> listener.migrationStarted(step));
			}
			StepRunner runner = new StepRunner(this.context, step, this.lastRank + this.results.size() + 1, true,
					false);
			this.results.add(runner.runWithin());
		}
		commit();
	}

	private void begin() throws StepRunner.StepFailure {
		try {
			this.context.session().execute(Session.BEGIN);
		}
		catch (SQLException ex) {
			throw failed(ex, false);
		}
	}

	private void requireNotCancelled() throws StepRunner.StepFailure {
		try {
			this.cancellation.check(ROLLED_BACK);
		}
		catch (TidemarkException ex) {
			throw new StepRunner.StepFailure(ex, List.of(), false);
		}
	}

	private void commit() throws StepRunner.StepFailure {
		this.context.watch().beginCommit(Origin.of(current()));
		try {
			this.context.lock().checked(this.context.session().commit(lockCheck()));
		}
		catch (SQLException ex) {
			throw failed(ex, isCommitted());
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

	private boolean isCommitted() {
		try {
			Session session = this.context.session();
			return !session.isInTransaction()
					&& this.context.table().isFinished(session.connection(), this.lastRank + this.steps.size());
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private StepRunner.StepFailure failed(SQLException ex, boolean committed) {
		Session session = this.context.session();
		Origin origin = Origin.of(current());
		Breakdown breakdown = committed ? null : Breakdown.of(session, ex, null);
		if (breakdown != null) {
			return broken(origin, breakdown);
		}
		Problem problem = StatementProblems.atCommit(origin, session.errorOf(ex));
		problem = problem.withState(committed ? UNDONE : ROLLED_BACK);
		return new StepRunner.StepFailure(new TidemarkException(problem, session.withoutSecrets(ex)), List.of(),
				committed);
	}

	private StepRunner.StepFailure broken(Origin origin, Breakdown breakdown) {
		Outcome outcome = breakdown.outcome(Evidence.ofRun(this.context.table(), this.lastRank + this.steps.size(),
				this.context.author().deploymentId()));
		Problem problem = breakdown.problem(origin, origin.place(), outcome,
				new Breakdown.States(UNDONE, "Nothing has to be undone again.", ROLLED_BACK));
		return new StepRunner.StepFailure(new TidemarkException(problem, breakdown.cause()), List.of(),
				outcome instanceof Outcome.Committed);
	}

	/** Returns the step that runs, or failed. */
	Step current() {
		return this.steps.get(Math.min(this.results.size(), this.steps.size() - 1));
	}

	/**
	 * Returns the steps that the listeners were told have started, the last one first.
	 */
	List<Step> started() {
		List<Step> started = new ArrayList<>(this.steps.subList(0, this.told));
		Collections.reverse(started);
		return started;
	}

}
