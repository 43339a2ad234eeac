package dev.tidemark.run.step;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.script.SqlStatement;

/**
 * An event, and what it belongs to.
 *
 * @param event the event
 * @param step the migration, or {@code null} if it belongs to the run as a whole
 * @param statement the statement, or {@code null} if it belongs to none
 * @param failure what failed, or {@code null} if nothing did
 * @since 0.1.0
 */
public record CallbackOccasion(CallbackEvent event, @Nullable Step step, @Nullable SqlStatement statement,
		@Nullable TidemarkException failure) {

	public static CallbackOccasion of(CallbackEvent event) {
		return new CallbackOccasion(event, null, null, null);
	}

	public static CallbackOccasion of(CallbackEvent event, Step step, @Nullable SqlStatement statement) {
		return new CallbackOccasion(event, step, statement, null);
	}

	public static CallbackOccasion of(CallbackEvent event, @Nullable Step step, TidemarkException failure) {
		return new CallbackOccasion(event, step, null, failure);
	}

}
