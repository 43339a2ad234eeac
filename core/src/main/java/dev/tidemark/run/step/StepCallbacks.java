package dev.tidemark.run.step;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Interludes;
import dev.tidemark.sql.script.SqlStatement;

/**
 * The callbacks around a step and its statements.
 */
final class StepCallbacks implements Interludes {

	private final CallbackRunner callbacks;

	private final Step step;

	private final StepPosition position;

	StepCallbacks(CallbackRunner callbacks, Step step, StepPosition position) {
		this.callbacks = callbacks;
		this.step = step;
		this.position = position;
	}

	/**
	 * Returns what runs in the only transaction of a step: its own statements, and those
	 * of the callbacks around it.
	 */
	static List<SqlStatement> within(CallbackRunner callbacks, Step step) {
		StepEvents events = StepEvents.of(step);
		List<SqlStatement> statements = new ArrayList<>(callbacks.statements(events.before()));
		statements.addAll(within(callbacks, step, step.statements()));
		statements.addAll(callbacks.statements(events.after()));
		return statements;
	}

	/**
	 * Returns what runs in a transaction of several: statements, and what is around each.
	 */
	static List<SqlStatement> within(CallbackRunner callbacks, Step step, List<SqlStatement> own) {
		StepEvents events = StepEvents.of(step);
		List<SqlStatement> statements = new ArrayList<>(callbacks.statements(events.beforeStatement()));
		statements.addAll(own);
		statements.addAll(callbacks.statements(events.afterStatement()));
		return statements;
	}

	@Override
	public boolean isDue(Moment moment) {
		return this.callbacks.has(event(moment));
	}

	@Override
	public void run(Moment moment, @Nullable SqlStatement statement) throws StepFailure {
		this.callbacks.runWithin(CallbackOccasion.of(event(moment), this.step, statement),
				this.position.afterFailure());
	}

	/** Runs callbacks around what runs outside of a transaction. */
	void runBetween(Moment moment, @Nullable SqlStatement statement) throws StepFailure {
		if (isDue(moment)) {
			this.callbacks.runBetween(CallbackOccasion.of(event(moment), this.step, statement),
					this.position.progress());
		}
	}

	private CallbackEvent event(Moment moment) {
		StepEvents events = StepEvents.of(this.step);
		return switch (moment) {
			case BEFORE -> events.before();
			case BEFORE_STATEMENT -> events.beforeStatement();
			case AFTER_STATEMENT -> events.afterStatement();
			case AFTER -> events.after();
		};
	}

}
