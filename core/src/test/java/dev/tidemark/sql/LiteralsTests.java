package dev.tidemark.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Identifiers and strings say to us what they say to the server.
 */
@ExtendWith(PostgresExtension.class)
class LiteralsTests {

	private static Connection connection;

	@BeforeAll
	static void connect(TestDatabase database) {
		connection = database.connect();
	}

	@AfterAll
	static void disconnect() throws SQLException {
		connection.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Abc", "ÄÖ", "a$1", "\"Abc\"", "\"a\"\"b\"", "\"a\\b\"", "U&\"d\\0061t\\+000061\"",
			"u&\"a\\\\b\"\"c\"", "U&\"\\D83D\\DE00\"", "\"äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü\"",
			"x23456789012345678901234567890123456789012345678901234567890123456789",
			"\"x2345678901234567890123456789012345678901234567890123456789012€\"" })
	void identifierIsReadAsTheServerReadsIt(String identifier) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT 1 AS " + identifier)) {
			assertThat(Literals.identifier(identifier, '\\')).isEqualTo(results.getMetaData().getColumnLabel(1));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "'a'", "''", "'it''s'", "'a\\nb'", "'a' \n -- it's\n 'b'", "E'a\\nb\\tc\\r\\f\\b'",
			"e'\\'\\\\\\q'''", "E'\\101\\x42\\x4'", "E'\\303\\244\\xc3\\xA4x'", "E'\\u00e4\\U0001F600\\uD83D\\uDE00'",
			"E'a\\'\n' \n 'b\\\\'", "U&'d\\0061t\\+000061'", "U&'a\\\\b''c'", "U&'\\D83D\\DE00'", "$$it's$$",
			"$a$b$$c\\n$a$" })
	void stringIsReadAsTheServerReadsIt(String string) throws SQLException {
		assertThat(Literals.string(string, true, '\\')).isEqualTo(server(string));
	}

	@ParameterizedTest
	@ValueSource(strings = { "'a\\nb\\'c'", "E'a\\nb'", "$$a\\nb$$" })
	void backslashEscapesInPlainStringsIfTheSessionSaysSo(String string) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET standard_conforming_strings = off");
			assertThat(Literals.string(string, false, '\\')).isEqualTo(server(string));
			statement.execute("RESET standard_conforming_strings");
		}
	}

	private static String server(String string) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT " + string)) {
			results.next();
			return results.getString(1);
		}
	}

}
