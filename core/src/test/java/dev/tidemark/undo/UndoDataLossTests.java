package dev.tidemark.undo;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.safety.Finding;
import dev.tidemark.safety.Rule;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Which statements of an undo file would lose data of a real database.
 */
@ExtendWith(PostgresExtension.class)
class UndoDataLossTests {

	/** What all tests share that only plan, which leaves everything as it is. */
	private static TestDatabase planned;

	private MigrationFolder folder;

	@BeforeAll
	static void planned(@TempDir Path path) {
		planned = PostgresServer.shared().createDatabase();
		fill(new MigrationFolder(path).add("V1__x.sql", "SELECT 1"), planned);
	}

	@AfterAll
	static void drop() {
		planned.close();
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__x.sql", "SELECT 1");
	}

	private static void fill(MigrationFolder folder, TestDatabase database) {
		folder.tidemark(database).build().migrate();
		database.execute("""
				CREATE SCHEMA s;
				CREATE TYPE pair AS (a int, b int);
				CREATE TABLE filled (id int, used text, unused text, twice int GENERATED ALWAYS AS (id * 2) STORED,
				  price numeric(10, 4), couple pair);
				INSERT INTO filled VALUES (1, 'a', NULL, DEFAULT, 1.5, (1, NULL)), (2, NULL, NULL, DEFAULT, NULL, NULL);
				ANALYZE filled;
				CREATE TABLE empty (id int, used text);
				CREATE TABLE s.filled (id int);
				INSERT INTO s.filled VALUES (1);
				CREATE TABLE parts (id int) PARTITION BY RANGE (id);
				CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
				INSERT INTO parts VALUES (1);
				CREATE MATERIALIZED VIEW m AS SELECT * FROM filled;
				CREATE VIEW v AS SELECT 1 AS one;
				CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1';""");
	}

	private List<Finding> findings(String undo) {
		return findings(undo, planned);
	}

	private List<Finding> findings(String undo, TestDatabase database) {
		this.folder.add("U1__x.sql", undo);
		return this.folder.tidemark(database).build().plan(UndoRequest.of(UndoSelection.last())).dataLoss();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			DROP TABLE filled                                               | DROP_TABLE
			drop table if exists empty, "filled"                            | DROP_TABLE
			DROP TABLE s.filled                                             | DROP_TABLE
			DROP TABLE parts                                                | DROP_TABLE
			DROP TABLE part_1                                               | DROP_TABLE
			ALTER TABLE filled DROP used                                    | DROP_COLUMN
			ALTER TABLE ONLY filled ADD n int, DROP COLUMN IF EXISTS used   | DROP_COLUMN
			TRUNCATE empty, filled                                          | TRUNCATE
			DELETE FROM filled WHERE id = 7                                 | DELETE
			WITH gone AS (DELETE FROM filled RETURNING *) SELECT * FROM gone | DELETE
			UPDATE filled SET unused = 1, used = 2                          | OVERWRITE
			UPDATE filled f SET (unused, used) = (SELECT 'a', 'b')          | OVERWRITE
			INSERT INTO filled VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2 | OVERWRITE
			MERGE INTO filled USING empty ON false WHEN MATCHED THEN DELETE | OVERWRITE
			ALTER TABLE filled ALTER price TYPE numeric(10, 2)              | NARROW
			ALTER TABLE filled ALTER COLUMN id SET DATA TYPE bigint USING 0 | NARROW
			DROP SCHEMA s CASCADE                                           | CASCADE
			DROP TYPE pair CASCADE                                          | CASCADE
			DROP TABLE empty CASCADE                                        | CASCADE
			DROP OPERATOR CLASS x USING btree CASCADE                       | CASCADE
			TRUNCATE empty CASCADE                                          | CASCADE
			DO $$ BEGIN DELETE FROM filled; END $$                          | DELETE
			DO $$ BEGIN EXECUTE format('DELETE FROM %I', 'filled'); END $$ | NOT_JUDGED
			DO LANGUAGE plperl $$ 1 $$                                      | NOT_JUDGED
			DELETE nothing that is understood                               | NOT_JUDGED
			CALL clean_up()                                                 | NOT_JUDGED
			SELECT public.own()                                             | NOT_JUDGED
			DROP OWNED BY somebody                                          | NOT_JUDGED
			ALTER TYPE pair DROP ATTRIBUTE b                                | NOT_JUDGED
			ALTER TYPE pair ALTER ATTRIBUTE b TYPE smallint CASCADE         | NOT_JUDGED
			ALTER TABLE filled DROP COLUMN couple                           | DROP_COLUMN
			CREATE TABLE kept AS WITH gone AS (DELETE FROM filled RETURNING *) SELECT * FROM gone | DELETE
			CREATE TABLE kept AS SELECT own() AS x                          | NOT_JUDGED
			CREATE TABLE kept AS EXECUTE prepared                           | NOT_JUDGED
			EXPLAIN (ANALYZE) EXECUTE prepared                              | NOT_JUDGED
			DECLARE c CURSOR FOR SELECT own()                               | NOT_JUDGED
			SELECT lo_unlink(1)                                             | NOT_JUDGED
			SELECT query_to_xml('DELETE FROM filled', true, true, '')       | NOT_JUDGED
			COMMIT PREPARED 'x'                                             | NOT_JUDGED
			SELECT ts_rewrite('a'::tsquery, 'SELECT own()')                 | NOT_JUDGED
			DO $$ DECLARE c refcursor; BEGIN OPEN c FOR DELETE FROM filled RETURNING *; FETCH c INTO r; END $$ | DELETE
			DO $$ DECLARE c CURSOR FOR DELETE FROM filled RETURNING *; BEGIN OPEN c; FETCH c INTO r; END $$ | DELETE
			DO $$ BEGIN EXECUTE 'SELECT $1' USING own(); END $$             | NOT_JUDGED
			ALTER TABLE filled ADD COLUMN n int DEFAULT own()               | NOT_JUDGED
			ALTER TABLE filled ALTER unused TYPE int USING own()            | NOT_JUDGED
			COPY empty (id) FROM '/x' WHERE own() = 1                       | NOT_JUDGED
			COPY empty FROM PROGRAM 'psql'                                  | NOT_JUDGED
			COPY empty TO PROGRAM 'psql'                                    | NOT_JUDGED
			ALTER EXTENSION hstore UPDATE TO '1.0'                          | NOT_JUDGED
			""")
	void thisMayLoseData(String undo, Rule rule) {
		assertThat(findings(undo)).extracting(Finding::rule).containsExactly(rule);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DROP TABLE empty", "DROP TABLE IF EXISTS nowhere",
			"ALTER TABLE filled DROP COLUMN unused", "ALTER TABLE filled DROP COLUMN twice",
			"ALTER TABLE filled DROP COLUMN nowhere", "ALTER TABLE filled DROP CONSTRAINT c CASCADE",
			"COPY empty FROM '/x' (FORMAT csv) WHERE lower(used) = 'a'",
			"ALTER TABLE filled ADD COLUMN n uuid DEFAULT gen_random_uuid()", "ALTER TABLE filled ALTER id TYPE bigint",
			"ALTER TABLE filled ALTER price TYPE text", "ALTER TABLE filled ALTER unused TYPE int USING 1",
			"DELETE FROM empty", "TRUNCATE empty", "UPDATE filled SET unused = used", "UPDATE empty SET used = 'a'",
			"UPDATE filled SET (unused) = (SELECT 'used' FROM filled FOR UPDATE)",
			"INSERT INTO filled SELECT 1 ON CONFLICT DO NOTHING", "DROP MATERIALIZED VIEW m", "DROP VIEW v CASCADE",
			"DROP FUNCTION own()", "DROP TYPE pair", "DROP SCHEMA s", "DROP INDEX i", "SELECT count(*) FROM filled",
			"SELECT setval('s', coalesce(max(id), 1)) FROM filled", "SET lock_timeout = '1s'; VACUUM",
			"CREATE TEMP TABLE t AS SELECT 1 AS x; DELETE FROM t; DROP TABLE t",
			"CREATE TABLE kept AS SELECT id FROM filled", "DECLARE c CURSOR FOR SELECT id FROM filled FOR UPDATE",
			"CREATE OR REPLACE VIEW v AS SELECT 2 AS one; DROP VIEW v",
			"INSERT INTO empty (execute, used) VALUES (1, 'a')",
			"ALTER TABLE filled ADD COLUMN back text; UPDATE filled SET back = used; ALTER TABLE filled DROP COLUMN back" })
	void thisLosesNothing(String undo) {
		assertThat(findings(undo)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE filled RENAME TO other; DROP TABLE other",
			"ALTER TABLE filled RENAME used TO other; ALTER TABLE filled DROP other",
			"SET search_path = s; DROP TABLE empty", "SELECT set_config('search_path', 's', false); DELETE FROM empty",
			"ALTER TABLE filled SET SCHEMA s; DROP TABLE s.filled", "ALTER SCHEMA s RENAME TO t; DROP TABLE t.filled",
			"ALTER SCHEMA s RENAME TO t; DROP TABLE empty",
			"IMPORT FOREIGN SCHEMA f FROM SERVER s INTO public; DELETE FROM nowhere",
			"CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'DELETE FROM filled RETURNING 1'; SELECT pg_temp.f()",
			"CREATE VIEW w AS SELECT * FROM filled; DELETE FROM w",
			"ALTER TABLE s.filled INHERIT empty; DELETE FROM empty",
			"ALTER TABLE parts2 ATTACH PARTITION filled FOR VALUES FROM (0) TO (9); DROP TABLE parts2" })
	void whatChangesTheMeaningOfNamesIsSeen(String undo) {
		assertThat(findings(undo)).extracting(Finding::rule).containsExactly(Rule.NOT_JUDGED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET ROLE undo_owner; DROP TABLE IF EXISTS mine",
			"SET SESSION AUTHORIZATION undo_owner; DELETE FROM empty",
			"DO $$ BEGIN PERFORM set_config('role', 'undo_owner', false); DELETE FROM empty; END $$" })
	void aRoleWithASchemaOfItsOwnMayMeanOtherTables(String undo, TestDatabase database) {
		fill(this.folder, database);
		assertThat(findings(undo, database)).isEmpty();

		database.execute("CREATE ROLE undo_owner; CREATE SCHEMA AUTHORIZATION undo_owner");
		try {
			assertThat(findings(undo, database)).extracting(Finding::rule).containsExactly(Rule.NOT_JUDGED);
		}
		finally {
			database.execute("DROP OWNED BY undo_owner; DROP ROLE undo_owner");
		}
	}

	@Test
	void rowsInTheTablesOfAnExtensionGoWithIt(TestDatabase database) {
		fill(this.folder, database);
		database.execute("ALTER EXTENSION plpgsql ADD TABLE empty; ALTER EXTENSION plpgsql ADD TABLE filled");

		List<Finding> findings = findings("DROP EXTENSION plpgsql", database);

		assertThat(findings).extracting(Finding::rule).containsExactly(Rule.DROP_TABLE);
		assertThat(findings.get(0).what()).contains("filled");
	}

	@Test
	void theFileBeforeAnotherOneMayMoveWhatThatOneDrops(TestDatabase database) {
		fill(this.folder, database);
		this.folder.add("V2__y.sql", "SELECT 1").add("U2__y.sql", "ALTER TABLE filled RENAME TO older");
		this.folder.tidemark(database).build().migrate();
		this.folder.add("U1__x.sql", "DROP TABLE older");

		List<Finding> findings = this.folder.tidemark(database)
			.build()
			.plan(UndoRequest.of(UndoSelection.last(2)))
			.dataLoss();

		assertThat(findings).extracting(Finding::rule).containsExactly(Rule.NOT_JUDGED);
	}

	@Test
	void aFindingSaysWhereAndHowMuch() {
		Finding finding = findings("SELECT 1;\n  DROP TABLE filled").get(0);

		assertThat(finding.place().toString()).endsWith("U1__x.sql:2:3 (statement 2: DROP TABLE filled)");
		assertThat(finding.what())
			.isEqualTo("The table \"filled\" holds rows, and these rows would be lost. It has about 2 rows.");
		assertThat(finding.rows()).isEqualTo(2);
	}

	@Test
	void whatCannotBeFoundOutCountsAsLoss(TestDatabase database) {
		fill(this.folder, database);
		database.execute("""
				CREATE FUNCTION slow() RETURNS boolean LANGUAGE sql AS 'SELECT true FROM pg_sleep(60)';
				CREATE VIEW slow_rows AS SELECT 1 AS x WHERE slow()""");

		Finding finding = findings("DELETE FROM slow_rows", database).get(0);

		assertThat(finding.rule()).isEqualTo(Rule.DELETE);
		assertThat(finding.what()).contains("could not be found out in time");
	}

	@Test
	void rowsThatPoliciesHideCountAllTheSame(TestDatabase database) {
		fill(this.folder, database);
		database.execute(
				"""
						CREATE ROLE undo_reader; GRANT SELECT ON filled TO undo_reader; GRANT ALL ON tidemark_history TO undo_reader;
						ALTER TABLE filled ENABLE ROW LEVEL SECURITY""");
		this.folder.add("U1__x.sql", "DELETE FROM filled");
		try {
			assertThat(this.folder.tidemark(database)
				.initSql("SET ROLE undo_reader")
				.build()
				.plan(UndoRequest.of(UndoSelection.last()))
				.dataLoss()).extracting(Finding::rule).containsExactly(Rule.DELETE);
		}
		finally {
			database.execute("DROP OWNED BY undo_reader; DROP ROLE undo_reader");
		}
	}

	@Test
	void whatWouldBeLostShowsPlaceholdersAndNotTheirValues() {
		this.folder.add("U1__x.sql", "ALTER TABLE ${s}.${t}lled DROP id; ALTER TABLE ${t}lled DROP \"${c}\"");
		Map<String, String> values = Map.of("s", "S", "t", "fi", "c", "used");

		List<Finding> findings = this.folder.tidemark(planned)
			.placeholders(values)
			.build()
			.plan(UndoRequest.of(UndoSelection.last()))
			.dataLoss();

		assertThat(findings).extracting(Finding::what)
			.containsExactly(
					"The column \"id\" of the table \"${s}\".\"${t}lled\" holds values, and these values would be lost.",
					"The column \"${c}\" of the table \"${t}lled\" holds values, and these values would be lost."
							+ " It has about 2 rows.");
		assertThat(findings).extracting((finding) -> String.valueOf(finding.table()))
			.containsExactly("\"${s}\".\"${t}lled\"", "\"${t}lled\"");
	}

	@Test
	void dataIsNotLostUnlessSomebodyAllowsItAndSaysWhy(TestDatabase database) {
		fill(this.folder, database);
		this.folder.add("U1__x.sql", "DROP TABLE filled CASCADE; DELETE FROM empty");
		Tidemark tidemark = this.folder.tidemark(database).build();
		UndoRequest request = UndoRequest.of(UndoSelection.last());

		TidemarkException refused = catchThrowableOfType(TidemarkException.class, () -> tidemark.undo(request));
		assertThat(refused.problems()).extracting(Problem::code)
			.containsExactly(ErrorCode.DATA_LOSS, ErrorCode.DATA_LOSS);
		assertThat(refused.problems().get(0).remedy()).contains("tidemark.undo.allow-data-loss=<reason>");
		assertThat(database.value("SELECT count(*) FROM filled")).isEqualTo("2");
		assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("1");

		UndoResult result = tidemark.undo(request.allowingDataLoss("agreed with the owner"));
		assertThat(result.dataLoss()).extracting(Finding::rule).containsExactly(Rule.CASCADE, Rule.DROP_TABLE);
		assertThat(database.value("SELECT note FROM tidemark_history WHERE rank = 2"))
			.isEqualTo("data loss allowed: agreed with the owner");
	}

}
