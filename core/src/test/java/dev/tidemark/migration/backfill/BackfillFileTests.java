package dev.tidemark.migration.backfill;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BackfillFileTests {

	private static final BackfillDirectives USERS = new BackfillDirectives(List.of("users"), List.of("id"), null,
			Map.of(BackfillOption.WORKERS, "4"));

	private static BackfillFile file(BackfillDirectives directives, String sql) {
		BatchText text = BatchText.of(SqlScript.parse(sql));
		return BackfillFile.of("V8__x.backfill.sql", directives, text.script().statements(), text.marks());
	}

	private static List<Problem> problems(BackfillDirectives directives, String sql) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> file(directives, sql));
		assertThat(failure).isNotNull();
		assertThat(failure.problems()).allMatch((problem) -> problem.code() == ErrorCode.BACKFILL_FILE);
		return failure.problems();
	}

	private static String problem(String sql) {
		return problems(USERS, sql).get(0).what();
	}

	@Test
	void aFileSaysWhatIsWalkedAndWhatIsDoneToEachBatch() {
		BackfillFile file = file(USERS,
				"UPDATE users SET a = 1 WHERE {batch};\nINSERT INTO log SELECT id FROM users u WHERE {batch:u};");

		assertThat(file.table()).containsExactly("users");
		assertThat(file.keys()).containsExactly("id");
		assertThat(file.statements()).extracting((statement) -> statement.sql((alias) -> String.valueOf(alias)))
			.containsExactly("UPDATE users SET a = 1 WHERE (null)", "INSERT INTO log SELECT id FROM users u WHERE (u)");
		assertThat(file.options(BackfillOptions.DEFAULT).workers()).isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE users u SET a = 1 WHERE {batch:v}",
			"UPDATE users u SET a = v.a FROM orders o WHERE {batch:v} AND o.id = v.id",
			"UPDATE users AS \"U\" SET a = 1 WHERE {batch:u}", "UPDATE users SET a = 'v' WHERE {batch:v} -- v",
			"DELETE FROM users WHERE {batch:user}" })
	void anAliasThatNothingHasIsRefused(String sql) {
		assertThat(problem(sql)).startsWith("Nothing in the statement has the name ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE users SET a = 1 WHERE {batch:users}",
			"UPDATE public.users SET a = 1 WHERE {batch:users}", "UPDATE users \"U\" SET a = 1 WHERE {batch:\"U\"}",
			"UPDATE users AS U SET a = 1 WHERE {batch:u}", "UPDATE ONLY users u SET a = 1 WHERE {batch:u}",
			"WITH u AS (SELECT id FROM users) UPDATE users SET a = 1 FROM u WHERE {batch:u} AND u.id = users.id",
			"UPDATE users SET a = 1 FROM (SELECT id FROM users) AS v WHERE {batch:v} AND v.id = users.id",
			"INSERT INTO log SELECT \u00fc.id FROM users \u00fc WHERE {batch:\u00fc}" })
	void anAliasThatSomethingHasIsTaken(String sql) {
		assertThat(file(USERS, sql).statements()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE users SET a = 1 WHERE {batch}", "DELETE FROM users WHERE {batch}",
			"INSERT INTO b SELECT * FROM users WHERE {batch} ON CONFLICT (id) DO UPDATE SET a = excluded.a",
			"MERGE INTO b USING users u ON {batch:u} AND b.id = u.id WHEN MATCHED THEN UPDATE SET a = u.a",
			"WITH x AS (SELECT * FROM users WHERE {batch} FOR UPDATE SKIP LOCKED) UPDATE b SET a = x.a FROM x WHERE x.id = b.id",
			"WITH gone AS (DELETE FROM users WHERE {batch} RETURNING *) INSERT INTO b SELECT * FROM gone",
			"UPDATE other SET id = 1 FROM users u WHERE {batch:u}" })
	void whatChangesRowsRunsInABatch(String sql) {
		assertThat(file(USERS, sql).statements()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "ALTER TABLE users ADD a int", "CREATE INDEX i ON users (a)",
					"CREATE INDEX CONCURRENTLY i ON users (a)", "COPY users FROM '/tmp/x'", "BEGIN", "COMMIT",
					"SAVEPOINT a", "SET statement_timeout = 0", "RESET ALL", "CALL p()", "DO $$ BEGIN END $$",
					"LOCK TABLE users", "TRUNCATE users", "VACUUM users", "ANALYZE users", "PREPARE p AS SELECT 1",
					"EXECUTE p", "DECLARE c CURSOR FOR SELECT 1", "LISTEN x", "REFRESH MATERIALIZED VIEW m",
					"CREATE TABLE b AS SELECT 1", "GRANT SELECT ON users TO x" })
	void whatCannotRunInABatchIsRefused(String sql) {
		assertThat(problem(sql)).endsWith(" cannot run in a batch.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "SELECT * FROM users WHERE {batch} | changes no rows", "UPDATE users SET a = 1 | has no {batch}",
					"INSERT INTO b VALUES (1) | has no {batch}", "UPDATE users SET a = '{batch}' | has no {batch}",
					"FROBNICATE users WHERE {batch} | Nothing tells",
					"UPDATE users SET a = set_config('role', 'x', false) WHERE {batch} | sets a parameter",
					"UPDATE users SET id = id + 1 WHERE {batch} | changes the key",
					"UPDATE public.users SET (a, id) = (1, 2) WHERE {batch} | changes the key",
					"UPDATE users SET a = 1 WHERE {bacth} | something else than {batch}" })
	void whatBatchesHaveNoUseForIsRefused(String sql, String what) {
		assertThat(problem(sql)).contains(what);
	}

	@Test
	void allProblemsAreToldAtOnceWithTheirPlaces() {
		List<Problem> problems = problems(new BackfillDirectives(List.of(), List.of(), null, Map.of()),
				"UPDATE users SET a = 1;\nALTER TABLE users ADD b int;\n  UPDATE users SET a = 1 WHERE {batch} OR x;");

		assertThat(problems).hasSize(4);
		assertThat(problems.get(0).what()).contains("does not say which table");
		assertThat(problems.get(3).place().line()).isEqualTo(3);
		assertThat(problems.get(3).place().column()).isEqualTo(3);
		assertThat(problems.get(3).place().statement()).isEqualTo(3);
		assertThat(problems.get(3).place().toString()).contains("V8__x.backfill.sql");
	}

	@Test
	void aFileWithoutStatementOrHeadIsNoBackfill() {
		assertThat(problems(USERS, "-- nothing\n").get(0).what()).contains("no statement");
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> BackfillFile.of("V8__x.backfill.sql", null, List.of(), List.of()));
		assertThat(failure.problems()).hasSize(2);
	}

	@Test
	void aKeyOfAnotherTableMayChange() {
		assertThat(file(new BackfillDirectives(List.of("a", "users"), List.of("id"), null, Map.of()),
				"UPDATE b.users SET id = 1 WHERE {batch}")
			.statements()).hasSize(1);
		assertThat(file(new BackfillDirectives(List.of("users"), List.of(), null, Map.of()),
				"UPDATE users SET id = 1 WHERE {batch}")
			.statements()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "a IS NOT NULL | a IS NOT NULL", " a = ';' | a = ';'",
			"(a = 1) AND (b /* c */ > 2) | (a = 1) AND (b /* c */ > 2)", "a = $$ -- $$ | a = $$ -- $$" })
	void aConditionIsTakenAsItIs(String sql, String condition) {
		assertThat(new VerifyCondition(sql).sql()).isEqualTo(condition);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "'' | is empty", "a) OR (b | closes a parenthesis", "(a | does not close",
					"a; DROP TABLE users | holds a semicolon", "a -- b | holds a comment", "a = 'b | cannot be read",
					"a = \"b | cannot be read", "a /* b | cannot be read", "{batch} | holds '{'", "a = $1 | holds '$'",
					"a = \\x | holds" })
	void aConditionThatWouldTakeInWhatFollowsIsRefused(String sql, String what) {
		UnusableOptionException refusal = catchThrowableOfType(UnusableOptionException.class,
				() -> new VerifyCondition(sql));

		assertThat(refusal.what()).contains(what);
	}

}
