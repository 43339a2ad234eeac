package dev.tidemark.run.step;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.LockLook;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.failure.Attempts;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.step.lock.LockReport;
import dev.tidemark.session.watch.Obstruction;

/**
 * Tells the log and the listeners of attempts that did not get the locks of a migration,
 * and with the last one what all of them have shown.
 *
 * @param migration tells at which migration the last attempt failed
 * @param events tells the listeners
 */
record MigrationAttempts(Supplier<Identity> migration, Consumer<Consumer<RunListener>> events) implements LockReport {

	private static final Logger logger = PlainLogger.of(MigrationAttempts.class);

	@Override
	public void again(int attempts, @Nullable Place where, Obstruction obstruction, Duration pause) {
		LockWait wait = new LockWait(this.migration.get(), attempts, where, obstruction.lock(), obstruction.blockers(),
				pause);
		logger.atLevel(LockWait.level(attempts)).log("{}", wait);
		this.events.accept((listener) -> listener.lockNotGranted(wait));
	}

	@Override
	public void looks(Obstruction seen, Duration looked, Duration willing) {
		LockLook look = new LockLook(this.migration.get(), seen.lock(), seen.blockers(), looked, willing);
		logger.atLevel(LockLook.level(looked)).log("{}", look);
		this.events.accept((listener) -> listener.lockLooked(look));
	}

	@Override
	public void queues(Duration looked) {
		logger.atLevel(LockLook.level(looked)).log("{}", LockLook.inWords(this.migration.get().inWords(), looked));
		this.events.accept((listener) -> listener.lockQueued(this.migration.get(), looked));
	}

	@Override
	public StepFailure last(StepFailure failure, Attempts attempts, Obstruction seen) {
		return failure.after(attempts, seen);
	}

}
