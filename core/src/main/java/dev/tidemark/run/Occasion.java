package dev.tidemark.run;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.Step;
import dev.tidemark.source.CallbackEvent;
import dev.tidemark.sql.SqlStatement;

/**
 * An event, and what it belongs to.
 *
 * @param event the event
 * @param step the migration, or {@code null} if it belongs to the run as a whole
 * @param statement the statement, or {@code null} if it belongs to none
 * @param failure what failed, or {@code null} if nothing did
 */
record Occasion(CallbackEvent event, @Nullable Step step, @Nullable SqlStatement statement,
		@Nullable TidemarkException failure) {

	static Occasion of(CallbackEvent event) {
		return new Occasion(event, null, null, null);
	}

	static Occasion of(CallbackEvent event, Step step, @Nullable SqlStatement statement) {
		return new Occasion(event, step, statement, null);
	}

	static Occasion of(CallbackEvent event, @Nullable Step step, TidemarkException failure) {
		return new Occasion(event, step, null, failure);
	}

}
