package dev.tidemark.migration.directive;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The grammar, with words of all the forms that there may be.
 */
class DirectiveParserTests {

	private static final Place PLACE = Place.position("V1__x.sql", 3, 1);

	private static final Vocabulary VOCABULARY = new Vocabulary(List.of(
			new DirectiveForm("mode", true, false, List.of(), "mode=fast"),
			new DirectiveForm("size", true, false, List.of(), "size=100"),
			new DirectiveForm("final", false, false, List.of("reason"), "final reason=\"it is\""),
			new DirectiveForm("allow", true, false, List.of("on", "reason", "until"),
					"allow=drop-column on=users.email"),
			new DirectiveForm("run", false, false, List.of(), "run"),
			new DirectiveForm("rename", false, true, List.of("via", "reason"), "rename table a to b"),
			new DirectiveForm("keep", false, true, List.of("conflict"), "keep a.b in step with a.c")));

	private static List<Directive> parse(String text) {
		List<Directive> directives = new ArrayList<>();
		new DirectiveParser(VOCABULARY, text, PLACE).parse(directives::add);
		return directives;
	}

	private static Directive one(String text) {
		List<Directive> directives = parse(text);
		assertThat(directives).hasSize(1);
		return directives.get(0);
	}

	private static Problem problem(String text) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> parse(text));
		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems()).hasSize(1);
		assertThat(failure.problems().get(0).place()).isEqualTo(PLACE);
		return failure.problems().get(0);
	}

	@Test
	void severalStandOnALine() {
		List<Directive> directives = parse("mode=fast run final reason=\"it is\" size=5");

		assertThat(directives).extracting(Directive::word).containsExactly("mode", "run", "final", "size");
		assertThat(directives.get(2).text("reason")).isEqualTo("it is");
	}

	@Test
	void namedValuesFollowAValueInAnyOrder() {
		Directive directive = one("allow=drop-column until=2027-03-01 reason=\"nobody reads it\" on=users.email");

		assertThat(directive.text()).isEqualTo("drop-column");
		assertThat(directive.named().keySet()).containsExactly("until", "reason", "on");
		assertThat(directive.text("until")).isEqualTo("2027-03-01");
	}

	@Test
	void aWordWithArgumentsTakesTheWholeLineTableNamesThatAreWordsIncluded() {
		Directive directive = one("rename table run to final via=view");

		assertThat(directive.arguments()).extracting(DirectiveValue::written)
			.containsExactly("table", "run", "to", "final");
		assertThat(directive.text("via")).isEqualTo("view");
	}

	@Test
	void anExpressionStandsInQuotesAndATypeAsItIs() {
		Directive directive = one(
				"keep users.email in step with users.mail as numeric(10,2) forward \"lower(email) || '=x'\" conflict=new");

		assertThat(directive.arguments()).extracting(DirectiveValue::text)
			.containsExactly("users.email", "in", "step", "with", "users.mail", "as", "numeric(10,2)", "forward",
					"lower(email) || '=x'");
	}

	@Test
	void namesAreReadAsSqlHasThem() {
		Directive directive = one("rename column \"My \"\"own\"\" Tables\".Users.\"E mail\" to U&\"m\\0061il\"");

		assertThat(directive.arguments().get(1).name()).containsExactly("My \"own\" Tables", "users", "E mail");
		assertThat(directive.arguments().get(3).name()).containsExactly("mail");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a.", ".a", "a..b", "\"\"", "5", "a--b", "a/*b*/", "a\"b", "numeric(10,2)", "\"a\"b" })
	void whatIsNoNameHasNone(String written) {
		assertThat(new DirectiveValue(written).name()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			value = { "final reason=x,x", "final reason = \"a  b\",a  b", "final reason=\"a \"\"b\"\" c\",a \"b\" c",
					"final reason=\"\"\"a\"\"\",\"a\"", "final reason=\"\",``", "final reason=5\",5\"",
					"final reason=\"a=b\",a=b", "final reason=\"run\",run", "final\u00a0reason=\"a\u00a0b\",a\u00a0b" })
	void aTextMayHoldAQuoteThatIsWrittenTwice(String directive, String text) {
		assertThat(one(directive).text("reason")).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mode=a,b,\"c d\"", "mode=\"a, b,c d\"", "mode=\"a,b\",\"c d\"", "mode=\"a\",b,\"c d \"" })
	void aListStandsInQuotesAsAWholeOrItemByItem(String directive) {
		assertThat(one(directive).list()).containsExactly("a", "b", "c d");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mode=,a", "mode=a,", "mode=a,,b", "mode=a,\"\"", "mode=\"\"" })
	void anItemOfAListMayBeMissing(String directive) {
		assertThat(one(directive).list()).contains("");
	}

	@Test
	void whatGoesOnBehindItsQuoteIsNoText() {
		Directive directive = one("mode=\"a\"b");

		assertThat(catchThrowableOfType(TidemarkException.class, directive::text).problems().get(0).what())
			.isEqualTo("The value of 'mode' goes on behind its closing quote: \"a\"b.");
	}

	@ParameterizedTest
	@CsvSource({ "500ms, PT0.5S", "5s, PT5S", "1m, PT1M", "2h, PT2H", "1d, PT24H", "7us, PT0.000007S",
			"9ns, PT0.000000009S", "PT1M5S, PT1M5S", "pt5s, PT5S", "-PT5S, PT-5S", "0s, PT0S" })
	void durationsAreWrittenAsThoseOfSpring(String written, String duration) {
		assertThat(new DirectiveValue(written).duration()).hasToString(duration);
	}

	@ParameterizedTest
	@ValueSource(strings = { "5", "s", "5 s", "5sec", "5S", "1.5s", "5s5s", "-5s", "+5s", "99999999999999999999s",
			"999999999999999999d", "PT", "P1", "\u0665s", "\"5s\"s" })
	void whatIsNoDurationHasNone(String written) {
		assertThat(new DirectiveValue(written).duration()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "mdoe=fast|mode", "mode=fast szie=5|size", "final raeson=x|reason", "Run|run",
			"allow=x on=a untill=b|until", "rename table a to b vai=view|via", "run fianl|final" })
	void anUnknownWordIsToldWithTheNearestThatMayStandThere(String text, String nearest) {
		Problem problem = problem(text);

		assertThat(problem.what()).endsWith("' is unknown.");
		assertThat(problem.remedy()).startsWith("Write '" + nearest + "', if that is meant")
			.contains("this version knows: mode, size, final, allow, run, rename, keep");
	}

	@Test
	void anUnknownWordIsToldWithWhatMayFollowTheOneBefore() {
		assertThat(problem("final because=x").remedy())
			.isEqualTo("Correct the name or remove the line; this version knows: mode, size, final, allow, run, rename,"
					+ " keep, and behind 'final': reason.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "``|'' is not a directive.", "5|'5' is not a directive.", "\"run\"|'\"run\"' is not a directive.",
					"=x|'=x' is not a directive.", "mode|The directive 'mode' lacks its value.",
					"mode=|The directive 'mode' lacks its value.", "mode size=5|The directive 'mode' lacks its value.",
					"mode= size=5|The value of 'mode' is missing, or has an equals sign in it.",
					"mode==x|The value of 'mode' is missing, or has an equals sign in it.",
					"mode='fast'|The value of 'mode' stands in single quotes.",
					"run=now|The directive 'run' takes no value.",
					"final=now|The directive 'final' takes its reason, and no value.",
					"final reason=a reason=b|The directive 'final' says 'reason' twice.",
					"rename table \"a to b|The value that begins with \"a to b lacks its closing quote." })
	void whatIsWrittenWrongSaysWhatItIs(String text, String what) {
		assertThat(problem(text).what()).isEqualTo(what);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-", "\"", "\"\"", "a", "=", "a=", "a.", "run ", "mode=\"a\" ", "'", " " })
	@Timeout(60)
	void hostileTextsTakeNoLongerForEachCharacter(String part) {
		for (String start : List.of("", "mode=", "final reason=", "rename ", "rename \"")) {
			try {
				parse(start + part.repeat(1_000_000 / part.length()));
			}
			catch (TidemarkException ex) {
				assertThat(ex.problems().get(0).what()).hasSizeLessThan(300);
			}
		}
	}

}
