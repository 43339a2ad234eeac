package dev.tidemark.statement;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Statements that nobody would write: each has some meaning, if an unknown one. */
@Timeout(900)
class StatementFuzzTests {

	private static final int SIZE = 200_000;

	private static final Duration LIMIT = Duration.ofSeconds(10);

	@Test
	void anyMutationOfAStatementIsRead() throws IOException {
		String script = Files.readString(Path.of("src/test/resources/statement/rare.sql"));
		List<String> statements = SqlScript.parse(script).statements().stream().map(SqlStatement::text).toList();
		assertThat(read(statements, 2_000)).isGreaterThan(1_000);
	}

	@Test
	@Tag("proof")
	void anyMutationOfACollectedStatementIsRead() throws Exception {
		assumeTrue(System.getProperty("tidemark.proof.libpg-query") != null,
				"-Dtidemark.proof.libpg-query and -Dtidemark.proof.sql say what to mutate");
		Path folder = Files.createDirectories(Path.of("target/statement-model"));
		List<String> statements = CollectedStatement.all(folder).stream().map(CollectedStatement::sql).toList();
		assertThat(read(statements, 10_000)).isGreaterThan(5_000);
	}

	/** Reads mutations, and returns how many statements they were. */
	private static int read(List<String> statements, int count) {
		List<String> mutations = new StatementMutations(14, statements).of(statements).limit(count).toList();
		int read = 0;
		for (String mutation : mutations) {
			for (SqlStatement statement : split(mutation)) {
				assertThat(Statements.of(statement)).as(mutation).isNotNull();
				read++;
			}
		}
		return read;
	}

	private static List<SqlStatement> split(String text) {
		try {
			return SqlScript.parse(text).statements();
		}
		catch (SqlSyntaxException ex) {
			return List.of();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT %s", "CREATE TABLE t (%s)", "ALTER TABLE t %s", "WITH a AS (%s",
			"DO $$ BEGIN %s END $$", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $x$ %s $x$",
			"CREATE FUNCTION f(%s", "INSERT INTO t VALUES %s", "DROP TABLE %s", "GRANT SELECT ON %s",
			"CREATE INDEX ON t (%s)", "EXPLAIN %s", "CREATE SCHEMA s %s", "CREATE VIEW v AS %s",
			"CREATE PUBLICATION p FOR %s", "COPY (%s", "MERGE INTO t USING s ON %s", "SET a = %s",
			"CREATE TYPE t AS ENUM (%s", "COMMENT ON %s" })
	void hugeStatementIsReadInLinearTime(String frame) {
		for (String fragment : List.of("(", ")", "a,", "a.", "a ", "[", "NOT ", "CASE ", "END ", "LOOP ", "EXPLAIN ",
				"ON ", "ADD COLUMN a int DEFAULT (1),", "WITH a AS (", "SELECT (", "(SELECT ", "$$", "''", "/*",
				"BEGIN ", "a int,", "CREATE TABLE a (", "PREPARE a AS ", "IF a THEN ", "EXECUTE 'a';", "UNION ",
				"TABLE a,", "IN SCHEMA a,")) {
			String text = frame.formatted(fragment.repeat(SIZE / fragment.length()));
			long start = processorTime();
			split(text).forEach((statement) -> assertThat(Statements.of(statement)).isNotNull());
			assertThat(Duration.ofNanos(processorTime() - start)).as("%s of %s", frame, fragment).isLessThan(LIMIT);
		}
	}

	private static long processorTime() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

}
