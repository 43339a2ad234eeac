package dev.tidemark.migrate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * In which order repeatables run, and what a change of one does to those that depend on
 * it.
 */
@ExtendWith(PostgresExtension.class)
class RepeatableTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	RepeatableTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private List<String> applied() {
		return this.folder.tidemark(this.database)
			.build()
			.migrate()
			.applied()
			.stream()
			.map((applied) -> applied.identity().toString())
			.toList();
	}

	private Problem failure() {
		return catchThrowableOfType(TidemarkException.class, this::applied).problems().get(0);
	}

	/** Three views, each on the one before, which the names have in the wrong order. */
	private void views() {
		this.folder.add("R__z_base.sql", "CREATE VIEW z_base AS SELECT 1 AS x")
			.add("R__m_middle.sql",
					"-- tidemark: depends-on=z_base\nCREATE OR REPLACE VIEW m_middle AS SELECT * FROM z_base")
			.add("R__a_top.sql",
					"-- tidemark: depends-on=m_middle\nCREATE OR REPLACE VIEW a_top AS SELECT * FROM m_middle");
		assertThat(applied()).containsExactly("z base", "m middle", "a top");
		assertThat(applied()).isEmpty();
	}

	@Test
	void whatDependsOnAViewIsMadeAfterIt() {
		views();

		assertThat(this.database.value("SELECT x FROM a_top")).isEqualTo("1");
	}

	@Test
	void aViewThatIsReplacedLeavesItsDependentsInPlace() {
		views();
		this.folder.add("R__z_base.sql", "CREATE OR REPLACE VIEW z_base AS SELECT 2 AS x");
		String oid = this.database.value("SELECT 'a_top'::regclass::oid");

		assertThat(applied()).containsExactly("z base", "m middle", "a top");
		assertThat(this.database.rows("SELECT x, 'a_top'::regclass::oid FROM a_top")).containsExactly("2|" + oid);
	}

	@Test
	void aDropWithoutCascadeNamesWhatDependsOnIt() {
		views();
		this.folder.add("R__z_base.sql", "DROP VIEW z_base; CREATE VIEW z_base AS SELECT 'text' AS x");
		Problem problem = failure();

		assertThat(problem.code()).isEqualTo(ErrorCode.DEPENDENT_OBJECTS);
		assertThat(problem.what())
			.isEqualTo("A statement of the repeatable 'z base' drops or changes what other objects "
					+ "depend on: view m_middle, view a_top.");
		assertThat(problem.remedy()).contains("-- tidemark: depends-on=z_base")
			.contains("R__a_top.sql makes view a_top", "R__m_middle.sql makes view m_middle");
		assertThat(problem.place().toString()).contains("R__z_base.sql:1:1 (statement 1: DROP VIEW z_base)");
		assertThat(this.database.value("SELECT x FROM a_top")).isEqualTo("1");
		assertThat(this.database.value("SELECT error_message FROM tidemark_history ORDER BY rank DESC LIMIT 1"))
			.contains("view m_middle, view a_top");
		assertThat(this.folder.tidemark(this.database)
			.build()
			.inspect(InspectRequest.everything().within(Duration.ofSeconds(10)))
			.problems()).extracting(Problem::what)
			.anySatisfy((what) -> assertThat(what).contains("view m_middle, view a_top"));
	}

	@Test
	void aDropWithCascadeIsFollowedByItsDependents() {
		views();
		this.folder.add("R__z_base.sql", "DROP VIEW z_base CASCADE; CREATE VIEW z_base AS SELECT 'text' AS x");

		assertThat(applied()).containsExactly("z base", "m middle", "a top");
		assertThat(this.database.value("SELECT x FROM a_top")).isEqualTo("text");
		assertThat(applied()).isEmpty();
	}

	@Test
	void dependentsThatDidNotGetTheirTurnRunWithTheNextStart() {
		views();
		this.folder.add("R__z_base.sql", "DROP VIEW z_base CASCADE; CREATE VIEW z_base AS SELECT 'text' AS x")
			.add("R__m_middle.sql",
					"-- tidemark: depends-on=z_base\nCREATE OR REPLACE VIEW m_middle AS SELECT oops FROM z_base");
		assertThat(failure().code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(this.database.value("SELECT to_regclass('a_top')")).isNull();
		this.folder.add("R__m_middle.sql",
				"-- tidemark: depends-on=z_base\nCREATE OR REPLACE VIEW m_middle AS SELECT * FROM z_base");

		assertThat(applied()).containsExactly("m middle", "a top");
		assertThat(this.database.value("SELECT x FROM a_top")).isEqualTo("text");
	}

	@Test
	void aVersionThatChangesAColumnNamesTheViewsOnIt() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); CREATE SCHEMA \"My Views\"")
			.add("R__v.sql", "CREATE OR REPLACE VIEW \"My Views\".\"The View\" AS SELECT x FROM a");
		applied();
		this.folder.add("V2__type.sql", "ALTER TABLE a ALTER COLUMN x TYPE bigint");
		Problem typeChange = failure();
		this.folder.add("V2__type.sql", "ALTER TABLE a DROP COLUMN x");
		Problem drop = failure();

		assertThat(List.of(typeChange, drop)).allSatisfy((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.DEPENDENT_OBJECTS);
			assertThat(problem.what())
				.isEqualTo("A statement of version 2 drops or changes what other objects depend on: "
						+ "view \"My Views\".\"The View\".");
			assertThat(problem.remedy()).endsWith("R__v.sql makes view \"My Views\".\"The View\".");
		});
	}

	@Test
	void aServerThatSpeaksAnotherLanguageIsQuoted() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("R__v.sql", "CREATE VIEW v AS SELECT x FROM a");
		applied();
		this.folder.add("V2__drop.sql",
				"""
						DO 'BEGIN RAISE EXCEPTION ''geht nicht'' USING ERRCODE = ''2BP01'', DETAIL = ''Sicht v hängt von a ab''; END'""");
		Problem problem = failure();

		assertThat(problem.what()).endsWith("what other objects depend on; the server names them.");
		assertThat(problem.toString()).contains("Detail: Sicht v hängt von a ab");
	}

	@Test
	void aViewThatCannotBeReplacedNamesWhatDependsOnIt() {
		views();
		this.folder.add("R__z_base.sql", "CREATE OR REPLACE VIEW z_base AS SELECT 'text' AS x");
		Problem problem = failure();

		assertThat(problem.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(problem.remedy()).contains("DROP VIEW ... CASCADE",
				"view public.a_top, view public.m_middle; put -- tidemark: depends-on=z_base",
				"R__m_middle.sql makes view public.m_middle");

		this.folder.add("R__a_top.sql",
				"-- tidemark: depends-on=m_middle\nCREATE OR REPLACE VIEW a_top AS SELECT 1 AS y");
		this.folder.add("R__z_base.sql", "CREATE OR REPLACE VIEW z_base AS SELECT 1 AS x");
		assertThat(failure().remedy()).endsWith("drop the view before it in the file.");
	}

	/** An event trigger stands in for a server that speaks German. */
	private void speakGerman(String command, String state, String message) {
		this.database
			.execute("CREATE FUNCTION german() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''"
					+ message + "'' USING ERRCODE = ''" + state + "'', DETAIL = ''Sicht hängt davon ab''; END';"
					+ " CREATE EVENT TRIGGER german ON ddl_command_start WHEN TAG IN ('" + command
					+ "') EXECUTE FUNCTION german()");
	}

	@Test
	void theCatalogueTellsWhatDependsWhereTheServerSpeaksAnotherLanguage() {
		views();
		speakGerman("DROP VIEW", "2BP01", "kann Sicht z_base nicht löschen");
		this.folder.add("R__z_base.sql", "DROP VIEW z_base; CREATE VIEW z_base AS SELECT 'text' AS x");
		Problem problem = failure();

		assertThat(problem.what()).endsWith("depend on: view public.a_top, view public.m_middle.");
		assertThat(problem.remedy()).contains("R__a_top.sql makes view public.a_top",
				"R__m_middle.sql makes view public.m_middle");
		assertThat(problem.state()).contains("rolled back");
		assertThat(problem.server()).asString().contains("kann Sicht z_base nicht löschen");
		assertThat(this.database.value("SELECT error_code FROM tidemark_history ORDER BY rank DESC LIMIT 1"))
			.isEqualTo("TM-DEP-002");
	}

	@ParameterizedTest
	@CsvSource({ "ALTER COLUMN x TYPE bigint, 0A000, view public.v", "DROP COLUMN x, 2BP01, view public.v",
			"DROP COLUMN id, 2BP01, table constraint b_id_fkey on public.b" })
	void theCatalogueTellsWhatDependsOnAColumn(String action, String state, String expected) {
		this.folder.add("V1__a.sql",
				"CREATE TABLE a (id int PRIMARY KEY, x int, y int);"
						+ " CREATE INDEX ON a (x); CREATE TABLE b (id int REFERENCES a);"
						+ " CREATE VIEW v AS SELECT x FROM a; CREATE VIEW w AS SELECT y FROM a");
		applied();
		speakGerman("ALTER TABLE", state, "geht nicht");
		this.folder.add("V2__b.sql", "ALTER TABLE a " + action);
		Problem problem = failure();

		assertThat(problem.code()).isEqualTo(ErrorCode.DEPENDENT_OBJECTS);
		assertThat(problem.what()).endsWith("depend on: " + expected + ".");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "DROP TABLE|DROP TABLE t|view public.v",
					"DROP TYPE|DROP TYPE mood|table column public.t.m, view column public.v.m, view public.v",
					"DROP FUNCTION|DROP FUNCTION f(int)|view public.w" })
	void theCatalogueTellsWhatDependsOnOtherKinds(String command, String sql, String expected) {
		this.folder.add("V1__a.sql",
				"CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood);"
						+ " CREATE VIEW v AS SELECT m FROM t; CREATE FUNCTION f(i int) RETURNS int IMMUTABLE RETURN i;"
						+ " CREATE VIEW w AS SELECT f(1) AS x");
		applied();
		speakGerman(command, "2BP01", "geht nicht");
		this.folder.add("V2__b.sql", sql);

		assertThat(failure().what()).endsWith("depend on: " + expected + ".");
	}

	@Test
	void nothingRunsWhereDependenciesAreACircle() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("R__a.sql", "-- tidemark: depends-on=b\nSELECT 1")
			.add("R__b.sql", "-- tidemark: depends-on=a\nSELECT 1");

		assertThat(failure().code()).isEqualTo(ErrorCode.DEPENDENCY);
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
	}

}
