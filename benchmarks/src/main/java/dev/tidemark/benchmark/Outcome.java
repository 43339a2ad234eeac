package dev.tidemark.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

import org.jspecify.annotations.Nullable;

/**
 * How one contestant fared in a scenario.
 *
 * @param contestant the contestant
 * @param traffic what it asked of the server, or {@code null} if it failed
 * @param measurements one for each round, in their order; empty if it failed
 * @param failure why it failed, or {@code null}
 */
public record Outcome(Contestant contestant, @Nullable Traffic traffic, List<Measurement> measurements,
		@Nullable String failure) {

	boolean hasFailed() {
		return this.failure != null;
	}

	Summary summary(ToDoubleFunction<Measurement> value) {
		return Summary.of(this.measurements.stream().mapToDouble(value).toArray());
	}

	/**
	 * Compares with another contestant round by round, so that what disturbs a whole
	 * round disturbs the comparison less.
	 * @param other the other contestant
	 * @param value what is compared
	 * @return how much more this one needed
	 */
	Summary added(Outcome other, ToDoubleFunction<Measurement> value) {
		double[] differences = new double[this.measurements.size()];
		for (int round = 0; round < differences.length; round++) {
			differences[round] = value.applyAsDouble(this.measurements.get(round))
					- value.applyAsDouble(other.measurements.get(round));
		}
		return Summary.of(differences);
	}

	/**
	 * Compares the medians of the calls.
	 * @param other the other contestant
	 * @return how many times as long this one took
	 */
	double ratio(Outcome other) {
		return summary(Measurement::call).median() / other.summary(Measurement::call).median();
	}

}
