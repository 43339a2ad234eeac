package dev.tidemark.connection;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.statement.DriverConflict;
import dev.tidemark.statement.parse.Statements;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Statements that the driver cannot live with, while the server can: refused before the
 * run where they can be seen, and never committed behind the client's back.
 */
@ExtendWith(PostgresExtension.class)
class DriverRefusalTests {

	private static final String SETS = "DO $$ BEGIN PERFORM set_config('datestyle', 'german', false); END $$";

	private static final List<String> STATEMENTS = List.of("SET client_encoding = 'UTF8'",
			"SET client_encoding TO utf8", "SET SESSION client_encoding = 'utf-8'",
			"SET LOCAL client_encoding = 'Latin1'", "SET client_encoding = 'UNICODE'",
			"SET client_encoding = 'unicode'", "SET client_encoding TO DEFAULT", "SET client_encoding = SQL_ASCII",
			"SET \"Client_Encoding\" = E'LATIN\\x31'", "SET U&\"client\\005fencoding\" = 'WIN1252'",
			"SET/* x */client_encoding/* y */TO'LATIN1'", "SET NAMES 'LATIN1'", "SET NAMES 'UTF8'", "SET NAMES DEFAULT",
			"SET NAMES", "RESET client_encoding", "SET datestyle = 'ISO, DMY'", "SET DateStyle = DMY",
			"SET datestyle TO german", "SET datestyle TO ISO, MDY", "SET datestyle = 'Postgres, DMY'",
			"SET datestyle = MDY, 'SQL'", "SET datestyle = '\"German\"'", "SET datestyle TO DEFAULT", "RESET ALL",
			"SELECT set_config('client_encoding', 'LATIN1', false)",
			"SELECT pg_catalog.set_config('DateStyle', 'SQL', true)",
			"SELECT set_config('datestyle', 'ISO, YMD', false)",
			"SELECT \"set_config\"(E'date\\x73tyle'::text, $$german$$, false)",
			"SELECT U&\"set\\005fconfig\"('datestyle', 'german', false)",
			"SELECT pg_catalog.set_config('search_path', '', false)",
			"INSERT INTO b SELECT set_config('datestyle', 'german', false)",
			"WITH s AS (SELECT set_config('datestyle', 'german', false)) SELECT * FROM s",
			"SELECT 'set_config(''datestyle'', ''german'', false)'", "SET application_name = 'german'",
			"COPY b TO STDOUT", "COPY b (x) TO STDOUT WITH (FORMAT csv)", "COPY (SELECT 1) TO STDOUT",
			"COPY (VALUES ('TO STDOUT')) TO PROGRAM 'cat > /dev/null'", "COPY b TO STDIN", "COPY BINARY b TO STDOUT",
			"COPY public.\"b\" TO/**/STDOUT", "COPY b TO PROGRAM 'cat > /dev/null'",
			"CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT set_config('datestyle', 'german', false); END",
			"CREATE VIEW v AS SELECT set_config('datestyle', 'german', false)",
			"CREATE FUNCTION f() RETURNS int LANGUAGE sql SET datestyle = 'german' AS 'SELECT 1'",
			"ALTER ROLE CURRENT_USER SET datestyle = 'ISO'");

	private final TestDatabase database;

	private MigrationFolder folder;

	DriverRefusalTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x date)");
	}

	private TidemarkException failure() {
		return failure(this.folder.tidemark(this.database));
	}

	private static TidemarkException failure(Tidemark.Builder tidemark) {
		return catchThrowableOfType(TidemarkException.class, () -> tidemark.build().migrate());
	}

	private void assertNothingRan() {
		assertThat(this.database.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
			.isEmpty();
	}

	@Test
	void aFileThatSaysItsEncodingIsRefusedBeforeTheRun() {
		this.folder.add("V2__latin.sql",
				"SET client_encoding = 'LATIN1';\nCREATE TABLE enc (t text);\nINSERT INTO enc VALUES ('caf\u00E9')"
					.getBytes(StandardCharsets.ISO_8859_1));

		Problem problem = failure(this.folder.tidemark(this.database).encoding(StandardCharsets.ISO_8859_1)).problems()
			.get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.DRIVER);
		assertThat(problem.place().toString()).contains("V2__latin.sql:1:1 (statement 1: SET client_encoding");
		assertThat(problem.remedy()).contains("tidemark.files.encoding");
		assertNothingRan();
	}

	@Test
	void asItsMessageTellsTheFileThenHasTheRightData() {
		this.folder.add("V2__latin.sql", "CREATE TABLE enc (t text);\nINSERT INTO enc VALUES ('caf\u00E9')"
			.getBytes(StandardCharsets.ISO_8859_1));
		this.folder.tidemark(this.database).encoding(StandardCharsets.ISO_8859_1).build().migrate();

		assertThat(this.database.rows("SELECT t, length(t) FROM enc")).containsExactly("caf\u00E9|4");
	}

	@Test
	void allOfAFileAreTold() {
		this.folder.add("V2__b.sql", "SET datestyle = 'German';\nCOPY a TO STDOUT;\nSET NAMES 'LATIN1'");

		assertThat(failure().problems()).extracting((problem) -> problem.place().line()).containsExactly(1, 2, 3);
		assertNothingRan();
	}

	@Test
	void aCallbackIsRefusedBeforeTheRun() {
		this.folder.add("afterMigrate.sql", "COPY (SELECT 1) TO STDOUT");

		assertThat(failure().code()).isEqualTo(ErrorCode.DRIVER);
		assertNothingRan();
	}

	@Test
	void anUndoFileIsRefusedBeforeTheRun() {
		this.folder.add("U1__a.sql", "DROP TABLE a; SET DateStyle TO SQL");
		Tidemark tidemark = this.folder.tidemark(this.database).build();
		tidemark.migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark.undo(UndoRequest.of(UndoSelection.last())));

		assertThat(failure.code()).isEqualTo(ErrorCode.DRIVER);
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history")).containsExactly("1|applied");
	}

	/** What is seen as a conflict is one to the driver, and what is one is seen. */
	@Test
	void filesAreReadAsTheDriverAndTheServerReadThem() throws SQLException {
		this.database.execute("CREATE TABLE b (x text)");
		Map<String, Boolean> seen = new LinkedHashMap<>();
		Map<String, Boolean> refused = new LinkedHashMap<>();

		for (String sql : STATEMENTS) {
			seen.put(sql, DriverConflict.of(Statements.of(SqlScript.parse(sql).statements().get(0))) != null);
			try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				refused.put(sql, isRefusedByDriver(statement, sql));
			}
		}

		assertThat(seen).isEqualTo(refused).containsValues(true, false);
	}

	private static boolean isRefusedByDriver(Statement statement, String sql) throws SQLException {
		try {
			statement.execute(sql);
			return false;
		}
		catch (PSQLException ex) {
			assertThat(ex.getServerErrorMessage()).as(ex.getMessage()).isNull();
			return true;
		}
	}

	@Test
	void behindABlockThatSetsWhatCannotBeSeenNoCommitIsSent() {
		this.folder.tidemark(this.database).build().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b ();\n" + SETS + ";\nINSERT INTO a VALUES ('01.02.2026')");

		Problem problem = failure().problems().get(0);

		assertThat(problem.place().statement()).isEqualTo(2);
		assertThat(problem.what()).contains("DateStyle");
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'b'")).isEmpty();
		assertThat(this.database.rows("SELECT * FROM a")).isEmpty();
		assertThat(this.database.rows("SELECT version, state, error_code FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied|", "2|failed|TM-RUN-001");
	}

	@Test
	void theFileCanBeCorrectedAsTheMessageTells() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ();\n" + SETS);
		failure();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(this.folder.tidemark(this.database).build().migrate().applied()).hasSize(1);
	}

	@Test
	void whatATriggerHasCommittedIsSaidToBeCommitted() {
		this.folder.add("V1__a.sql", """
				CREATE TABLE a (x date);
				CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
				  'BEGIN PERFORM set_config(''datestyle'', ''german'', false); RETURN NULL; END';
				CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()""");
		this.folder.tidemark(this.database).build().migrate();
		this.folder.add("V2__b.sql", "INSERT INTO a VALUES ('2026-02-01')");

		Problem problem = failure().problems().get(0);

		assertThat(this.database.rows("SELECT state FROM tidemark_history WHERE version = '2'"))
			.containsExactly("applied");
		assertThat(problem.state()).contains("applied, as a whole, and recorded");
		assertThat(problem.what()).contains("set DateStyle or client_encoding to what it cannot read");
		assertThat(problem.remedy()).startsWith("Do not change the file")
			.contains("Take it out where it is set, which may be a function or trigger that a statement calls");
		assertThat(this.folder.tidemark(this.database).build().migrate().applied()).isEmpty();
	}

	@Test
	void inTheMiddleOfAFileInSegmentsWhatIsDoneIsTold() {
		this.folder.add("V2__b.sql",
				"CREATE TABLE b (x int);\nCREATE INDEX CONCURRENTLY i ON b (x);\nINSERT INTO b VALUES (1);\n" + SETS);

		Problem problem = failure().problems().get(0);

		assertThat(problem.state()).startsWith("2 of 4 statements of this file are done and stay.");
		assertThat(this.database.rows("SELECT * FROM b")).isEmpty();
		assertThat(this.database
			.rows("SELECT state, statements_done, error_code FROM tidemark_history WHERE version = '2'"))
			.containsExactly("failed|2|TM-RUN-001");
	}

	@Test
	void aCallbackThatSetsWhatCannotBeSeenIsRolledBack() {
		this.folder.add("afterMigrate.sql", "CREATE TABLE b ();\n" + SETS);

		Problem problem = failure().problems().get(0);

		assertThat(problem.what()).contains("DateStyle");
		assertThat(problem.state()).contains("What the callback had not committed was rolled back");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'b'")).isEmpty();
	}

}
