package dev.tidemark.run.step;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.recovery.Recovery;
import dev.tidemark.run.recovery.Verdict;
import dev.tidemark.run.step.lock.LockNeeds;
import dev.tidemark.session.script.SessionRecord;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.SessionEffects;
import dev.tidemark.statement.parse.Statements;

/**
 * Goes on with a file that an earlier run has left half done: in a session like that of
 * the earlier run, and from the statement at which it ended.
 */
final class Resumption {

	private static final String VALUES_OF_SEQUENCES = "sequences had given it values, of which what is left reads one by"
			+ " currval() or lastval()";

	private static final Logger logger = PlainLogger.of(Resumption.class);

	private final RunContext context;

	private final StepRow row;

	private final StepProblems problems;

	private final StepJournal journal;

	private final StatementRunner statements;

	private final FollowedSession followed;

	Resumption(RunContext context, StepRow row, StepProblems problems, StepJournal journal, StatementRunner statements,
			FollowedSession followed) {
		this.context = context;
		this.row = row;
		this.problems = problems;
		this.journal = journal;
		this.statements = statements;
		this.followed = followed;
	}

	/**
	 * Makes the session what the statements that are done have made of theirs, or leaves
	 * it to a person what to do where that cannot be: what is left of the file could act
	 * on something else.
	 */
	void restoreSession(HistoryEntry resumed) throws StepFailure {
		SessionRecord wanted = resumed.session();
		try {
			if (wanted == null) {
				// An earlier version has recorded nothing of it.
				for (SqlStatement statement : done()) {
					if (SessionEffects.of(statement).setsOnly()) {
						this.statements.run(statement);
					}
				}
				this.followed.see();
				return;
			}
			List<String> refused = setSecretsAgain(wanted);
			List<String> differences = this.followed.restore(wanted, refused,
					needsValuesOfSequences() ? List.of(VALUES_OF_SEQUENCES) : List.of(),
					(told) -> resumed.state() == MigrationState.FAILED && wanted.hasTold(told));
			differences.forEach((difference) -> logger.warn(
					"Continuing {} as it was decided, although its session is not what it was: {}", this.row.inWords(),
					difference));
		}
		catch (SQLException ex) {
			throw this.problems.failed(null, ex);
		}
	}

	private List<SqlStatement> done() {
		return this.row.step().done();
	}

	/**
	 * What their values are must not be kept, so the statements that set them run again.
	 * @return for each one that the server refuses a clause for people
	 */
	private List<String> setSecretsAgain(SessionRecord wanted) throws StepFailure {
		List<String> refused = new ArrayList<>();
		for (SqlStatement statement : done()) {
			if (wanted.digests().isEmpty() || !SessionEffects.of(statement).setsOnly()
					|| Collections.disjoint(SessionEffects.of(statement).named(), wanted.digests().keySet())) {
				continue;
			}
			try {
				this.statements.run(statement);
			}
			catch (StepFailure ex) {
				ServerError error = ex.problem().server();
				if (error == null || !this.context.session().isAlive()) {
					throw ex;
				}
				refused.add("the server refuses statement " + statement.number() + " now (" + error.message() + ")");
			}
		}
		return refused;
	}

	/** What a sequence gave to one session last, no other one can ask for. */
	private boolean needsValuesOfSequences() {
		Step step = this.row.step();
		return done().stream().anyMatch((statement) -> SessionEffects.of(statement).mayGetValue()) && step.segments()
			.stream()
			.flatMap((segment) -> segment.statements().stream())
			.anyMatch((statement) -> SessionEffects.of(statement).readsLastValue());
	}

	/**
	 * Looks for what became of the statement at which the last run ended, and clears away
	 * what it left.
	 * @return whether its effect is there, so that it must not run again
	 */
	boolean isDone(SqlStatement statement) throws HistoryConflictException, StepFailure {
		Verdict verdict = examine(statement);
		StepPosition position = this.row.position();
		position.found();
		logger.info("Continuing {} at statement {} ({}): {}", this.row.inWords(), statement.number(),
				statement.excerpt(), masked(statement, verdict.seen()));
		if (verdict instanceof Verdict.Done done) {
			clear(statement, done.completion());
			position.advance();
			this.journal.progress();
			position.commit();
			return true;
		}
		if (verdict instanceof Verdict.NotDone notDone) {
			clear(statement, notDone.cleanup());
			return false;
		}
		if (verdict instanceof Verdict.Undecided undecided) {
			if (position.isResumedInDoubt()) {
				throw new StepFailure(this.problems.decisions()
					.aboutStatement(statement, masked(statement, undecided.seen()),
							masked(statement, String.join("\n", undecided.options()))));
			}
			return false;
		}
		throw new IllegalStateException("Unknown kind of verdict: " + verdict.getClass());
	}

	private Verdict examine(SqlStatement statement) throws StepFailure {
		try {
			return Recovery.examine(this.context.session().connection(), statement);
		}
		catch (SQLException ex) {
			throw this.problems.failed(statement, ex);
		}
	}

	private String masked(SqlStatement statement, String text) {
		return StatementRunner.masked(this.context.session(), statement, text);
	}

	private static LockNeeds needs(String sql) {
		return new LockNeeds(SqlScript.parse(sql).statements(), LockNeeds.Extent.STATEMENT, null);
	}

	private static boolean waitsInTurn(String sql) {
		return SqlScript.parse(sql)
			.statements()
			.stream()
			.anyMatch((statement) -> Statements.of(statement).waitsInTurn());
	}

	/** What clears up is guarded and watched as the statement itself would be. */
	private void clear(SqlStatement statement, List<String> cleanup) throws StepFailure {
		for (String sql : cleanup) {
			logger.info("Clearing up first: {}", masked(statement, sql));
			if (waitsInTurn(sql)) {
				this.statements.runInTurn(() -> this.statements.run(statement, sql));
			}
			else {
				this.context.retrying()
					.run(needs(sql), (opening) -> this.statements.run(statement, sql), this.context::rollBack,
							this.context.attempts(this.row::attempted));
			}
		}
	}

}
