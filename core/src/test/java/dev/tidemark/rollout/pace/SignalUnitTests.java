package dev.tidemark.rollout.pace;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How measured values are told.
 */
class SignalUnitTests {

	@ParameterizedTest
	@CsvSource({ "TIME, 0.25, 0.3 s", "TIME, 9.94, 9.9 s", "TIME, 42.3, 42 s", "TIME, 119, 119 s", "TIME, 780, 13 min",
			"SIZE, 512, 512 bytes", "SIZE, 1536, 1.5 kB", "SIZE, 67108864, 64.0 MB", "SIZE, 2199023255552, 2.0 TB",
			"SHARE, 0.125, 13 %", "COUNT, 12, 12", "COUNT_OR_SHARE, 12, 12" })
	void aValueHasItsUnit(SignalUnit unit, double value, String words) {
		assertThat(unit.words(value)).isEqualTo(words);
	}

}
