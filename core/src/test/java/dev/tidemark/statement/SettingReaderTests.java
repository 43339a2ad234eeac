package dev.tidemark.statement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which settings a statement speaks of, and whether it does nothing else.
 */
class SettingReaderTests {

	private static SqlStatement statement(String sql) {
		return SqlScript.parse(sql).statements().get(0);
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
		assertThat(Statements.of(statement(sql)).settings()).contains(name);
	}

	@Test
	void whatIsNoSqlIsPassedOver() {
		assertThat(Statements.of(statement("INSERT INTO t VALUES ('set it''s', $$set \" app.x$$)")).settings())
			.doesNotContain("app.x");
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
		assertThat(Statements.of(statement(sql)).setsOnly()).isTrue();
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
		assertThat(Statements.of(statement(sql)).setsOnly()).isFalse();
	}

}
