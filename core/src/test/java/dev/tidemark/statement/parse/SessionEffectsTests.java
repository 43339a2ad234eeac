package dev.tidemark.statement.parse;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.statement.SetParameter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a statement has to do with the settings and the sequences of its session.
 */
class SessionEffectsTests {

	private static SessionEffects of(String sql) {
		return SessionEffects.of(SqlScript.parse(sql).statements().get(0));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					SET app.tenant = 'x' | app.tenant
					SET LOCAL "App".Tenant TO 'x' | app.tenant
					RESET a.b.c | a.b.c
					SELECT set_config('app.tenant', 'x', false) | app.tenant
					SELECT pg_catalog . "set_config" ( E'app\\x2etenant', 'x', false) | app.tenant
					INSERT INTO t VALUES (current_setting('app.tenant', true)) | app.tenant
					DO $$ BEGIN PERFORM set_config('app.tenant', 'x', false); END $$ | app.tenant
					DO $$ BEGIN EXECUTE 'SET app.tenant = ''x'''; END $$ | app.tenant
					CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $f$ SELECT set_config($s$app.tenant$s$, '', false) $f$ | app.tenant
					ALTER ROLE r SET app.tenant = 'x' | app.tenant
					""")
	void namesAreFoundWhereverTheyStand(String sql, String name) {
		assertThat(of(sql).named()).contains(name);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			SET app.tenant = 'x'                                                | true
			DO $$ BEGIN PERFORM set_config('app.tenant', 'x', false); END $$    | true
			DO $$ BEGIN EXECUTE 'RESET app.tenant'; END $$                      | true
			SELECT current_setting('app.tenant')                                | false
			DO $$ BEGIN RAISE NOTICE '%', current_setting('app.tenant'); END $$ | false
			""")
	void whatIsOnlyReadIsNotChanged(String sql, boolean changes) {
		assertThat(of(sql).mayChange().contains("app.tenant")).isEqualTo(changes);
	}

	@Test
	void whatIsNoSqlIsPassedOver() {
		assertThat(of("INSERT INTO t VALUES ('set it''s', $$set \" app.x$$)").named()).doesNotContain("app.x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET search_path = a", "SET/* x */search_path TO app", "SET SESSION AUTHORIZATION a",
			"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET ROLE a", "SET TIME ZONE 'UTC'", "RESET ALL",
			"SELECT set_config('a.b', 'c', false)",
			"SELECT pg_catalog.set_config('a.b', E'c', false) AS x,\n" + "set_config('c', 'd', false)",
			"SELECT set_config('a'::text, NULL, FALSE::pg_catalog.bool)",
			"SELECT set_config(CAST('a' AS text), -1.5::numeric::text, 'f')",
			"SELECT set_config('a', U&'d!0061' UESCAPE '!', false), set_config('b', $$x$$, true)",
			"SELECT set_config('search_path', current_setting('search_path'), false)",
			"SELECT set_config('a', pg_catalog.current_setting('b'::text, true), false)",
			"SELECT/**/set_config('a', 'b', false) y", "SELECT * FROM set_config('a', 'b', false) AS x",
			"SELECT 1 FROM pg_catalog.set_config('a', 'b', false)" })
	void whatOnlySetsSettingsMayRunAgain(String sql) {
		assertThat(of(sql).setsOnly()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET LOCAL search_path = a", "SET CONSTRAINTS ALL DEFERRED", "SET TRANSACTION READ ONLY",
			"SELECT set_config('a', 'b', false), nextval('s')", "SELECT set_config('a', x, false) FROM t",
			"SELECT set_config('a', new_token(), false)", "SELECT set_config('a', upper('c'), false)",
			"SELECT set_config('a', (SELECT nextval('s'))::text, false)", "SELECT set_config('a', 'b' || f(), false)",
			"SELECT set_config('a', 'b', f())", "SELECT set_config('a', 'b'::my.type, false)",
			"SELECT set_config('a', CAST('b' AS type_of_mine), false)", "SELECT set_config('a', c, false)",
			"SELECT set_config('a', -current_setting('b'), false)",
			"SELECT set_config('a', current_setting(f()), false)", "SELECT set_config('a', CAST(f() AS text), false)",
			"SELECT set_config('a', 'b', false), set_config('c', f(), false)", "SELECT set_config('a', -f(), false)",
			"SELECT 1 FROM set_config('a', new_token(), false)", "SELECT f() FROM set_config('a', 'b', false)",
			"SELECT 1 FROM set_config('a', 'b', false), t", "SELECT my.set_config('a', 'b', false)", "SELECT 1",
			"DO $$ SELECT set_config('a', 'b', false) $$", "INSERT INTO t SELECT set_config('a', 'b', false)" })
	void whatDoesMoreOrComputesSomethingMayNot(String sql) {
		assertThat(of(sql).setsOnly()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "SET TIME ZONE 'UTC'|timezone", "set session time zone 2|timezone",
					"SET timezone = 'UTC'|timezone", "SET TimeZone TO 'UTC'|timezone",
					"SET SESSION \"TimeZone\" = DMY|timezone", "SELECT set_config('TimeZone', 'UTC', false)|timezone",
					"SELECT pg_catalog.set_config('search_path', '', false)|search_path", "SET ROLE bob|role",
					"SET my.setting = 1|my.setting" })
	void theseGiveASettingAnotherValue(String sql, String name) {
		assertThat(lasting(sql)).containsExactly(name + " false");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "RESET TIME ZONE|timezone", "RESET timezone|timezone", "SET TIME ZONE DEFAULT|timezone",
					"SET TIME ZONE LOCAL|timezone", "SET timezone TO DEFAULT|timezone",
					"SET timezone = DEFAULT|timezone", "RESET ALL|all", "DISCARD ALL|all" })
	void theseSetOneBack(String sql, String name) {
		assertThat(lasting(sql)).containsExactly(name + " true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET LOCAL TIME ZONE 'UTC'", "SET LOCAL timezone = 'UTC'", "DISCARD TEMP",
			"SELECT set_config('TimeZone', 'UTC', true)", "SELECT set_config('TimeZone')", "SELECT 1", "SET",
			"CREATE FUNCTION f() RETURNS int LANGUAGE sql SET timezone = 'UTC' AS 'SELECT 1'",
			"ALTER ROLE bob SET timezone = 'UTC'", "SELECT now() AT TIME ZONE 'UTC'" })
	void theseAreNoneOfTheSession(String sql) {
		assertThat(lasting(sql)).isEmpty();
	}

	@Test
	void severalSettingsOfOneStatementLast() {
		assertThat(lasting(
				"SELECT set_config('a.b', '1', false), set_config('c', '2', true), set_config('D', '3', false)"))
			.containsExactly("a.b false", "d false");
	}

	private static List<String> lasting(String sql) {
		return of(sql).lasting().stream().map((set) -> set.name() + " " + set.reset()).toList();
	}

	@Test
	void whatLastsHasItsValues() {
		assertThat(of("SET search_path = \"A\", b").lasting())
			.containsExactly(new SetParameter("search_path", false, List.of("A", "b"), false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET search_path = a", "SET LOCAL search_path = a", "SET SCHEMA 'a'", "RESET search_path",
			"RESET ALL", "DISCARD ALL", "SELECT set_config('search_path', 'a', true)",
			"INSERT INTO t SELECT pg_catalog.set_config('Search_Path', 'a', false)" })
	void theseSetTheSearchPath(String sql) {
		assertThat(of(sql).setsSearchPath()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET app.search_path = a", "SHOW search_path", "DISCARD PLANS", "SELECT 'search_path'",
			"CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = a AS 'SELECT 1'",
			"ALTER ROLE r SET search_path = a" })
	void theseLeaveTheSearchPathAsItIs(String sql) {
		assertThat(of(sql).setsSearchPath()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			SELECT currval('s')                             | true
			INSERT INTO t VALUES (pg_catalog.lastval())     | true
			SELECT "lastval" ()                             | true
			SELECT nextval('s')                             | false
			SELECT lastval FROM t                           | false
			SELECT 'lastval()'                              | false
			""")
	void aValueThatASequenceGaveBeforeMayBeAskedFor(String sql, boolean reads) {
		assertThat(of(sql).readsLastValue()).isEqualTo(reads);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			INSERT INTO t DEFAULT VALUES                    | true
			SELECT f()                                      | true
			CALL p()                                        | true
			DO 'BEGIN END'                                  | true
			EXECUTE p                                       | true
			COPY t FROM '/x'                                | true
			ALTER TABLE t ADD COLUMN a serial               | true
			CREATE TABLE t AS SELECT f()                    | true
			EXPLAIN ANALYZE SELECT f()                      | true
			FETCH ALL FROM c                                | true
			REFRESH MATERIALIZED VIEW m                     | true
			CREATE INDEX ON t (nextval('s'))                | true
			CREATE INDEX ON t (a)                           | false
			SET a.b = 1                                     | false
			DROP TABLE t                                    | false
			something else                                  | true
			""")
	void aSequenceMayGiveAValue(String sql, boolean may) {
		assertThat(of(sql).mayGetValue()).isEqualTo(may);
	}

}
