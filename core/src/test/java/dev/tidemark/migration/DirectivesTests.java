package dev.tidemark.migration;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.source.format.DirectivesReader;
import dev.tidemark.source.format.ScriptConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class DirectivesTests {

	private static Directives parse(String text) {
		return parse(text, ScriptConfiguration.NONE);
	}

	private static Directives parse(String text, ScriptConfiguration configuration) {
		return new DirectivesReader(text, "V1__x.sql", configuration).read();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "SELECT 1", "-- a comment\nSELECT 1", "SELECT 1;\n-- tidemark: transaction=none",
			"/* a */ SELECT 1;\n-- tidemark: transaction=none", "/*\n-- tidemark: transaction=none\n*/ SELECT 1",
			"/* a /* b */\n-- tidemark: transaction=none\n*/ SELECT 1", "/* open\n-- tidemark: transaction=none",
			"- \n-- tidemark: transaction=none" })
	void withoutAnyStatementsShareATransaction(String text) {
		assertThat(parse(text).transaction()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- tidemark: transaction=none", "--tidemark:transaction=none\nSELECT 1",
			"\n  -- why\r\n-- Tidemark: transaction = \"none\"\r\nSELECT 1",
			"/* Copyright */\n-- tidemark: transaction=none\nSELECT 1",
			"/* a\r\n * /* b */ c */ /**//***/ -- tidemark: transaction=none\rSELECT 1",
			"-- /* not open\n-- tidemark: transaction=none", "\f\u000b-- tidemark: transaction=none" })
	void theHeadOfTheFileMaySwitchTransactionsOff(String text) {
		assertThat(parse(text).transaction()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- tidemark: only=prod,staging", "-- tidemark: only=\"prod, staging\"",
			"-- tidemark: only=staging transaction=none only=prod",
			"-- tidemark: only=staging\n-- tidemark: only=prod" })
	void theHeadOfTheFileMayNameTheEnvironmentsThatItIsFor(String text) {
		assertThat(parse(text).only()).containsExactlyInAnyOrder("prod", "staging");
	}

	@Test
	void aPlaceholderInsteadOfAnEnvironmentIsAnError() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: only=${env}"));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure).hasMessageContaining("placeholders are not replaced in it");
	}

	@Test
	void oneNameOfTheEnvironmentIsEnough() {
		Directives directives = parse("-- tidemark: only=prod,staging");

		assertThat(directives.isFor(Set.of("eu", "staging"))).isTrue();
		assertThat(directives.isFor(Set.of("Staging"))).isFalse();
		assertThat(directives.isFor(Set.of())).isFalse();
		assertThat(parse("SELECT 1").isFor(Set.of())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "only=", "only=\"\"", "only=prod,", "only=prod, staging", "transactions=none",
			"transaction=maybe", "transaction", "transaction=none oops" })
	void whatIsNotKnownIsAnError(String directive) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- fine\n-- tidemark: " + directive + "\nSELECT 1"));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems().get(0).place()).hasToString("V1__x.sql:2:1");
	}

	@Test
	void anUnknownDirectiveBehindABlockCommentIsAnErrorAtItsPlace() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("/* Copyright\r\n * us */\r\r  -- tidemark: transactions=none\nSELECT 1"));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems().get(0).place()).hasToString("V1__x.sql:4:3");
	}

	@Test
	void aWordOfProseIsNoDirective() {
		assertThat(parse("-- this tidemark: is prose\nSELECT 1").transaction()).isTrue();
	}

	@Test
	void theConfigurationSpeaksWhereNoDirectiveDoes() {
		assertThat(parse("SELECT 1", new ScriptConfiguration(false, null, false)))
			.isEqualTo(new Directives(false, null, PlaceholderReplacement.OFF, List.of(), Set.of(), null, null));
		assertThat(parse("SELECT 1", new ScriptConfiguration(true, null, true)))
			.isEqualTo(new Directives(true, null, PlaceholderReplacement.ON, List.of(), Set.of(), null, null));
		assertThat(parse("SELECT 1")).isEqualTo(new Directives(true, null, null, List.of(), Set.of(), null, null));
	}

	@ParameterizedTest
	@CsvSource({ "none, false", "auto, true" })
	void aDirectiveAndTheConfigurationMaySayTheSame(String directive, boolean configured) {
		assertThat(parse("-- tidemark: transaction=" + directive, new ScriptConfiguration(configured, null, null))
			.transaction()).isEqualTo(configured);
	}

	@ParameterizedTest
	@CsvSource({ "auto, false", "none, true" })
	void aDirectiveThatContradictsTheConfigurationIsAnError(String directive, boolean configured) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("\n-- tidemark: transaction=" + directive,
						new ScriptConfiguration(configured, null, null)));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems().get(0).place()).hasToString("V1__x.sql:2:1");
		assertThat(failure).hasMessageContaining("executeInTransaction=" + configured)
			.hasMessageContaining("V1__x.sql.conf");
	}

	@Test
	void aRepeatableNamesWhatItDependsOn() {
		assertThat(
				parse("-- tidemark: depends-on=active_users,orders\n-- tidemark: depends-on=\"big orders\"\nSELECT 1")
					.dependsOn())
			.extracting(Identity.Repeatable::name)
			.containsExactly("active users", "orders", "big orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "depends-on=a,", "depends-on=,a", "depends-on=\"\"", "depends-on=_", "depends-on=a, b",
			"placeholders=maybe" })
	void aDirectiveWithoutAUsableValueIsAnError(String directive) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: " + directive));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
	}

	@ParameterizedTest
	@CsvSource({ "on,ON", "OFF,OFF", "everywhere,EVERYWHERE" })
	void aFileSaysWherePlaceholdersAreReplaced(String value, PlaceholderReplacement expected) {
		assertThat(parse("-- tidemark: placeholders=" + value).placeholders()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- tidemark: irreversible reason=\"rows are merged\"",
			"--tidemark:irreversible  reason = \"rows are merged\"\nSELECT 1",
			"-- tidemark: transaction=none irreversible reason=\"rows are merged\" only=prod" })
	void aVersionMaySayWhyItHasNoWayBack(String text) {
		assertThat(parse(text).irreversible()).isEqualTo("rows are merged");
		assertThat(parse(text).nothingToUndo()).isNull();
	}

	@Test
	void aReasonMayHoldWhatSomeTakeForALineEnd() {
		assertThat(parse("-- tidemark: irreversible reason=\"rows\u2028merged\"").irreversible())
			.isEqualTo("rows\u2028merged");
	}

	@Test
	void anUndoFileMaySayWhyItIsEmpty() {
		assertThat(parse("-- tidemark: nothing-to-undo reason=typo").nothingToUndo()).isEqualTo("typo");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "irreversible|lacks its reason", "irreversible reason=|lacks its reason",
					"irreversible reason=\" \"|lacks its reason", "irreversible because=x|lacks its reason",
					"irreversible=true|takes its reason, and no value",
					"irreversible reason=a irreversible reason=b|stands in the file twice",
					"nothing-to-undo|lacks its reason", "transaction|lacks its value", "42|is not a directive" })
	void aDirectiveThatIsNotCompleteSaysWhatItLacks(String directive, String what) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: " + directive));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems().get(0).what()).contains(what);
	}

	@ParameterizedTest
	@ValueSource(strings = { "only=\"prod", "only=\"", "depends-on=\"orders,customers", "irreversible reason=\"",
			"irreversible reason=\"gone", "irreversible reason=\"rows are merged", "transaction=\"none" })
	void aQuoteThatIsNotClosedIsToldAndNothingIsCutOff(String directive) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: " + directive));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems().get(0).what()).contains("lacks its closing quote");
	}

	@ParameterizedTest
	@CsvSource({ "500ms, PT0.5S", "5s, PT5S", "1m, PT1M", "PT5S, PT5S", "\"5s\", PT5S", "24d, PT576H" })
	void aFileMaySayHowLongItsStatementsWaitForLocks(String value, Duration timeout) {
		assertThat(parse("-- tidemark: lock-timeout=" + value).lockTimeout()).isEqualTo(timeout);
		assertThat(parse("SELECT 1").lockTimeout()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "0s,must be more than 0", "PT0S,must be more than 0", "-PT1S,must be more than 0",
			"25d,at most 24 days", "5,has the unknown value '5'", "soon,has the unknown value 'soon'",
			"5 s,has the unknown value '5'" })
	void aLockTimeoutThatCannotBeIsToldWithItsBounds(String value, String what) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: lock-timeout=" + value));

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems().get(0).what()).contains(what);
		assertThat(failure.problems().get(0).remedy()).contains("lock-timeout=5s");
	}

	@ParameterizedTest
	@CsvSource({ "transaction=none", "transaction=auto", "placeholders=on", "lock-timeout=5s" })
	void eachStandsInAFileOnceUnlessItIsAList(String directive) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: " + directive + "\n\n-- tidemark: only=prod " + directive + "\nSELECT 1"));

		assertThat(failure.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.what()).contains("stands in the file twice");
			assertThat(problem.place()).hasToString("V1__x.sql:3:1");
		});
	}

	@Test
	void allThatIsWrongAtAHeadIsToldAtOnce() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: onyl=prod\r\n-- tidemark: only=prod\r\n-- tidemark: lock-timeout=5\r\n"));

		assertThat(failure.problems()).extracting((problem) -> problem.place().line()).containsExactly(1, 3);
	}

	@Test
	@Timeout(60)
	void manyDirectivesOnALineTakeNoLongerEach() {
		assertThat(parse("-- tidemark: " + "only=prod ".repeat(300_000)).only()).containsExactly("prod");
	}

	@ParameterizedTest
	@CsvSource({ "ireversible reason=x,irreversible", "nothing-to-do reason=x,nothing-to-undo",
			"transactions=none,transaction", "place-holders=off,placeholders", "depend-on=a,depends-on",
			"Irreversible reason=x,irreversible" })
	void anUnknownWordIsToldWithTheNearestOne(String directive, String nearest) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: " + directive));

		assertThat(failure.problems().get(0).remedy()).startsWith("Write '" + nearest + "', if that is meant");
	}

	@Test
	void aWordThatIsNearToNoneIsToldWithAll() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> parse("-- tidemark: allow=drop-column"));

		assertThat(failure.problems().get(0).remedy()).startsWith("Correct the name or remove the line; this version")
			.contains(
					"transaction, lock-timeout, placeholders, depends-on, only, requires, irreversible, nothing-to-undo, batch,");
	}

}
