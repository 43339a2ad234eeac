package dev.tidemark.sql.secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;

class ListingTests {

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE a (\n\tx int, -- the x\r\n  y text /* and y */ DEFAULT 'why'\n)",
			"DO $$\nBEGIN\n  PERFORM 1;\nEND $$", "SELECT U&'\\0061' UESCAPE '!', E'\\n', B'01', \"Odd Name\"" })
	void aStatementIsShownAsItWasWritten(String sql) {
		assertThat(listing(sql)).isEqualTo(sql);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE ROLE app LOGIN\n  PASSWORD 's3cr3t' VALID UNTIL '2027-01-01'",
			"ALTER ROLE app PASSWORD -- c\n $x$s3cr3t$x$",
			"UPDATE settings\nSET value = 's3cr3t' WHERE key = 'smtp.password'",
			"SELECT dblink_connect('postgresql://u:s3cr3t@h/d')", "SELECT 1 -- password: s3cr3t\n, 2",
			"SELECT 1 /* postgresql://u:s3cr3t@h/d */, 2",
			"DO $$ BEGIN EXECUTE 'ALTER ROLE app PASSWORD ''s3cr3t'''; END $$" })
	void secretsAreMaskedWhereverTheyStand(String sql) {
		assertThat(listing(sql)).doesNotContain("s3cr3t").contains("***");
	}

	@Test
	void aSecretIsFoundBehindALongText() {
		assertThat(listing("SELECT '" + "a".repeat(100_000) + "', crypt('s3cr3t', password)")).doesNotContain("s3cr3t");
	}

	@Test
	void controlCharactersCannotReachATerminal() {
		assertThat(listing("SELECT 'a\u001b[2J\u0085b\tc\n'")).isEqualTo("SELECT 'a [2J b\tc\n'");
	}

	private static String listing(String sql) {
		return SqlScript.parse(sql).statements().get(0).listing();
	}

}
