package dev.tidemark.migration.backfill;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BackfillOptionTests {

	private static BackfillOptions set(String word, String text) {
		BackfillOption option = BackfillOption.of(word);
		assertThat(option).isNotNull();
		return option.set(BackfillOptions.DEFAULT, text);
	}

	private static UnusableOptionException refusal(String word, String text) {
		return catchThrowableOfType(UnusableOptionException.class, () -> set(word, text));
	}

	@ParameterizedTest
	@EnumSource
	void theDefaultIsWrittenAsItIsRead(BackfillOption option) {
		assertThat(option.set(BackfillOptions.DEFAULT, option.defaultValue())).isEqualTo(BackfillOptions.DEFAULT);
	}

	@ParameterizedTest
	@EnumSource
	void theExampleIsAnotherValueAndChangesNothingElse(BackfillOption option) {
		BackfillOptions options = option.set(BackfillOptions.DEFAULT, option.example());

		assertThat(options).isNotEqualTo(BackfillOptions.DEFAULT);
		assertThat(option.valueIn(options)).isEqualTo(option.example());
		assertThat(option.set(options, option.defaultValue())).isEqualTo(BackfillOptions.DEFAULT);
	}

	@ParameterizedTest
	@CsvSource({ "max-wal-per-second, 8mb, 8MB", "max-wal-per-second, 2048KB, 2MB",
			"max-wal-per-second, UNLIMITED, unlimited", "target, PT2S, 2s", "duty, 1, 1.0", "reads, NOW, now",
			"max-rows-per-second, unlimited, unlimited", "rollout-pause, 0, 0s", "rollout-pause, 120s, 2m",
			"start, AUTO, auto", "windows, Sat 8:00-9:00, 'Sat 08:00-09:00'" })
	void aValueMayBeWrittenInOtherWays(String word, String text, String value) {
		assertThat(BackfillOption.of(word).valueIn(set(word, text))).isEqualTo(value);
	}

	@ParameterizedTest
	@CsvSource({ "max-rows-per-second, 0, a whole number from 1 to 1000000000",
			"max-rows-per-second, -5, a whole number", "max-wal-per-second, 0, a size from 8kB to 1TB",
			"max-wal-per-second, 1B, a size from 8kB", "max-wal-per-second, -8MB, a size from 8kB",
			"max-wal-per-second, 99999TB, a size from 8kB", "duty, 0, a number from 0.01 to 1",
			"duty, 0.0, a number from", "duty, -0.5, a number from", "duty, 1.5, a number from",
			"workers, 0, from 1 to 64", "workers, 65, from 1 to 64", "workers, 99999999999999999999999, from 1 to 64",
			"size, 0, from 1 to 1000000", "max-size, 1000001, from 1 to", "target, 0, from 10ms to 1m",
			"target, 1ms, from 10ms to 1m", "target, -1s, from 10ms to 1m", "target, 99999999d, from 10ms to 1m",
			"rollout-pause, 8d, from 0s to 7d", "attempts, 0, from 1 to 100", "max-bad-rows, -1, from 0 to 1000000" })
	void whatIsOutOfItsBoundsIsRefusedWithThem(String word, String text, String bounds) {
		UnusableOptionException refusal = refusal(word, text);

		assertThat(refusal.what()).startsWith("The option '" + word + "' must be ").contains(bounds, "it is " + text);
		assertThat(refusal.remedy()).contains(word + "=" + BackfillOption.of(word).example());
	}

	@ParameterizedTest
	@CsvSource({ "reads, redy, Write 'ready'", "reads, soon, 'ready, fail, now, later'",
			"on-bad-row, skp, Write 'skip'", "start, manuel, Write 'manual'", "workers, many, a whole number",
			"workers, 4x, a whole number", "workers, '', a whole number", "workers, +4, a whole number",
			"workers, ٤, a whole number", "duty, half, a number", "duty, NaN, a number", "duty, 1e-1, a number",
			"duty, ., a number", "duty, 50%, a number", "target, 5, 'with its unit (ms, s, m, h or d)'",
			"target, 1w, with its unit", "target, --5s, with its unit", "max-wal-per-second, 8, with its unit",
			"max-wal-per-second, MB, with its unit", "max-wal-per-second, 8XB, with its unit",
			"max-rows-per-second, unlimitd, or max-rows-per-second=unlimited",
			"windows, at night, 22:00-06:00 Europe/Berlin" })
	void whatIsNoValueIsRefusedWithTheForm(String word, String text, String form) {
		UnusableOptionException refusal = refusal(word, text);

		assertThat(refusal.what()).startsWith("The option '" + word + "' has the unknown value '" + text + "'.");
		assertThat(refusal.remedy()).contains(form);
	}

	@Test
	void aHostileValueIsShownCutOffAndInOneLine() {
		assertThat(refusal("workers", "9".repeat(1_000_000)).what()).hasSizeLessThan(200);
		assertThat(refusal("target", "x\n\0".repeat(100_000)).what()).hasSizeLessThan(400).doesNotContain("\n", "\0");
		assertThat(refusal("duty", "0".repeat(1_000_000) + "x").what()).hasSizeLessThan(200);
	}

	@Test
	void whatAFileSaysCountsBeforeTheDefaults() {
		BackfillOptions defaults = BackfillOptions.DEFAULT
			.with(Map.of(BackfillOption.MAX_ROWS_PER_SECOND, "1000", BackfillOption.TARGET, "2s"));
		BackfillOptions options = defaults
			.with(Map.of(BackfillOption.MAX_ROWS_PER_SECOND, "unlimited", BackfillOption.WORKERS, "2"));

		assertThat(options.pace().maxRowsPerSecond()).isZero();
		assertThat(options.batch().target()).isEqualTo(Duration.ofSeconds(2));
		assertThat(options.workers()).isEqualTo(2);
	}

	@Test
	void aBoundThatIsSaidTakesWhatIsNotSaidAlong() {
		assertThat(BackfillOptions.DEFAULT.with(Map.of(BackfillOption.MAX_SIZE, "50")).batch().first()).isEqualTo(50);
		assertThat(BackfillOptions.DEFAULT.with(Map.of(BackfillOption.SIZE, "60000")).batch().first())
			.isEqualTo(50_000);
		assertThat(BackfillOptions.DEFAULT.with(Map.of(BackfillOption.TARGET, "50ms")).batch().targetUnderLoad())
			.isEqualTo(Duration.ofMillis(50));
	}

	@Test
	void whatContradictsItselfIsRefused() {
		assertThatExceptionOfType(UnusableOptionException.class).isThrownBy(
				() -> BackfillOptions.DEFAULT.with(Map.of(BackfillOption.SIZE, "60", BackfillOption.MAX_SIZE, "50")))
			.withMessageContaining("size=60, and max-size is 50");
		assertThatExceptionOfType(UnusableOptionException.class)
			.isThrownBy(() -> BackfillOptions.DEFAULT
				.with(Map.of(BackfillOption.TARGET, "50ms", BackfillOption.TARGET_UNDER_LOAD, "60ms")))
			.withMessageContaining("target-under-load=60ms, and target is 50ms");
	}

	@Test
	void optionsThatCodeMakesHaveTheSameBounds() {
		assertThat(BackfillOptions.DEFAULT.checked()).isEqualTo(BackfillOptions.DEFAULT);
		assertThatExceptionOfType(UnusableOptionException.class)
			.isThrownBy(() -> BackfillOptions.DEFAULT.withWorkers(0).checked())
			.withMessageContaining("'workers' must be");
		assertThatExceptionOfType(UnusableOptionException.class).isThrownBy(
				() -> BackfillOptions.DEFAULT.with(new PaceLimits(0.5, -1, 0, Windows.ALWAYS, Duration.ZERO)).checked())
			.withMessageContaining("'max-rows-per-second' must be");
		assertThatExceptionOfType(UnusableOptionException.class).isThrownBy(
				() -> BackfillOptions.DEFAULT.with(new PaceLimits(Double.NaN, 0, 0, Windows.ALWAYS, Duration.ZERO))
					.checked());
	}

}
