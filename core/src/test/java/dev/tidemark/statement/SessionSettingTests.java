package dev.tidemark.statement;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;

class SessionSettingTests {

	private static SessionSetting of(String sql) {
		return Statements.of(SqlScript.parse(sql).statements().get(0)).sessionSetting();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "SET TIME ZONE 'UTC'|timezone", "set session time zone 2|timezone",
					"SET timezone = 'UTC'|timezone", "SET TimeZone TO 'UTC'|timezone",
					"SET SESSION \"TimeZone\" = DMY|timezone", "SELECT set_config('TimeZone', 'UTC', false)|timezone",
					"SELECT pg_catalog.set_config('search_path', '', false)|search_path", "SET ROLE bob|role",
					"SET my.setting = 1|my.setting" })
	void theseGiveASettingAnotherValue(String sql, String name) {
		assertThat(of(sql)).isEqualTo(new SessionSetting(name, false));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "RESET TIME ZONE|timezone", "RESET timezone|timezone", "SET TIME ZONE DEFAULT|timezone",
					"SET TIME ZONE LOCAL|timezone", "SET timezone TO DEFAULT|timezone",
					"SET timezone = DEFAULT|timezone", "RESET ALL|all", "DISCARD ALL|all" })
	void theseSetOneBack(String sql, String name) {
		assertThat(of(sql)).isEqualTo(new SessionSetting(name, true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET LOCAL TIME ZONE 'UTC'", "SET LOCAL timezone = 'UTC'", "DISCARD TEMP",
			"SELECT set_config('TimeZone', 'UTC', true)", "SELECT set_config('TimeZone')", "SELECT 1", "SET",
			"CREATE FUNCTION f() RETURNS int LANGUAGE sql SET timezone = 'UTC' AS 'SELECT 1'",
			"ALTER ROLE bob SET timezone = 'UTC'", "SELECT now() AT TIME ZONE 'UTC'" })
	void theseAreNoneOfTheSession(String sql) {
		assertThat(of(sql)).isNull();
	}

}
