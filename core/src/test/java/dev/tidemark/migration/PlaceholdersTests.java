package dev.tidemark.migration;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.migration.placeholder.UndeclaredPlaceholders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PlaceholdersTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "A1", "default.admin.id", "flyway:environment", "app-user", "_x_", "1", "größe" })
	void aNameMayHave(String name) {
		assertThat(Placeholders.of(Map.of(name, "v")).value(name)).isEqualTo("v");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a}", "${a}", "a.", ".a", ":a", "a'b", "tidemark.x", "Tidemark.Schema",
			"TIDEMARK_CONNECTION_USER" })
	void aNameMustNotBe(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Placeholders.of(Map.of(name, "s3cr3t")))
			.withMessageStartingWith("'placeholders' must")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cr3t"));
	}

	@Test
	void aValueWithTheCharacterZeroIsRefusedWithoutShowingIt() {
		assertThatIllegalArgumentException().isThrownBy(() -> Placeholders.of(Map.of("a", "s3cr3t\0")))
			.withMessage("'placeholders' must not hold the character 0, as the value of 'a' does");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "'{", "\"", "$ {" })
	void theSyntaxMustNotBe(String text) {
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new Placeholders(Map.of(), text, "}", PlaceholderReplacement.ON, UndeclaredPlaceholders.FAIL))
			.withMessageStartingWith("'placeholder.prefix' must");
		assertThatIllegalArgumentException().isThrownBy(
				() -> new Placeholders(Map.of(), "${", text, PlaceholderReplacement.ON, UndeclaredPlaceholders.FAIL))
			.withMessageStartingWith("'placeholder.suffix' must");
	}

	@Test
	void aNameMayBeSpeltInOtherWays() {
		Placeholders placeholders = Placeholders.of(Map.of("app_user", "x"));

		assertThat(placeholders.value("app-USER")).isEqualTo("x");
		assertThat(placeholders.value("appuser")).isNull();
	}

	@Test
	void namesThatDifferInSpellingOnlyAreRefusedWithoutTheirValues() {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("app_user", "s3cr3t");
		values.put("app-user", "s3cr3t");

		assertThatIllegalArgumentException().isThrownBy(() -> Placeholders.of(values))
			.withMessage("'placeholders' must not declare 'app_user' and 'app-user': upper and lower case are the same,"
					+ " and so are '.', '_' and '-'");
	}

	@Test
	void whatAnEnvironmentVariableOverridesIsLeftOut() {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("app.user", "of-the-environment");
		values.put("app_user", "of-the-file");
		values.put("x-y", "of-the-command-line");
		values.put("x.y", "of-the-environment");

		assertThat(Placeholders.withoutOverridden(values))
			.isEqualTo(Map.of("app.user", "of-the-environment", "x-y", "of-the-command-line"));
	}

	@Test
	void itsTextHasNoValue() {
		assertThat(Placeholders.of(Map.of("a", "s3cr3t"))).hasToString("Placeholders [a]");
	}

	@Test
	void aLongValueIsMaskedWhereverItStands() {
		Placeholders placeholders = Placeholders.of(Map.of("pw", "hunter22", "empty", ""));

		assertThat(placeholders.mask("at or near \"hunter22\" in role_hunter22_x"))
			.isEqualTo("at or near \"${pw}\" in role_${pw}_x");
	}

	@Test
	void aShortValueIsMaskedAsAWord() {
		Placeholders placeholders = Placeholders.of(Map.of("n", "1", "s", "app"));

		assertThat(placeholders.mask("LINE 1: 10 happy app.t1")).isEqualTo("LINE ${n}: 10 happy ${s}.t1");
	}

	@Test
	void theWordsOfAValueWithQuotesAreMasked() {
		Placeholders placeholders = Placeholders.of(Map.of("pw", "hun'ter2 x"));

		assertThat(placeholders.mask("syntax error at or near \"ter2\""))
			.isEqualTo("syntax error at or near \"${pw}\"");
	}

	@Test
	void theLinesOfAValueAreMasked() {
		Placeholders placeholders = Placeholders.of(Map.of("key", "-----BEGIN KEY-----\r\nMIIEvQ\nIBADAN\n"));

		assertThat(placeholders.mask("COPY t, line 2: \"MIIEvQ\", column IBADAN of IBADAN_2"))
			.isEqualTo("COPY t, line 2: \"${key}\", column ${key} of ${key}_2");
	}

	@Test
	void aValueIsMaskedInCapitalsAndSmallLettersToo() {
		Placeholders placeholders = Placeholders.of(Map.of("a", "Hunter22", "db_password", "Ab1", "flag", "on"));

		assertThat(placeholders.mask("HUNTER22, hunter22x, ab1, AB1, AB12, ON on"))
			.isEqualTo("${a}, ${a}x, ${db_password}, ${db_password}, AB12, ON ${flag}");
	}

	@Test
	void whatStandsForAValueIsNotMaskedAgain() {
		Placeholders placeholders = Placeholders.of(Map.of("long", "abcdefgh", "a", "long"));

		assertThat(placeholders.mask("abcdefgh long")).isEqualTo("${long} ${a}");
	}

	@Test
	void aNameHasAnEnd() {
		assertThatIllegalArgumentException().isThrownBy(() -> Placeholders.of(Map.of("n".repeat(201), "v")))
			.withMessageContaining("at most 200 characters");
		assertThat(Placeholders.of(Map.of("n".repeat(200), "v")).mask("v")).startsWith("${nnn");
	}

	@Test
	void theLongestValueIsMaskedFirst() {
		Placeholders placeholders = Placeholders.of(Map.of("a", "secret", "b", "secret-secret"));

		assertThat(placeholders.mask("secret-secret secret")).isEqualTo("${b} ${a}");
	}

}
