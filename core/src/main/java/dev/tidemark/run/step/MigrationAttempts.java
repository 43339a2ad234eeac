package dev.tidemark.run.step;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.LockLook;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.failure.Attempts;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.step.lock.LockReport;
import dev.tidemark.session.watch.Obstruction;

/**
 * Tells the log and the listeners of attempts that did not get the locks of a migration,
 * and with the last one what all of them have shown.
 *
 * @param attempted tells what the last attempt was at
 * @param events tells the listeners
 */
record MigrationAttempts(Supplier<Attempted> attempted, Consumer<Consumer<RunListener>> events) implements LockReport {

	private static final Logger logger = PlainLogger.of(MigrationAttempts.class);

	@Override
	public void again(int attempts, @Nullable Place where, Obstruction obstruction, Duration pause) {
		LockWait wait = new LockWait(migration(), attempts, where, obstruction.lock(), obstruction.blockers(), pause);
		logger.atLevel(LockWait.level(attempts)).log("{}", wait);
		this.events.accept((listener) -> listener.lockNotGranted(wait));
	}

	@Override
	public void looks(Obstruction seen, Duration looked, Duration willing) {
		LockLook look = new LockLook(migration(), seen.lock(), seen.blockers(), looked, willing);
		logger.atLevel(LockLook.level(looked)).log("{}", look);
		this.events.accept((listener) -> listener.lockLooked(look));
	}

	@Override
	public void queues(Duration looked) {
		logger.atLevel(LockLook.level(looked)).log("{}", LockLook.inWords(migration().inWords(), looked));
		this.events.accept((listener) -> listener.lockQueued(migration(), looked));
	}

	@Override
	public StepFailure ended(Obstruction seen) {
		Attempted last = this.attempted.get();
		return ended(Origin.of(last.step()), seen, last.state());
	}

	/** Tells of a run that was ended while it looked. */
	static StepFailure ended(Origin origin, Obstruction seen, String state) {
		return new StepFailure(Problem
			.error(ErrorCode.CANCELLED, origin.place(),
					"The run was ended while it looked for the moment at which " + origin.inWords()
							+ " should queue for its locks." + (seen.isSeen() ? " In the way: " + seen + "." : ""),
					"Start again; the next run goes on.")
			.withState(state));
	}

	private Identity migration() {
		return this.attempted.get().step().migration().identity();
	}

	@Override
	public StepFailure last(StepFailure failure, Attempts attempts, Obstruction seen) {
		return failure.after(attempts, seen);
	}

	/**
	 * What attempts are made at.
	 *
	 * @param step the migration or undo
	 * @param state in which state the database is before the next attempt
	 */
	record Attempted(Step step, String state) {
	}

}
