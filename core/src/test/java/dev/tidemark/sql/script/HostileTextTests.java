package dev.tidemark.sql.script;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.Occurrences;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.secret.Secrets;
import dev.tidemark.statement.parse.SessionEffects;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Statements and texts that are made to be expensive, or that nobody would write.
 */
class HostileTextTests {

	/** How often a character is looked at, at most and on average. */
	private static final int LOOKS = 40;

	/** What is quadratic does not come to an end with it. */
	private static final int LONG = 40_000;

	static List<String> longTexts() {
		return HostileTexts.ofLength(LONG).toList();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void tenThousandRandomStatementsAreReadOrRefused(long seed) {
		HostileTexts texts = new HostileTexts(seed);
		for (int i = 0; i < 3334; i++) {
			String text = texts.next();
			assertFit(text, read(text, texts.next()));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 1 %s 1", "SET a = %s 1" })
	void signsWithoutEndAreRead(String sql) {
		String text = sql.formatted("+-".repeat(LONG));

		assertFit(text, read(text, "a message"));
	}

	@ParameterizedTest
	@MethodSource("longTexts")
	void aLongStatementIsRead(String text) {
		assertFit(text, read("SELECT " + text, "a message of " + text.substring(0, 1000)));
	}

	private static void assertFit(String text, List<String> shown) {
		assertThat(shown).allSatisfy((line) -> assertThat(PlainText.lines(line)).as(text).isEqualTo(line));
	}

	private static List<String> read(String text, String message) {
		String masked = Secrets.of(text).apply(message);
		String excerpt = Secrets.withoutConstants(text);
		try {
			SqlScript script = SqlScript.parse(text);
			return script.statements().stream().limit(20).map((statement) -> {
				assertThat(Statements.of(statement)).isNotNull();
				assertThat(SessionEffects.of(statement).named()).isNotNull();
				statement.mask(message);
				assertThat(PlainText.line(statement.excerpt())).isEqualTo(statement.excerpt());
				return PlainText.lines(statement.listing());
			}).toList();
		}
		catch (SqlSyntaxException ex) {
			return List.of(PlainText.lines(masked), excerpt, ex.getMessage());
		}
	}

	@Test
	void whatATextCostsGrowsWithItsLengthOnly() {
		for (int length : new int[] { 1000, 16_000 }) {
			HostileTexts.ofLength(length).forEach((text) -> assertLinear(text, Secrets::mask));
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 4, 5 })
	void whatARandomTextCostsGrowsWithItsLengthOnly(long seed) {
		HostileTexts texts = new HostileTexts(seed);
		for (int i = 0; i < 2000; i++) {
			assertLinear(texts.next(), Secrets::mask);
		}
	}

	private static void assertLinear(String text, Function<CharSequence, String> reader) {
		CountingText counting = new CountingText(text);
		reader.apply(counting);
		assertThat(counting.count()).as(() -> text.substring(0, Math.min(60, text.length())))
			.isLessThanOrEqualTo(2000L + (long) LOOKS * text.length());
	}

	@Test
	void aMessageAboutThousandsOfConstantsIsMasked() {
		StringBuilder sql = new StringBuilder("INSERT INTO account (name, password) VALUES ");
		for (int i = 0; i < 9000; i++) {
			sql.append("('n").append(i).append("', 'p").append(i).append("x'), ");
		}
		UnaryOperator<String> mask = Secrets.of(sql.toString());

		assertThat(mask.apply("n1 n22, n333 p4444x n4 n5x xn6 n999999 " + "n77 ".repeat(10_000)))
			.isEqualTo("*** ***, *** *** *** n5x xn6 n999999 " + "*** ".repeat(10_000));
	}

	@Test
	void constantsThatDoNotEndAreNoReasonToShowTheOthers() {
		String sql = "ALTER ROLE a PASSWORD 's3cr3t'; SELECT " + "$a$ '".repeat(2000);

		assertThat(Secrets.of(sql).apply("bad: s3cr3t")).isEqualTo("bad: ***");
	}

	@Test
	void aSecretDeepInDollarQuotesIsFound() {
		StringBuilder sql = new StringBuilder("DO ");
		for (int i = 0; i < 3000; i++) {
			sql.append("$t").append(i).append("$ EXECUTE ");
		}
		sql.append("'ALTER ROLE a PASSWORD ''s3cr3t'' '");
		for (int i = 2999; i >= 0; i--) {
			sql.append("$t").append(i).append("$ ");
		}

		assertThat(Secrets.of(sql.toString()).apply("bad: s3cr3t")).isEqualTo("bad: ***");
	}

	@Test
	void ofWordsThatBeginAtTheSamePlaceTheLongestIsReplaced() {
		Occurrences occurrences = new Occurrences(List.of("a", "ab", "ab c"), List.of("abcabcd", "bcabc"), true);

		assertThat(occurrences.replace("a ab ab c abc abcabcdx xbcabcx _a a_ a", (found) -> "<" + found + ">"))
			.isEqualTo("<a> <ab> <ab c> abc <abcabcd>x x<bcabc>x _a a_ <a>");
	}

	@Test
	void anUnderscoreMayEndAWord() {
		Occurrences occurrences = new Occurrences(List.of("orders"), List.of(), false);

		assertThat(occurrences.replace("orders orders_pkey xorders orders2", (found) -> "${t}"))
			.isEqualTo("${t} ${t}_pkey xorders orders2");
	}

}
