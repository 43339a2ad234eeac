package dev.tidemark.benchmark;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SummaryTests {

	@Test
	void theMedianOfAnOddNumberIsTheMiddleValue() {
		assertThat(Summary.of(9, 1, 2)).isEqualTo(new Summary(2, 1, 9));
	}

	@Test
	void theMedianOfAnEvenNumberLiesBetweenTheTwoMiddleValues() {
		assertThat(Summary.of(4, 1, 2, 9)).isEqualTo(new Summary(3, 1, 9));
	}

	@Test
	void nothingCannotBeSummarised() {
		assertThatIllegalArgumentException().isThrownBy(Summary::of);
	}

	@Test
	void theSpreadIsPrinted() {
		assertThat(Summary.of(1234.4, 999.6, 2000)).hasToString("1,234 (1,000 to 2,000)");
	}

}
