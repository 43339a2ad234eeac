package dev.tidemark.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.StringLiteral;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class StoredTextTests {

	private static final String TEXT = "a \u00e9\u00fc\u20ac\u0416\u03b1\u8868\ud83d\ude00 \ud83d '\\ \0";

	@Test
	void inUtf8AllIsStoredButTheCharacter0AndHalfCharacters() {
		StoredText text = StoredText.in("UTF8");

		assertThat(text.write(TEXT))
			.isEqualTo("a \u00e9\u00fc\u20ac\u0416\u03b1\u8868\ud83d\ude00 \\uD83D '\\ \\u0000");
		assertThat(text.write("gr\u00f6\u00dfe")).isEqualTo("gr\u00f6\u00dfe");
	}

	@Test
	void inLatin1WhatItLacksIsAnEscape() {
		assertThat(StoredText.in("LATIN1").write("\u00e9 \u20ac \ud83d\ude00"))
			.isEqualTo("\u00e9 \\u20AC \\uD83D\\uDE00");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF8", "LATIN1", "WIN1252", "EUC_JP", "SQL_ASCII", "MULE_INTERNAL" })
	void whatIsReadIsWhatWasWritten(String encoding) {
		StoredText text = StoredText.in(encoding);

		assertThat(text.read(text.write(TEXT))).isEqualTo(TEXT);
		assertThat(text.read("a \\u0041 \\u20 \\ b")).isEqualTo("a \\u0041 \\u20 \\ b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "LATIN1", "WIN1251", "EUC_JP", "SQL_ASCII" })
	void theServerStoresWhatIsWritten(String encoding) throws SQLException {
		try (TestDatabase database = PostgresServer.shared().createDatabaseIn(encoding);
				Connection connection = database.connect();
				Statement statement = connection.createStatement()) {
			StoredText text = StoredText.of(connection);
			StringBuilder all = new StringBuilder();
			for (int character = 1; character < 0x3000; character++) {
				all.appendCodePoint(character);
			}
			String written = text.write(all.toString());

			statement.execute("CREATE TABLE t AS SELECT " + StringLiteral.quote(written) + "::text AS x");

			assertThat(database.value("SELECT x FROM t")).isEqualTo(written);
		}
	}

}
