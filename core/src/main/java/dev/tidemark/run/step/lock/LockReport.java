package dev.tidemark.run.step.lock;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.run.failure.Attempts;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.session.watch.Obstruction;

/**
 * Callback interface for attempts that did not get their locks, or are not made yet.
 *
 * @since 0.1.0
 */
public interface LockReport {

	/**
	 * An attempt was rolled back, and another one will be made.
	 * @param attempts how many were made
	 * @param where the statement that waited, or {@code null} if that is not known
	 * @param obstruction what was seen in its way
	 * @param pause how long until the next one
	 */
	void again(int attempts, @Nullable Place where, Obstruction obstruction, Duration pause);

	/**
	 * No attempt is made yet, since somebody is in the way for whom it is not worth to
	 * queue: told at first, and then now and then.
	 * @param seen who, and of what
	 * @param looked for how long it has been so
	 * @param willing how long it would be worth to queue
	 */
	default void looks(Obstruction seen, Duration looked, Duration willing) {
	}

	/**
	 * An attempt is made after that.
	 * @param looked for how long none was made
	 */
	default void queues(Duration looked) {
	}

	/**
	 * The run was ended before the next attempt.
	 * @param seen what was last seen in the way
	 * @return how to tell it
	 */
	StepFailure ended(Obstruction seen);

	/**
	 * No other attempt will be made.
	 * @param failure how the last one failed
	 * @param attempts what was tried
	 * @param seen what was last seen in the way
	 * @return how to tell it
	 */
	default StepFailure last(StepFailure failure, Attempts attempts, Obstruction seen) {
		return failure;
	}

}
