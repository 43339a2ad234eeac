package dev.tidemark.sql;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.CountingText;
import dev.tidemark.sql.script.HostileTexts;

import static org.assertj.core.api.Assertions.assertThat;

class PlainTextTests {

	@Test
	void aTextThatIsFitStaysAsItIs() {
		String text = "V1__gr\u00f6\u00dfe \u8868 \ud83d\ude00 a\tb 'c' \\ %s {}";
		assertThat(PlainText.line(text)).isSameAs(text);
	}

	@Test
	void lineEndsAreSeen() {
		assertThat(PlainText.line("a\nb\r\nc\u0085d\u2028e\u2029f\u000bg\fh"))
			.isEqualTo("a\\nb\\r\\nc\\u0085d\\u2028e\\u2029f\\u000Bg\\u000Ch");
	}

	@Test
	void whatSteersATerminalIsSeen() {
		assertThat(PlainText.line("a\u001b[2Jb\u009b31m\u0007\0\u007f"))
			.isEqualTo("a\\u001B[2Jb\\u009B31m\\u0007\\u0000\\u007F");
	}

	@Test
	void whatTurnsTheOrderIsSeen() {
		assertThat(PlainText.line("\u202egnp\u202c \u2066a\u2069 \u200e\u200f\u061c"))
			.isEqualTo("\\u202Egnp\\u202C \\u2066a\\u2069 \\u200E\\u200F\\u061C");
	}

	@Test
	void whatHasNoShapeIsSeen() {
		assertThat(PlainText.line("a\u200bb\u200dc\ufeffd\u00ade\u2060f\u3164g\udb40\udc41h"))
			.isEqualTo("a\\u200Bb\\u200Dc\\uFEFFd\\u00ADe\\u2060f\\u3164g\\uDB40\\uDC41h");
	}

	@Test
	void halfOfACharacterIsSeen() {
		assertThat(PlainText.line("a\ud83db\ude00")).isEqualTo("a\\uD83Db\\uDE00");
	}

	@Test
	void aTextOfSeveralLinesKeepsThem() {
		assertThat(PlainText.lines("a\nb\r\nc\rd\u2028e\u001b")).isEqualTo("a\nb\nc\nd\\u2028e\\u001B");
	}

	@Test
	void whatIsTooLongIsCutVisibly() {
		String cut = PlainText.line("a".repeat(12_345));
		assertThat(cut).startsWith("aaa").endsWith("a\u2026 (2345 more characters)");
		assertThat(PlainText.line(cut)).isEqualTo(cut);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "\u001b", "\r\n", "\ud83d\ude00" })
	void ofALongTextNoMoreIsReadThanIsShown(String repeated) {
		for (boolean lines : new boolean[] { true, false }) {
			CountingText text = new CountingText(repeated.repeat(1_000_000));
			assertThat(PlainText.shown(text, lines, 1000)).hasSizeLessThan(1050).endsWith(" more characters)");
			assertThat(text.count()).isLessThan(10_000);
		}
	}

	@Test
	void noCharacterIsCutInTwo() {
		assertThat(PlainText.line("a" + "\ud83d\ude00".repeat(10_000))).contains("\ude00\u2026 (")
			.doesNotContain("\\u");
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2 })
	void makingATextFitOnceMoreChangesNothing(long seed) {
		HostileTexts texts = new HostileTexts(seed);
		for (int i = 0; i < 1000; i++) {
			String line = PlainText.line(texts.next());
			assertThat(PlainText.line(line)).isEqualTo(line);
			assertThat(line.lines().count()).isLessThanOrEqualTo(1);
		}
	}

}
