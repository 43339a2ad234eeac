package dev.tidemark.sql;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IdentifiersTests {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "users,\"users\"", "User,\"User\"", "a b,\"a b\"", "a\"b,\"a\"\"b\"",
			"\",\"\"\"\"", "a.b,\"a.b\"", "\u00e4,\"\u00e4\"", "a\\b,\"a\\b\"" })
	void quotesAlways(String identifier, String quoted) {
		assertThat(Identifiers.quote(identifier)).isEqualTo(quoted);
	}

	@Test
	void quotedIdentifierIsOneTokenAgain() {
		assertThat(SqlScript.parse("SELECT 1 AS " + Identifiers.quote("a\";--'$$/*") + "; SELECT 2").statements())
			.hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\0", "a\0b" })
	void rejectsWhatNoIdentifierCanBe(String identifier) {
		assertThatIllegalArgumentException().isThrownBy(() -> Identifiers.quote(identifier))
			.withMessageStartingWith("'identifier' must not");
	}

}
