package dev.tidemark.run.settings;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long it is worth to queue, by the time spent looking.
 */
class WillingnessTests {

	private static final Duration CEILING = Duration.ofMillis(300);

	private static final Duration BUDGET = Duration.ofMinutes(5);

	private static Duration millis(long millis) {
		return Duration.ofMillis(millis);
	}

	@ParameterizedTest
	@CsvSource({ "0, 100", "5000, 200", "10000, 300", "60000, 300", "400000, 300" })
	void growsWithTheTimeSpent(long spent, long willing) {
		assertThat(new Willingness(CEILING, BUDGET).after(millis(spent))).isEqualTo(millis(willing));
	}

	@Test
	void growsSoonerWithinASmallBudget() {
		assertThat(new Willingness(CEILING, millis(2000)).after(millis(100))).isEqualTo(millis(200));
	}

	@Test
	void neverExceedsALowCeiling() {
		assertThat(new Willingness(millis(40), BUDGET).after(Duration.ZERO)).isEqualTo(millis(40));
	}

	@ParameterizedTest
	@CsvSource({ "0, false", "239999, false", "240000, true", "300000, true" })
	void inTheLastFifthOfTheBudgetItQueuesWhoeverIsInTheWay(long spent, boolean whatever) {
		assertThat(new Willingness(CEILING, BUDGET).isWhateverHappens(millis(spent))).isEqualTo(whatever);
	}

	@Test
	void aSingleAttemptIsMadeAtOnceAndForAsLongAsAllowed() {
		Willingness once = new Willingness(CEILING, Duration.ZERO);

		assertThat(once.isWhateverHappens(Duration.ZERO)).isTrue();
		assertThat(once.after(Duration.ZERO)).isEqualTo(CEILING);
	}

	@Test
	void withoutALimitItQueuesAtOnceAndForEver() {
		Willingness forEver = new Willingness(Duration.ZERO, BUDGET);

		assertThat(forEver.isWhateverHappens(Duration.ZERO)).isTrue();
		assertThat(forEver.after(Duration.ZERO)).isEqualTo(Duration.ZERO);
	}

}
