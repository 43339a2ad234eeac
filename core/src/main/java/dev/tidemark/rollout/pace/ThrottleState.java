package dev.tidemark.rollout.pace;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;

/**
 * What the throttle has seen in one look.
 *
 * @param readings what each signal says
 * @param othersActive whether somebody else is at work in the database
 * @param othersWrite whether somebody else writes to the table
 * @since 0.1.0
 */
public record ThrottleState(List<SignalReading> readings, boolean othersActive, boolean othersWrite) {

	/** Nobody has looked yet, so that nobody knows who else is there. */
	public static final ThrottleState UNSEEN = new ThrottleState(List.of(), true, true);

	/** Copies the list. */
	public ThrottleState {
		readings = List.copyOf(readings);
	}

	/**
	 * Return what follows from all signals together.
	 * @return the strictest of what they say; never unknown, which stops nothing
	 */
	public Verdict verdict() {
		if (says(Verdict.STOP)) {
			return Verdict.STOP;
		}
		return says(Verdict.SLOW) ? Verdict.SLOW : Verdict.GO;
	}

	private boolean says(Verdict verdict) {
		return this.readings.stream().anyMatch((reading) -> reading.verdict() == verdict);
	}

	/**
	 * Return why it stops or slows down.
	 * @return the signals that say so, with what was measured and their thresholds, or
	 * {@code null} if nothing is in the way
	 */
	public @Nullable String reason() {
		Verdict verdict = verdict();
		if (verdict == Verdict.GO) {
			return null;
		}
		return this.readings.stream()
			.filter((reading) -> reading.verdict() == verdict)
			.map(ThrottleState::inWords)
			.collect(Collectors.joining("; "));
	}

	/**
	 * Return which signals slow down or stop.
	 * @return what each of them says, by its name; none if nothing is in the way
	 */
	public Map<String, Verdict> hindrances() {
		Map<String, Verdict> hindrances = new TreeMap<>();
		for (SignalReading reading : this.readings) {
			if (reading.verdict() == Verdict.SLOW || reading.verdict() == Verdict.STOP) {
				hindrances.put(reading.signal(), reading.verdict());
			}
		}
		return hindrances;
	}

	private static String inWords(SignalReading reading) {
		StringBuilder words = new StringBuilder(reading.signal()).append(": ");
		words.append((reading.value() != null) ? reading.value() : "not known");
		if (!reading.threshold().isEmpty()) {
			words.append(" (").append(reading.threshold()).append(")");
		}
		return (reading.reason() != null) ? words.append(", ").append(reading.reason()).toString() : words.toString();
	}

}
