package dev.tidemark.run.step;

import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.plan.step.Step;

/**
 * The events that come with a step: those of a migration that runs, or of one that is
 * undone.
 *
 * @param before before it
 * @param beforeStatement before each of its statements
 * @param afterStatement after each of its statements
 * @param afterStatementError after a statement of it has failed
 * @param after after it
 * @param afterError after it has failed
 */
record StepEvents(CallbackEvent before, CallbackEvent beforeStatement, CallbackEvent afterStatement,
		CallbackEvent afterStatementError, CallbackEvent after, CallbackEvent afterError) {

	private static final StepEvents MIGRATE = new StepEvents(CallbackEvent.BEFORE_EACH_MIGRATE,
			CallbackEvent.BEFORE_EACH_MIGRATE_STATEMENT, CallbackEvent.AFTER_EACH_MIGRATE_STATEMENT,
			CallbackEvent.AFTER_EACH_MIGRATE_STATEMENT_ERROR, CallbackEvent.AFTER_EACH_MIGRATE,
			CallbackEvent.AFTER_EACH_MIGRATE_ERROR);

	private static final StepEvents UNDO = new StepEvents(CallbackEvent.BEFORE_EACH_UNDO,
			CallbackEvent.BEFORE_EACH_UNDO_STATEMENT, CallbackEvent.AFTER_EACH_UNDO_STATEMENT,
			CallbackEvent.AFTER_EACH_UNDO_STATEMENT_ERROR, CallbackEvent.AFTER_EACH_UNDO,
			CallbackEvent.AFTER_EACH_UNDO_ERROR);

	static StepEvents of(Step step) {
		return step.isUndo() ? UNDO : MIGRATE;
	}

}
