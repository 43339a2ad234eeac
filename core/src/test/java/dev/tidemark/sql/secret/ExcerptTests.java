package dev.tidemark.sql.secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;

class ExcerptTests {

	@Test
	void whiteSpaceIsFolded() {
		assertThat(excerpt("SELECT\r\n\t a ,  b\n\n FROM\ft")).isEqualTo("SELECT a , b FROM t");
	}

	@Test
	void commentsAreLeftOut() {
		assertThat(excerpt("SELECT a -- b\n, /* c */ d/**/FROM t")).isEqualTo("SELECT a , d FROM t");
	}

	@Test
	void literalsAreOneLineToo() {
		assertThat(excerpt("SELECT 'a\n\n  b', $$c\r\nd$$")).isEqualTo("SELECT 'a b', $$c d$$");
	}

	@Test
	void controlCharactersCannotForgeLogLines() {
		assertThat(excerpt("SELECT 'a\u001b[2Jb\u2028c\u0085d'")).isEqualTo("SELECT 'a [2Jb c d'");
	}

	@Test
	void longStatementsAreCutOff() {
		String excerpt = excerpt("SELECT " + "a, ".repeat(1000) + "b");
		assertThat(excerpt).hasSize(200).startsWith("SELECT a, a,").endsWith("\u2026");
	}

	@Test
	void statementOfExactlyTheLengthIsNotCutOff() {
		String sql = "SELECT '" + "a".repeat(191) + "'";
		assertThat(excerpt(sql)).hasSize(200).isEqualTo(sql);
	}

	@Test
	void surrogatePairIsNotCutInTwo() {
		String excerpt = excerpt("SELECT '" + "\ud83d\ude00".repeat(200) + "'");
		assertThat(excerpt).hasSizeLessThanOrEqualTo(200).endsWith("\ude00\u2026");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE ROLE app LOGIN PASSWORD 's3cr3t' VALID UNTIL '2027-01-01'",
			"ALTER ROLE app PASSWORD /* c */ E's3cr3t'", "ALTER ROLE app PASSWORD -- c\n $x$s3cr3t$x$",
			"ALTER ROLE app PASSWORD U&'s3cr3t'", "ALTER ROLE app PASSWORD 's3'\n'cr3t'",
			"CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'app', password 's3cr3t')",
			"ALTER USER MAPPING FOR app SERVER s OPTIONS (SET \"password\" 's3cr3t')",
			"CREATE SUBSCRIPTION s CONNECTION 'host=h password=s3cr3t' PUBLICATION p",
			"CREATE SUBSCRIPTION s CONNECTION 'postgresql://u:s3cr3t@h/d' PUBLICATION p",
			"SELECT dblink_connect('postgresql://u:s3cr3t@h/d')",
			"INSERT INTO users (name, password) VALUES ('a', 's3cr3t')",
			"UPDATE settings SET value = 's3cr3t' WHERE key = 'smtp.password'",
			"UPDATE users SET password_hash = crypt('s3cr3t', gen_salt('bf'))",
			"INSERT INTO settings VALUES ('smtp-password', 's3cr3t')", "SET app.client_secret = 's3cr3t'",
			"SELECT pgp_sym_encrypt(a, 's3cr3t') AS token FROM t",
			"DO $$ BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''s3cr3t'''; END $$" })
	void secretsAreMasked(String sql) {
		assertThat(excerpt(sql)).contains("***").doesNotContain("s3").doesNotContain("cr3t");
	}

	@Test
	void secretBehindTheCutIsNotHalfShown() {
		assertThat(excerpt("SELECT '" + "a".repeat(165) + " postgresql://u:s3cr3t" + "x".repeat(30) + "@h/d'"))
			.doesNotContain("s3cr");
	}

	@Test
	void wordOfASecretFarBehindMasksLiteralsBeforeIt() {
		assertThat(excerpt("UPDATE t SET a = 's3cr3t'" + ", b = 1".repeat(100) + " WHERE c = 'password'"))
			.doesNotContain("s3cr3t");
	}

	@Test
	void statementIsReadWithItsOwnStringSyntax() {
		String script = "SET standard_conforming_strings = off; SELECT 'a\\' PASSWORD', '  b'";
		assertThat(SqlScript.parse(script).statements().get(1).excerpt()).isEqualTo("SELECT '***', '***'");
	}

	@Test
	void statementPrintsItsExcerpt() {
		assertThat(SqlScript.parse("\nALTER ROLE a PASSWORD 's3cr3t'").statements().get(0))
			.hasToString("statement 1 (line 2): ALTER ROLE a PASSWORD '***'");
	}

	private static String excerpt(String sql) {
		return SqlScript.parse(sql).statements().get(0).excerpt();
	}

}
