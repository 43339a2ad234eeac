package dev.tidemark.rollout.pace;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.catalogue.load.GaugeReading;
import dev.tidemark.catalogue.load.GaugeReading.Mark;
import dev.tidemark.catalogue.load.ServerGauge;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What follows from what the throttle sees, and when it looks.
 */
class ThrottleTests {

	private static final ThrottleSignal ANY = ThrottleSignal.WAITING;

	private final FakeSight sight = new FakeSight();

	private final List<BackfillThrottle> own = new ArrayList<>();

	private long millis = 5_000_000;

	private @Nullable Throttle throttle;

	private ThrottleState look(Map<String, String> settings) throws SQLException {
		if (this.throttle == null) {
			this.throttle = new Throttle(ThrottleSettings.of(settings), this.own, () -> this.millis * 1_000_000);
		}
		return this.throttle.look(this.sight);
	}

	private ThrottleState look() throws SQLException {
		return look(Map.of());
	}

	private static SignalReading reading(ThrottleState state, String signal) {
		return state.readings().stream().filter((reading) -> reading.signal().equals(signal)).findFirst().orElseThrow();
	}

	@Test
	void goesWhereNothingIsInTheWay() throws SQLException {
		ThrottleState state = look();

		assertThat(state.verdict()).isEqualTo(Verdict.GO);
		assertThat(state.reason()).isNull();
		assertThat(state.readings()).extracting(SignalReading::verdict).containsOnly(Verdict.GO);
	}

	@Test
	void allSignalsAreShownWithWhatWasMeasuredAndTheirThresholds() throws SQLException {
		this.sight.value(ServerGauge.DEAD_ROWS, 0.12).value(ServerGauge.REPLAY_LAG, null);

		ThrottleState state = look(Map.of("slots", "off"));

		assertThat(state.readings()).extracting(SignalReading::signal)
			.containsExactly("replay-lag", "replay-lag-size", "archive-queue", "autovacuum", "dead-rows",
					"waiting-for-us", "waiting", "oldest-snapshot", "active-sessions");
		assertThat(reading(state, "dead-rows"))
			.isEqualTo(new SignalReading("dead-rows", Verdict.GO, "12 %", "slow from 50%", null));
		assertThat(reading(state, "replay-lag"))
			.isEqualTo(new SignalReading("replay-lag", Verdict.GO, "none", "slow from 5s, stop from 30s", null));
	}

	@ParameterizedTest
	@CsvSource({ "REPLAY_LAG, 4.9, 5, 30", "REPLAY_LAG_SIZE, 67108863, 67108864, 536870912",
			"SLOTS, 4294967295, 4294967296, 17179869184", "ARCHIVE_QUEUE, 19, 20, 100", "WAITING, 9, 10, 50" })
	void slowsDownAndStopsFromItsThresholdsOn(ServerGauge gauge, double good, double slow, double stop)
			throws SQLException {
		assertThat(verdict(gauge, good)).isEqualTo(Verdict.GO);
		assertThat(verdict(gauge, slow)).isEqualTo(Verdict.SLOW);
		assertThat(verdict(gauge, stop - 1)).isEqualTo(Verdict.SLOW);
		assertThat(verdict(gauge, stop)).isEqualTo(Verdict.STOP);
	}

	private Verdict verdict(ServerGauge gauge, double value) throws SQLException {
		this.sight.value(gauge, value);
		this.millis += 2000;
		return look().verdict();
	}

	@Test
	void aShareIsOfTheMostThatThereCanBe() throws SQLException {
		this.sight.reading(new GaugeReading(ServerGauge.ACTIVE_SESSIONS, 50.0, 100.0, Mark.NONE, null));

		SignalReading reading = reading(look(), "active-sessions");

		assertThat(reading.verdict()).isEqualTo(Verdict.SLOW);
		assertThat(reading.value()).isEqualTo("50 of 100");
	}

	@Test
	void aNumberIsANumber() throws SQLException {
		this.sight.reading(new GaugeReading(ServerGauge.ACTIVE_SESSIONS, 12.0, 100.0, Mark.NONE, null));

		assertThat(look(Map.of("active-sessions", "12")).verdict()).isEqualTo(Verdict.STOP);
	}

	@Test
	void whatIsNotKnownIsSeenAndStopsNothing() throws SQLException {
		this.sight.reading(new GaugeReading(ANY.gauge(), null, null, Mark.UNKNOWN, "the role may not see it"));

		ThrottleState state = look();

		assertThat(state.verdict()).isEqualTo(Verdict.GO);
		assertThat(reading(state, "waiting")).isEqualTo(new SignalReading("waiting", Verdict.UNKNOWN, null,
				"slow from 10, stop from 50", "the role may not see it"));
	}

	@Test
	void whatIsKnownInPartStopsAllTheSame() throws SQLException {
		this.sight.reading(new GaugeReading(ANY.gauge(), 60.0, null, Mark.UNKNOWN, null));

		assertThat(look().verdict()).isEqualTo(Verdict.STOP);
	}

	@Test
	void aGaugeThatIsMissingIsUnknown() throws SQLException {
		this.sight.readings.remove(ANY.gauge());

		assertThat(reading(look(), "waiting").verdict()).isEqualTo(Verdict.UNKNOWN);
	}

	@Test
	void autovacuumsSlowDownWhileOthersAreActiveOnly() throws SQLException {
		this.sight.value(ServerGauge.AUTOVACUUM, 3.0).value(ServerGauge.OTHERS, 1.0);
		assertThat(look().verdict()).isEqualTo(Verdict.SLOW);

		this.sight.value(ServerGauge.OTHERS, 0.0);
		this.millis += 2000;

		assertThat(look().verdict()).isEqualTo(Verdict.GO);
		assertThat(reading(look(), "autovacuum").reason()).isEqualTo("nobody else is active");
	}

	@Test
	void oneAutovacuumIsNoReasonToYield() throws SQLException {
		this.sight.value(ServerGauge.AUTOVACUUM, 1.0).value(ServerGauge.OTHERS, 1.0);

		assertThat(look().verdict()).isEqualTo(Verdict.GO);
	}

	@Test
	void anAutovacuumAgainstWraparoundStopsAlways() throws SQLException {
		this.sight.reading(new GaugeReading(ServerGauge.AUTOVACUUM, 1.0, null, Mark.STOP, "to prevent wraparound"));

		ThrottleState state = look();

		assertThat(state.verdict()).isEqualTo(Verdict.STOP);
		assertThat(state.reason()).isEqualTo("autovacuum: 1 (slow from 3), to prevent wraparound");
	}

	@Test
	void saysWhichSignalsStopIt() throws SQLException {
		this.sight.reading(new GaugeReading(ServerGauge.REPLAY_LAG, 42.3, null, Mark.NONE, "standby web-2"))
			.value(ServerGauge.WAITING_FOR_US, 6.0)
			.value(ServerGauge.WAITING, 12.0);

		assertThat(look().reason()).isEqualTo(
				"replay-lag: 42 s (slow from 5s, stop from 30s), standby web-2; waiting-for-us: 6 (stop from 5)");
	}

	@Test
	void looksAtMostEveryTwoSeconds() throws SQLException {
		look();
		this.sight.value(ANY.gauge(), 60.0);
		this.millis += 1999;
		assertThat(look().verdict()).isEqualTo(Verdict.GO);
		assertThat(this.sight.looks).isEqualTo(1);

		this.millis++;

		assertThat(look().verdict()).isEqualTo(Verdict.STOP);
		assertThat(this.sight.looks).isEqualTo(2);
	}

	@Test
	void goesOnWithTheFirstLookThatIsGood() throws SQLException {
		this.sight.value(ANY.gauge(), 60.0);
		assertThat(look().verdict()).isEqualTo(Verdict.STOP);

		this.sight.value(ANY.gauge(), 0.0);
		this.millis += 2000;

		assertThat(look().verdict()).isEqualTo(Verdict.GO);
	}

	@Test
	void nobodyElseIsActiveNorWrites() throws SQLException {
		assertThat(look().othersActive()).isFalse();
		assertThat(look().othersWrite()).isFalse();
	}

	@Test
	void untilItIsKnownOthersAreTakenToWrite() throws SQLException {
		assertThat(ThrottleState.UNSEEN.othersWrite()).isTrue();
		this.sight.value(ServerGauge.OTHERS, 3.0);

		assertThat(look().othersActive()).isTrue();
		assertThat(look().othersWrite()).isTrue();
		this.millis += 10_000;
		assertThat(look().othersActive()).isTrue();
		assertThat(look().othersWrite()).isFalse();
	}

	@Test
	void aWriterIsSeenBetweenTwoLooksAndRememberedForAWhile() throws SQLException {
		look();
		this.sight.value(ServerGauge.WRITERS, 1.0);
		this.millis += 250;
		assertThat(look().othersWrite()).isTrue();

		this.sight.value(ServerGauge.WRITERS, 0.0);
		this.millis += 29_000;
		assertThat(look().othersWrite()).isTrue();
		this.millis += 1000;
		assertThat(look().othersWrite()).isFalse();
	}

	@Test
	void looksForWritersAFewTimesASecondAtMost() throws SQLException {
		look();
		for (int i = 0; i < 100; i++) {
			this.millis += 10;
			look();
		}

		assertThat(this.sight.looksForWriters).isEqualTo(4);
	}

	@Test
	void writersThatCannotBeSeenMayBeThere() throws SQLException {
		this.sight.reading(new GaugeReading(ServerGauge.WRITERS, null, null, Mark.UNKNOWN, "no"));

		assertThat(look().othersWrite()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "t, STOP", "true, STOP", "f, GO", "0, GO", "0.0, GO", "17, STOP", "-1, GO", "go, GO", "Slow, SLOW",
			"stop, STOP", "perhaps, UNKNOWN", ", UNKNOWN" })
	void aQueryOfOnesOwnSaysWhatFollows(@Nullable String value, Verdict verdict) throws SQLException {
		this.sight.query = value;

		SignalReading reading = reading(look(Map.of("query", "SELECT x FROM y")), "query");

		assertThat(reading.verdict()).isEqualTo(verdict);
		assertThat(reading.value()).isEqualTo(value);
	}

	@Test
	void aQueryThatFailsIsSeenAndStopsNothing() throws SQLException {
		this.sight.failure = new SQLException("relation \"y\" does not exist", "42P01");

		ThrottleState state = look(Map.of("query", "SELECT x FROM y"));

		assertThat(state.verdict()).isEqualTo(Verdict.GO);
		assertThat(reading(state, "query").verdict()).isEqualTo(Verdict.UNKNOWN);
		assertThat(reading(state, "query").reason()).startsWith("it fails: ");
	}

	@Test
	void asksTheSignalsOfTheApplication() throws SQLException {
		this.own.add(() -> new SignalReading("apdex", Verdict.SLOW, "0.8", "slow under 0.9", null));

		assertThat(look().verdict()).isEqualTo(Verdict.SLOW);
		assertThat(look().reason()).isEqualTo("apdex: 0.8 (slow under 0.9)");
	}

	@Test
	void aSignalOfTheApplicationThatFailsIsUnknown() throws SQLException {
		this.own.add(new Failing());

		ThrottleState state = look();

		assertThat(state.verdict()).isEqualTo(Verdict.GO);
		assertThat(reading(state, "Failing").verdict()).isEqualTo(Verdict.UNKNOWN);
		assertThat(reading(state, "Failing").reason()).isEqualTo("it fails with java.lang.IllegalStateException");
	}

	@Test
	void aSignalOfTheApplicationThatAnswersLateIsSeen() throws SQLException {
		this.own.add(() -> {
			this.millis += 3000;
			return new SignalReading("apdex", Verdict.GO, "0.95", "slow under 0.9", null);
		});

		assertThat(reading(look(), "apdex").reason()).isEqualTo("it took 3000 ms to answer, in which no batch ran");
	}

	private static final class Failing implements BackfillThrottle {

		@Override
		public SignalReading look() {
			throw new IllegalStateException("with a secret");
		}

	}

	/** A server that shows what the test says. */
	private static final class FakeSight implements Sight {

		private final Map<ServerGauge, GaugeReading> readings = new EnumMap<>(ServerGauge.class);

		private @Nullable String query;

		private @Nullable SQLException failure;

		private int looks;

		private int looksForWriters;

		FakeSight() {
			for (ServerGauge gauge : ServerGauge.values()) {
				value(gauge, 0.0);
			}
		}

		FakeSight value(ServerGauge gauge, @Nullable Double value) {
			return reading(new GaugeReading(gauge, value, null, Mark.NONE, null));
		}

		FakeSight reading(GaugeReading reading) {
			this.readings.put(reading.gauge(), reading);
			return this;
		}

		@Override
		public Map<ServerGauge, GaugeReading> gauges() {
			this.looks++;
			return this.readings;
		}

		@Override
		public GaugeReading writers() {
			this.looksForWriters++;
			return this.readings.get(ServerGauge.WRITERS);
		}

		@Override
		public @Nullable String query() throws SQLException {
			if (this.failure != null) {
				throw this.failure;
			}
			return this.query;
		}

	}

}
