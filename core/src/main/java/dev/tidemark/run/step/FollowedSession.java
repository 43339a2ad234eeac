package dev.tidemark.run.step;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.UsedPlaceholders;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.script.ScriptSession;
import dev.tidemark.session.script.SessionRecord;
import dev.tidemark.statement.parse.SessionEffects;

/**
 * The session of a step that commits in between: what its statements make of it, which
 * the row of the step has to tell, and whether the instance lock is held throughout.
 */
final class FollowedSession {

	private static final Logger logger = PlainLogger.of(FollowedSession.class);

	private final RunContext context;

	private final Session session;

	private final StepRow row;

	private final StepProblems problems;

	private final ScriptSession script;

	/** Whether the session was seen to be as it was before the last statement. */
	private boolean unchanged;

	/** What was seen of the instance lock after the last statement; 0 if nothing. */
	private long hold;

	/** What the session was within the last transaction. */
	private ScriptSession.Snapshot within;

	/** Whether what was recorded of that transaction tells what the session is. */
	private boolean certain;

	private FollowedSession(RunContext context, StepRow row, StepProblems problems, ScriptSession script) {
		this.context = context;
		this.session = context.session();
		this.row = row;
		this.problems = problems;
		this.script = script;
		this.within = script.known();
	}

	/** Begins to follow a session that is fresh. */
	static FollowedSession begin(RunContext context, StepRow row, StepProblems problems)
			throws HistoryConflictException, StepFailure {
		Step step = row.step();
		Set<String> names = new TreeSet<>();
		step.statements().forEach((statement) -> names.addAll(SessionEffects.of(statement).named()));
		try {
			UsedPlaceholders placeholders = step.placeholders();
			ScriptSession script = ScriptSession.begin(context.session(), names,
					placeholders != null && !placeholders.isEmpty());
			if (row.position().committed() == 0) {
				row.session(script.record(script.known()));
			}
			return new FollowedSession(context, row, problems, script);
		}
		catch (SQLException ex) {
			throw problems.commitFailed(ex, false, true);
		}
	}

	/** Sees what it is after what an earlier version has recorded nothing of. */
	void see() throws SQLException {
		know(this.script.read());
	}

	/**
	 * Makes it what a record says, as far as that can be.
	 * @param refused what could not be made already, in words
	 * @param more what is known to be different besides, in words
	 * @param isDecided tells whether a person has decided to go on in spite of that
	 * @return what is different all the same
	 * @throws StepFailure if somebody has to decide about the differences
	 */
	List<String> restore(SessionRecord wanted, List<String> refused, List<String> more,
			Predicate<List<String>> isDecided) throws SQLException, StepFailure {
		List<String> differences = new ArrayList<>(refused);
		differences.addAll(this.script.restore(wanted));
		ScriptSession.Snapshot now = this.script.read();
		differences.addAll(this.script.differences(wanted, now));
		differences.addAll(more);
		if (!differences.isEmpty() && !isDecided.test(differences)) {
			this.row.session(this.script.asked(wanted, now, differences));
			throw new StepFailure(this.problems.decisions().aboutSession(differences));
		}
		know(now);
		return differences;
	}

	private void know(ScriptSession.Snapshot snapshot) {
		this.script.know(snapshot);
		this.row.session(this.script.record(snapshot));
	}

	/** Returns a query that has one row if the session still is what it was. */
	String check() {
		return this.script.check(this.script.known());
	}

	/** Returns the same query, which looks after the instance lock, too. */
	String checkWithLock() {
		return this.context.lock().hold(check());
	}

	/** A statement begins of which nothing is seen yet. */
	void begin() {
		this.unchanged = false;
		this.hold = 0;
	}

	/** Hears how many rows the query with the lock had. */
	void checked(long rows) {
		this.hold = rows;
		this.unchanged = InstanceLock.hadRow(rows);
	}

	/** That it cannot be seen must not keep the progress from being recorded. */
	void look() throws StepFailure {
		if (this.unchanged) {
			return;
		}
		try {
			see();
		}
		catch (SQLException ex) {
			notSeen(ex);
		}
	}

	/**
	 * Sees what it is at the end of a transaction. What is set in it may end with it:
	 * until that is known, it counts as uncertain.
	 * @param same whether it is as it was before
	 */
	void lookWithin(boolean same) throws SQLException {
		ScriptSession.Snapshot before = this.script.known();
		this.within = before;
		this.certain = same;
		if (!same) {
			this.within = this.script.read();
			this.certain = this.within.isLike(before);
			if (!this.certain) {
				this.row.session(this.script.record(this.within).uncertain());
			}
		}
	}

	/**
	 * Looks whether what was made of it has outlasted the transaction.
	 * @return whether the row tells so already
	 */
	boolean hasOutlasted() throws StepFailure {
		return isStill(this.within) && this.certain;
	}

	private boolean isStill(ScriptSession.Snapshot snapshot) throws StepFailure {
		this.hold = 0;
		try {
			this.hold = this.session.execute(List.of(this.context.lock().hold(this.script.check(snapshot))), () -> {
			});
			boolean still = InstanceLock.hadRow(this.hold);
			know(still ? snapshot : this.script.read());
			return still;
		}
		catch (SQLException ex) {
			notSeen(ex);
			return false;
		}
	}

	private void notSeen(SQLException ex) throws StepFailure {
		if (!this.session.isAlive()) {
			throw this.problems.failed(null, ex);
		}
		logger.debug("What the session is like could not be read: {}", this.session.errorOf(ex));
		this.row.sessionIsUncertain();
	}

	/**
	 * Requires that this run may go on: a statement may have released the instance lock,
	 * with which another instance may have begun to work. It is held again then.
	 */
	void keepLock() throws StepFailure {
		try {
			if (this.context.lock().holdOn(this.hold)) {
				return;
			}
			logger.warn(
					"A statement of {} released the instance lock, as all advisory locks of its session; it is held again",
					this.row.inWords());
			OwnRow own = this.row.read();
			if (!own.isUndisturbed()) {
				throw this.problems.overtaken(own);
			}
		}
		catch (SQLException ex) {
			throw this.problems.failed(null, ex);
		}
		catch (TidemarkException ex) {
			throw new StepFailure(new TidemarkException(ex.problems().get(0).withState(this.row.position().progress()),
					ex.getCause()), List.of());
		}
	}

}
