package dev.tidemark.catalogue.load;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * What the server says of one gauge.
 *
 * @param gauge which one
 * @param value what was measured, {@code null} if there is nothing to measure, or it is
 * not known
 * @param base what to compare it with, or {@code null}
 * @param mark what follows from it whatever the value is
 * @param subject what stands behind it, in words, or {@code null}
 * @since 0.1.0
 */
public record GaugeReading(ServerGauge gauge, @Nullable Double value, @Nullable Double base, Mark mark,
		@Nullable String subject) {

	/** Makes the words fit to be shown: names of others are in them. */
	public GaugeReading {
		subject = PlainText.lineOrNull(subject);
	}

	static GaugeReading unknown(ServerGauge gauge, String reason) {
		return new GaugeReading(gauge, null, null, Mark.UNKNOWN, reason);
	}

	/**
	 * What follows from a reading whatever its value is.
	 *
	 * @since 0.1.0
	 */
	public enum Mark {

		/** Nothing: the value decides. */
		NONE,

		/** Work beside it should be slow. */
		SLOW,

		/** Work beside it should stop. */
		STOP,

		/** The value is not known, or it is more than that. */
		UNKNOWN

	}

}
