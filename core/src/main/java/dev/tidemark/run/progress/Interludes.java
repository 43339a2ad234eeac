package dev.tidemark.run.progress;

import org.jspecify.annotations.Nullable;

import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Runs what others have a say in between the statements of a transaction. What was sent
 * ahead has to be done before.
 *
 * @since 0.1.0
 */
public interface Interludes {

	/** Tells whether anything runs there. */
	boolean isDue(Moment moment);

	/**
	 * Runs it, in the transaction that is open.
	 * @param statement the statement that it comes before or after, or {@code null}
	 */
	void run(Moment moment, @Nullable SqlStatement statement) throws StepFailure;

	/**
	 * When it runs.
	 *
	 * @since 0.1.0
	 */
	enum Moment {

		/** Before all statements. */
		BEFORE,

		/** Before each statement. */
		BEFORE_STATEMENT,

		/** After each statement. */
		AFTER_STATEMENT,

		/** After all statements. */
		AFTER

	}

}
