package dev.tidemark.migration;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MigrationVersionTests {

	@Test
	void ordersNumberByNumber() {
		List<String> sorted = Stream.of("10", "9", "1.10", "1.9", "2", "1_0_1", "20261120103000", "1")
			.map(MigrationVersion::of)
			.sorted()
			.map(MigrationVersion::toString)
			.toList();

		assertThat(sorted).containsExactly("1", "1.0.1", "1.9", "1.10", "2", "9", "10", "20261120103000");
	}

	@ParameterizedTest
	@CsvSource({ "1, 1.0", "1, 1.0.0", "007, 7", "1_2, 1.2", "1.02, 1.2", "0, 0.0" })
	void theseAreTheSame(String left, String right) {
		assertThat(MigrationVersion.of(left)).isEqualTo(MigrationVersion.of(right))
			.hasSameHashCodeAs(MigrationVersion.of(right))
			.isEqualByComparingTo(MigrationVersion.of(right));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "1.", ".1", "1..2", "1__2", "a", "1a", "-1", "1-2", " 1" })
	void theseAreNoVersions(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> MigrationVersion.of(text))
			.withMessageContaining("'" + text + "'");
	}

	@ParameterizedTest
	@CsvSource({ "1, 2", "1.9, 1.10", "99, 100", "1.0, 1.1", "1.2.0, 1.2.1", "007, 008", "099, 100", "1_09, 1_10",
			"2026_11_20_01, 2026_11_20_02", "20991231235959, 20991231235960" })
	void theFollowingVersionIsSpelledAlike(String version, String next) {
		assertThat(MigrationVersion.following(version)).isEqualTo(next);
		assertThat(MigrationVersion.of(next)).isGreaterThan(MigrationVersion.of(version));
	}

}
