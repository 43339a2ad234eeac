package dev.tidemark.rollout.pace;

import java.sql.SQLException;
import java.util.Locale;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.load.GaugeReading;
import dev.tidemark.catalogue.load.GaugeReading.Mark;
import dev.tidemark.error.ServerError;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.sql.PlainText;

/**
 * What follows from what was seen.
 */
final class Readings {

	private static final int LONGEST_VALUE = 40;

	private static final long SLOW_ANSWER_MILLIS = 1000;

	private Readings() {
	}

	/** Returns what a gauge of the server says. */
	static SignalReading of(ThrottleSignal signal, Threshold threshold, @Nullable GaugeReading reading,
			boolean othersActive) {
		SignalUnit unit = signal.unit();
		if (reading == null || unit == null) {
			return new SignalReading(signal.word(), Verdict.UNKNOWN, null, threshold.toString(), "nobody has looked");
		}
		Verdict verdict = verdict(threshold, reading);
		String subject = reading.subject();
		if (signal == ThrottleSignal.AUTOVACUUM && verdict == Verdict.SLOW && !othersActive) {
			verdict = Verdict.GO;
			subject = "nobody else is active";
		}
		String value = (reading.value() != null) ? words(unit, reading, reading.value())
				: (reading.mark() == Mark.UNKNOWN) ? null : "none";
		return new SignalReading(signal.word(), verdict, value, threshold.toString(), subject);
	}

	private static String words(SignalUnit unit, GaugeReading reading, double value) {
		Double most = (unit == SignalUnit.COUNT_OR_SHARE) ? reading.base() : null;
		return (most != null) ? unit.words(value) + " of " + unit.words(most) : unit.words(value);
	}

	private static Verdict verdict(Threshold threshold, GaugeReading reading) {
		Verdict verdict = (reading.value() != null) ? threshold.verdict(reading.value(), reading.base()) : Verdict.GO;
		return switch (reading.mark()) {
			case NONE -> verdict;
			case SLOW -> (verdict == Verdict.GO) ? Verdict.SLOW : verdict;
			case STOP -> Verdict.STOP;
			case UNKNOWN -> (verdict == Verdict.GO) ? Verdict.UNKNOWN : verdict;
		};
	}

	/** Returns what the query of the user's own says. */
	static SignalReading ofQuery(Sight sight) {
		String word = ThrottleSignal.QUERY.word();
		String value;
		try {
			value = sight.query();
		}
		catch (SQLException ex) {
			return new SignalReading(word, Verdict.UNKNOWN, null, "", "it fails: " + ServerError.of(ex).message());
		}
		if (value == null) {
			return new SignalReading(word, Verdict.UNKNOWN, null, "", "it has no value");
		}
		Verdict verdict = verdict(value.strip().toLowerCase(Locale.ROOT));
		return new SignalReading(word, verdict, PlainText.shortened(value, LONGEST_VALUE), "",
				(verdict == Verdict.UNKNOWN) ? "that is no number and none of true, false, go, slow and stop" : null);
	}

	private static Verdict verdict(String value) {
		return switch (value) {
			case "go", "f", "false" -> Verdict.GO;
			case "slow" -> Verdict.SLOW;
			case "stop", "t", "true" -> Verdict.STOP;
			default -> ofNumber(value);
		};
	}

	private static Verdict ofNumber(String value) {
		try {
			return (Double.parseDouble(value) > 0) ? Verdict.STOP : Verdict.GO;
		}
		catch (NumberFormatException ex) {
			return Verdict.UNKNOWN;
		}
	}

	/** Returns what a signal of the application's own says. */
	static SignalReading of(BackfillThrottle signal, LongSupplier clock) {
		long start = clock.getAsLong();
		SignalReading reading = asked(signal);
		long millis = (clock.getAsLong() - start) / 1_000_000;
		if (millis < SLOW_ANSWER_MILLIS) {
			return reading;
		}
		String slow = "it took " + millis + " ms to answer, in which no batch ran";
		return new SignalReading(reading.signal(), reading.verdict(), reading.value(), reading.threshold(),
				(reading.reason() != null) ? reading.reason() + "; " + slow : slow);
	}

	private static SignalReading asked(BackfillThrottle signal) {
		try {
			SignalReading reading = signal.look();
			if (reading != null) {
				return reading;
			}
			return unknown(signal, "it returns null");
		}
		catch (RuntimeException ex) {
			return unknown(signal, "it fails with " + ex.getClass().getName());
		}
	}

	private static SignalReading unknown(BackfillThrottle signal, String reason) {
		return new SignalReading(PlainText.line(signal.getClass().getSimpleName()), Verdict.UNKNOWN, null, "", reason);
	}

}
