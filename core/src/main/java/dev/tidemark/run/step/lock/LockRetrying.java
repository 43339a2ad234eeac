package dev.tidemark.run.step.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;

import dev.tidemark.catalogue.RelationLocks;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.run.failure.Attempts;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.run.settings.Willingness;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.RelationLock;
import dev.tidemark.session.watch.Obstruction;

/**
 * Makes an attempt when it is worth to queue for its locks, and tries again what did not
 * get them in time, as long as the budget allows it. What an attempt has done is rolled
 * back before the pause, so that it stands in nobody's way.
 *
 * @since 0.1.0
 */
public final class LockRetrying {

	private static final Logger logger = PlainLogger.of(LockRetrying.class);

	private final Session session;

	private final LockRetry budget;

	private final CurrentRun doing;

	private final OwnRelations own = new OwnRelations();

	/** Whether the server has refused a look: that is said once for a run. */
	private boolean blind;

	/**
	 * Prepares for the attempts of a run.
	 * @param session the session that migrates, prepared
	 * @param budget how long to look and to try
	 * @param doing says to others what the run is doing
	 */
	public LockRetrying(Session session, LockRetry budget, CurrentRun doing) {
		this.session = session;
		this.budget = budget;
		this.doing = doing;
	}

	/**
	 * Makes attempts.
	 * @param <X> what an attempt may throw besides
	 * @param needs what an attempt runs
	 * @param attempt one go
	 * @param rollBack takes back what it has done
	 * @param report tells people of those that did not get their locks
	 * @throws X as an attempt does
	 * @throws StepFailure if one fails in another way, or the last one too
	 */
	public <X extends Exception> void run(LockNeeds needs, Attempt<X> attempt, RollBack rollBack, LockReport report)
			throws X, StepFailure {
		// A file that says so has set it for its session.
		Duration ceiling = (needs.timeout() != null) ? needs.timeout() : this.session.settings().lockTimeout();
		RelationLocks locks = this.blind ? RelationLocks.UNKNOWN : locks(needs, report);
		List<RelationLock> wanted = locks.locks().stream().filter((lock) -> lock.mode().isStrong()).toList();
		boolean quiet = wanted.isEmpty() && !locks.locks().isEmpty() && locks.complete() && needs.locksOnly();
		Opening unseen = Opening.BEGIN.queueing(ceiling, quiet ? this.budget.longestWait(ceiling) : ceiling);
		LookAhead ahead = new LookAhead(this.session, new Willingness(ceiling, this.budget.maxDuration()), this.doing,
				report, wanted, unseen, needs.extent());
		try {
			run(ahead, attempt, rollBack, report);
			this.own.add(needs);
		}
		finally {
			this.blind |= ahead.isBlind();
			// What comes after it is not tried again, or begins anew.
			this.doing.attempt(1);
		}
	}

	/** Where the catalogue cannot be read, the first attempt tells. */
	private RelationLocks locks(LockNeeds needs, LockReport report) throws StepFailure {
		try {
			return RelationLocks.of(this.session.connection(), needs.statements(), this.own.within(needs));
		}
		catch (SQLException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw report.ended(Obstruction.UNSEEN);
			}
			this.session.overhear(ex);
			logger.debug("What will be locked could not be looked up: {}", this.session.errorOf(ex));
			return RelationLocks.UNKNOWN;
		}
	}

	private <X extends Exception> void run(LookAhead ahead, Attempt<X> attempt, RollBack rollBack, LockReport report)
			throws X, StepFailure {
		Obstruction seen = Obstruction.UNSEEN;
		for (int attempts = 1;; attempts++) {
			Opening opening = ahead.await();
			this.doing.attempt(attempts);
			try {
				attempt.run(opening);
				return;
			}
			catch (StepFailure ex) {
				if (!ex.isLockNotGranted()) {
					throw ex;
				}
				Duration spent = ahead.spent();
				Obstruction obstruction = obstruction(ahead);
				seen = obstruction.isSeen() ? obstruction : seen;
				Optional<Duration> pause = this.budget.pause(attempts, spent);
				if (pause.isEmpty()) {
					throw report.last(ex, new Attempts(attempts, spent, ahead.looked()), seen);
				}
				rollBack.after(ex);
				ahead.learn(obstruction.lock());
				Place where = ex.problem().place();
				report.again(attempts, where, obstruction, pause.get());
				this.doing.pause(where, obstruction.lock(), pause.get());
				ahead.pause(pause.get(), obstruction);
			}
		}
	}

	/** Who was seen while the attempt waited, or else before. */
	private Obstruction obstruction(LookAhead ahead) {
		Obstruction obstruction = this.session.watch().obstruction();
		if (!obstruction.isSeen()) {
			this.session.watch().lookSooner();
			return ahead.seen();
		}
		return obstruction;
	}

	/**
	 * One go at something.
	 *
	 * @param <X> what it may throw besides
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Attempt<X extends Exception> {

		/**
		 * Makes the attempt.
		 * @param opening how to begin its transaction, if it has one
		 */
		void run(Opening opening) throws X, StepFailure;

	}

	/**
	 * What comes between one go and the next.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface RollBack {

		void after(StepFailure failure) throws StepFailure;

	}

}
