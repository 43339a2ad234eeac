package dev.tidemark.rollout.pace;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * How the thresholds of signals are set.
 */
class ThrottleSettingsTests {

	private static TidemarkException refused(String signal, String value) {
		return catchThrowableOfType(TidemarkException.class, () -> ThrottleSettings.of(Map.of(signal, value)));
	}

	@ParameterizedTest
	@EnumSource
	void eachSignalHasADefaultThatCouldBeSet(ThrottleSignal signal) {
		ThrottleSettings same = ThrottleSettings.of(Map.of(signal.word(), signal.defaults()));

		assertThat(same.thresholds()).isEqualTo(ThrottleSettings.DEFAULT.thresholds());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			replay-lag       | 2s,1m    | slow from 2s, stop from 1m
			replay-lag       | 500ms    | stop from 500ms
			replay-lag       | 5s,off   | slow from 5s
			replay-lag-size  | 1GB      | stop from 1GB
			dead-rows        | 30%,60 % | slow from 30%, stop from 60 %
			waiting          | off , 3  | stop from 3
			active-sessions  | 12,80%   | slow from 12, stop from 80%
			""")
	void aThresholdIsForSlowAndForStop(String signal, String value, String words) {
		assertThat(ThrottleSettings.of(Map.of(signal, value)).thresholds().get(ThrottleSignal.of(signal).orElseThrow()))
			.hasToString(words);
	}

	@Test
	void aSignalThatIsOffIsNotLookedAt() {
		assertThat(ThrottleSettings.of(Map.of("slots", "off")).thresholds()).doesNotContainKey(ThrottleSignal.SLOTS);
	}

	@Test
	void namesTheNearestSignal() {
		TidemarkException refused = refused("replay-leg", "5s");

		assertThat(refused.code()).isEqualTo(ErrorCode.SETTING);
		assertThat(refused).hasMessageContaining("tidemark.backfill.throttle.replay-leg names no signal")
			.hasMessageContaining("Set tidemark.backfill.throttle.replay-lag, if that is meant");
	}

	@Test
	void namesAllSignalsWhereNoneIsNear() {
		assertThat(refused("temperature", "5"))
			.hasMessageContaining("The signals are replay-lag, replay-lag-size, slots");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			replay-lag      | 5        | a time such as 5s
			replay-lag      | 5MB      | a time such as 5s
			replay-lag      | 1s,2s,3s | a time such as 5s
			replay-lag      | -5s      | a time such as 5s
			replay-lag      | 0s       | a time such as 5s
			replay-lag-size | 5s       | a size such as 64MB
			dead-rows       | 0.5      | a share such as 50%
			waiting         | many     | a number such as 10
			waiting         | ''       | a number such as 10
			active-sessions | 1s       | a number such as 40, or a share such as 50%
			""")
	void saysWhatAThresholdMayBe(String signal, String value, String form) {
		TidemarkException refused = refused(signal, value);

		assertThat(refused.code()).isEqualTo(ErrorCode.SETTING);
		assertThat(refused).hasMessageContaining("tidemark.backfill.throttle." + signal + " cannot be '" + value + "'")
			.hasMessageContaining(form);
	}

	@Test
	void aQueryIsOneStatement() {
		assertThat(ThrottleSettings.of(Map.of("query", "SELECT count(*) > 5 FROM queue;")).query())
			.isEqualTo("SELECT count(*) > 5 FROM queue");
		assertThat(ThrottleSettings.of(Map.of("query", "off")).query()).isNull();
		assertThat(refused("query", "SELECT 1; COMMIT; DROP TABLE users"))
			.hasMessageContaining("tidemark.backfill.throttle.query is not one query");
		assertThat(refused("query", "SELECT 'unfinished")).hasMessageContaining("is not one query");
		assertThat(refused("query", "-- nothing")).hasMessageContaining("is not one query");
	}

	@Test
	void settingsAreNamedAsTheyAreSpeltForTheDatabase() {
		TidemarkException refused = new SettingNames("tidemark.databases.orders.").during(() -> refused("slot", "1GB"));

		assertThat(refused).hasMessageContaining("Set tidemark.databases.orders.backfill.throttle.slots");
	}

}
