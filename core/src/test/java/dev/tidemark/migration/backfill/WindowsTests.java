package dev.tidemark.migration.backfill;

import java.time.ZonedDateTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WindowsTests {

	private static boolean contains(String windows, String time) {
		return Windows.parse(windows).contain(ZonedDateTime.parse(time));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "always | 2026-11-29T03:00Z | true", "08:00-20:00 | 2026-11-29T08:00Z | true",
			"08:00-20:00 | 2026-11-29T19:59:59Z | true", "08:00-20:00 | 2026-11-29T20:00Z | false",
			"08:00-20:00 | 2026-11-29T07:59Z | false", "22:00-06:00 | 2026-11-29T23:00Z | true",
			"22:00-06:00 | 2026-11-29T05:59Z | true", "22:00-06:00 | 2026-11-29T06:00Z | false",
			"22:00-24:00 | 2026-11-29T23:59Z | true", "22:00-24:00 | 2026-11-30T00:00Z | false",
			"00:00-24:00 | 2026-11-29T12:00Z | true", "00:00-06:00,22:00-24:00 | 2026-11-29T23:00Z | true",
			"1:00-2:30, 12:00-13:00 | 2026-11-29T12:30Z | true", "1:00-2:30, 12:00-13:00 | 2026-11-29T11:30Z | false" })
	void theClockSaysWhenWorkMayGoOn(String windows, String time, boolean expected) {
		assertThat(contains(windows, time)).isEqualTo(expected);
	}

	/** The 29th of November 2026 is a Sunday. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "Sat,Sun 08:00-20:00 | 2026-11-29T12:00Z | true",
			"Sat,Sun 08:00-20:00 | 2026-11-30T12:00Z | false", "Mon-Fri 22:00-06:00 | 2026-11-28T05:00Z | true",
			"Mon-Fri 22:00-06:00 | 2026-11-28T22:00Z | false", "Mon-Fri 22:00-06:00 | 2026-11-30T05:00Z | false",
			"fri-MONDAY 08:00-20:00 | 2026-11-29T12:00Z | true", "Fri-Mon 08:00-20:00 | 2026-11-26T12:00Z | false",
			"Sun 00:00-24:00 | 2026-11-29T23:59Z | true", "Sun 00:00-24:00 | 2026-11-30T00:00Z | false",
			"Mon 10:00-11:00, Sun 12:00-13:00 | 2026-11-29T12:30Z | true",
			"Mon 10:00-11:00, 12:00-13:00 | 2026-11-29T10:30Z | false" })
	void aNightBelongsToTheDayOnWhichItBegins(String windows, String time, boolean expected) {
		assertThat(contains(windows, time)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "22:00-06:00 Europe/Berlin | 2026-11-29T21:00Z | true",
			"22:00-06:00 Europe/Berlin | 2026-11-29T20:59Z | false",
			"Mon 00:00-02:00 Asia/Tokyo | 2026-11-29T15:30Z | true", "12:00-13:00 UTC | 2026-11-29T13:30+01:00 | true",
			"12:00-13:00,15:00-16:00 Europe/Berlin | 2026-11-29T11:30Z | true" })
	void theClockHangsInTheZone(String windows, String time, boolean expected) {
		assertThat(contains(windows, time)).isEqualTo(expected);
	}

	@Test
	void whenClocksAreChangedTheWallCounts() {
		ZonedDateTime spring = ZonedDateTime.parse("2026-03-28T21:00Z");
		ZonedDateTime autumn = ZonedDateTime.parse("2026-10-24T20:00Z");

		assertThat(minutesOpen("22:00-06:00 Europe/Berlin", spring)).isEqualTo(7 * 60);
		assertThat(minutesOpen("22:00-06:00 Europe/Berlin", autumn)).isEqualTo(9 * 60);
		assertThat(minutesOpen("02:00-03:00 Europe/Berlin", spring)).isZero();
		assertThat(minutesOpen("02:00-03:00 Europe/Berlin", autumn)).isEqualTo(2 * 60);
	}

	private static int minutesOpen(String text, ZonedDateTime from) {
		Windows windows = Windows.parse(text);
		int open = 0;
		for (int minute = 0; minute < 12 * 60; minute++) {
			open += windows.contain(from.plusMinutes(minute)) ? 1 : 0;
		}
		return open;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "always", "22:00-06:00", "22:00-24:00", "00:00-24:00",
			"Sat,Sun 08:00-20:00, 01:00-02:00 Europe/Berlin", "Mon,Fri 10:00-11:30 UTC" })
	void whatIsWrittenIsReadAgain(String text) {
		Windows windows = Windows.parse(text);

		assertThat(windows).hasToString(text);
		assertThat(Windows.parse(windows.toString())).isEqualTo(windows);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "'' | needs a begin and an end", "22:00 | no window", "22-06 | a time that is none",
					"25:00-26:00 | a time that is none", "22:60-23:00 | a time that is none",
					"24:30-25:00 | a time that is none", "22:0-23:00 | a time that is none",
					"22:00-22:00 | no time between", "24:00-06:00 | no time between", "Sat | needs a begin and an end",
					"Sat,Sun | needs a begin and an end", "Someday 08:00-20:00 | is no day",
					"08:00-20:00 Europe/Berln | nearest is Europe/Berlin", "08:00-20:00 Sat | needs a begin and an end",
					"Europe/Berlin 08:00-20:00 | is no day", "08:00-20:00 UTC,09:00-10:00 | stands at the end",
					"٠٨:00-20:00 | a time that is none", "-1:00-2:00 | is no day" })
	void whatIsWrongIsNamed(String text, String reason) {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Windows.parse(text))
			.withMessageContaining(reason);
	}

	@Test
	@Timeout(10)
	void aTextWithoutEndIsReadOnce() {
		assertThat(Windows.parse("22:00-06:00,".repeat(100_000)).windows()).hasSize(100_000);
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> Windows.parse("Mon,".repeat(100_000)));
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> Windows.parse("08:00-09:00 " + "x".repeat(1_000_000)))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(300));
	}

}
