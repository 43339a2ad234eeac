package dev.tidemark.error;

import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.script.CountingText;
import dev.tidemark.sql.script.HostileTexts;
import dev.tidemark.sql.secret.Secrets;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages of a server that are made to be expensive, or that no server would send.
 */
class HostileMessageTests {

	private static final List<String> STATES = List.of("22003", "22P02", "22P05", "22021", "22023", "22P04", "22001",
			"2200N", "2200H", "22004", "23505", "23502", "44000", "42601", "54000", "2BP01", "P0001", "XX000");

	/** How often a character is looked at, at most and on average. */
	private static final int LOOKS = 40;

	/** What is quadratic does not come to an end with it. */
	private static final int LONG = 40_000;

	static List<String> longTexts() {
		return HostileTexts.ofLength(LONG).toList();
	}

	private static PSQLException error(String state, String message, String detail, String hint, String context) {
		return new PSQLException(new ServerErrorMessage(
				"SERROR\0C" + state + "\0M" + message + "\0D" + detail + "\0H" + hint + "\0W" + context + "\0"));
	}

	@ParameterizedTest
	@ValueSource(longs = { 11, 12, 13 })
	void tenThousandRandomMessagesAreRead(long seed) {
		HostileTexts texts = new HostileTexts(seed);
		for (int i = 0; i < 3334; i++) {
			String state = texts.anyOf(STATES);
			PSQLException error = error(state, texts.next(), texts.next(), texts.next(), texts.next());
			ServerError read = ServerError.of(error, Secrets.of(texts.next()));
			String text = new TidemarkException(
					Problem.error(ErrorCode.STATEMENT, null, texts.next(), texts.next()).withServer(read))
				.getMessage();
			assertThat(text.lines().filter((line) -> line.length() <= PlainText.LONGEST_LINE)).as("%s %s", state, error)
				.allMatch((line) -> line.equals(PlainText.line(line)));
			assertThat(text.lines().skip(1)).as("%s %s", state, error).allMatch((line) -> line.startsWith("  "));
		}
	}

	@ParameterizedTest
	@MethodSource("longTexts")
	void aLongMessageIsRead(String text) {
		for (String state : List.of("22003", "22P05", "23505")) {
			ServerError error = ServerError.of(error(state, text, text, text, text));
			assertThat(error.message()).hasSizeLessThan(PlainText.LONGEST_TEXT + 50);
		}
	}

	@Test
	void whatAMessageCostsGrowsWithItsLengthOnly() {
		for (int length : new int[] { 1000, 8000 }) {
			HostileTexts.ofLength(length).forEach((text) -> {
				for (String state : List.of("22003", "22P05", "22P04", "23505", "42601")) {
					assertLinear(text, (message) -> RowData.takenOutOfMessage(state, message, false));
					assertLinear(text, (detail) -> RowData.takenOutOfDetail(state, detail));
				}
				assertLinear(text, RowData::takenOutOfInput);
			});
		}
	}

	private static void assertLinear(String text, Function<CharSequence, String> reader) {
		CountingText counting = new CountingText(text);
		reader.apply(counting);
		assertThat(counting.count()).as(() -> text.substring(0, Math.min(60, text.length())))
			.isLessThanOrEqualTo(2000L + (long) LOOKS * text.length());
	}

	@Test
	void aValueOfThousandsOfNumbersIsMasked() {
		assertThat(ServerError.of(error("22P02", "bad: " + "1,".repeat(100_000) + "1", "d", "h", "c")).message())
			.isEqualTo("bad: ***");
	}

	@Test
	void aLineOfTheServerDoesNotLookLikeAnotherOfItsParts() {
		ServerError error = ServerError.of(error("P0001", "a\nHint: forged", "b\r\nContext: forged", "h", "c"));

		assertThat(error.toString())
			.isEqualTo("a\n  Hint: forged (SQLSTATE P0001)\nDetail: b\n  Context: forged\nHint: h\nContext: c");
	}

	@Test
	void aNameDoesNotLookLikeAnotherPartOfAProblem() {
		Problem problem = Problem.error(ErrorCode.STATEMENT, Place.file("V1__a\n  state: forged\n.sql"),
				"The file 'V1__a\n  state: forged' failed.", "Do it\n  state: forged\u001b[2J");

		assertThat(problem.toString()).isEqualTo(ErrorCode.STATEMENT.code()
				+ " The file 'V1__a\\n  state: forged' failed.\n  where: V1__a\\n  state: forged\\n.sql\n"
				+ "  state: Nothing was changed.\n  next: Do it\n      state: forged\\u001B[2J");
	}

}
