package dev.tidemark.benchmark;

import java.util.List;
import java.util.stream.DoubleStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutcomeTests {

	@Test
	void whatIsAddedIsComparedRoundByRound() {
		Outcome none = outcome(Contestant.NONE, 100, 900, 110);
		Outcome flyway = outcome(Contestant.FLYWAY, 150, 955, 155);

		assertThat(flyway.added(none, Measurement::call)).isEqualTo(new Summary(50, 45, 55));
	}

	@Test
	void theRatioIsThatOfTheMedians() {
		Outcome raw = outcome(Contestant.RAW, 100, 200, 900);
		Outcome flyway = outcome(Contestant.FLYWAY, 100, 500, 900);

		assertThat(flyway.ratio(raw)).isEqualTo(2.5);
	}

	private static Outcome outcome(Contestant contestant, double... calls) {
		List<Measurement> measurements = DoubleStream.of(calls)
			.mapToObj((call) -> new Measurement(call + 50, call, 10, 20, 30))
			.toList();
		return new Outcome(contestant, new Traffic(1, 2, 3), measurements, null);
	}

}
