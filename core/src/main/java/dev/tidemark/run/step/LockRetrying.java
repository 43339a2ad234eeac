package dev.tidemark.run.step;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.watch.Obstruction;
import dev.tidemark.session.watch.StatementWatch;

/**
 * Tries again what did not get its locks in time, as long as the budget allows it. What
 * an attempt has done is rolled back before the pause, so that it stands in nobody's way.
 */
final class LockRetrying {

	private final StatementWatch watch;

	private final LockRetry budget;

	private final CurrentRun doing;

	LockRetrying(StatementWatch watch, LockRetry budget, CurrentRun doing) {
		this.watch = watch;
		this.budget = budget;
		this.doing = doing;
	}

	/**
	 * Makes attempts.
	 * @param <X> what an attempt may throw besides
	 * @param attempt one go
	 * @param rollBack takes back what it has done
	 * @param report tells people of those that did not get their locks
	 * @throws X as an attempt does
	 * @throws StepFailure if one fails in another way, or the last one too
	 */
	<X extends Exception> void run(Attempt<X> attempt, RollBack rollBack, Report report) throws X, StepFailure {
		try {
			run(System.nanoTime(), attempt, rollBack, report);
		}
		finally {
			// What comes after it is not tried again, or begins anew.
			this.doing.attempt(1);
		}
	}

	private <X extends Exception> void run(long start, Attempt<X> attempt, RollBack rollBack, Report report)
			throws X, StepFailure {
		Obstruction seen = Obstruction.UNSEEN;
		for (int attempts = 1;; attempts++) {
			this.doing.attempt(attempts);
			try {
				attempt.run();
				return;
			}
			catch (StepFailure ex) {
				Duration spent = Duration.ofNanos(System.nanoTime() - start);
				if (!ex.isLockNotGranted()) {
					throw ex;
				}
				Obstruction obstruction = look();
				seen = obstruction.isSeen() ? obstruction : seen;
				Optional<Duration> pause = this.budget.pause(attempts, spent);
				if (pause.isEmpty()) {
					throw report.last(ex, attempts, spent, seen);
				}
				rollBack.after(ex);
				Place where = ex.problem().place();
				report.again(attempts, where, obstruction, pause.get());
				this.doing.pause(where, obstruction.lock(), pause.get());
				pause(pause.get(), ex);
			}
		}
	}

	private Obstruction look() {
		Obstruction obstruction = this.watch.obstruction();
		if (!obstruction.isSeen()) {
			this.watch.lookSooner();
		}
		return obstruction;
	}

	private static void pause(Duration pause, StepFailure failure) throws StepFailure {
		try {
			Thread.sleep(pause.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure;
		}
	}

	/**
	 * One go at something.
	 *
	 * @param <X> what it may throw besides
	 */
	@FunctionalInterface
	interface Attempt<X extends Exception> {

		void run() throws X, StepFailure;

	}

	/** What comes between one go and the next. */
	@FunctionalInterface
	interface RollBack {

		void after(StepFailure failure) throws StepFailure;

	}

	/** Tells people of attempts that did not get their locks. */
	@FunctionalInterface
	interface Report {

		/**
		 * An attempt was rolled back, and another one will be made.
		 * @param attempts how many were made
		 * @param where the statement that waited, or {@code null} if that is not known
		 * @param obstruction what was seen in its way
		 * @param pause how long until the next one
		 */
		void again(int attempts, @Nullable Place where, Obstruction obstruction, Duration pause);

		/**
		 * No other attempt will be made.
		 * @param failure how the last one failed
		 * @param attempts how many were made
		 * @param spent how long they took
		 * @param seen what was last seen in the way
		 * @return how to tell it
		 */
		default StepFailure last(StepFailure failure, int attempts, Duration spent, Obstruction seen) {
			return failure;
		}

	}

}
