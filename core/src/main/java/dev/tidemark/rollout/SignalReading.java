package dev.tidemark.rollout;

import org.jspecify.annotations.Nullable;

/**
 * What one signal of the throttle says.
 *
 * @param signal its name, as in {@code tidemark.backfill.throttle.<name>}
 * @param verdict what follows from it
 * @param value what was measured, in words with its unit, or {@code null} if it is
 * unknown
 * @param threshold from where on it slows down or stops, in words
 * @param reason why it is unknown, or what stands behind the value; {@code null} if there
 * is nothing to say
 * @since 0.1.0
 */
public record SignalReading(String signal, Verdict verdict, @Nullable String value, String threshold,
		@Nullable String reason) {

	/**
	 * What follows from a signal.
	 *
	 * @since 0.1.0
	 */
	public enum Verdict {

		/** Nothing is in the way. */
		GO,

		/** Go slower. */
		SLOW,

		/** Do not begin a batch. */
		STOP,

		/** Nobody can tell; it stops nothing. */
		UNKNOWN

	}

}
