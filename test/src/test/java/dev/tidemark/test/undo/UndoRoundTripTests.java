package dev.tidemark.test.undo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@ExtendWith(PostgresExtension.class)
class UndoRoundTripTests {

	private final TestDatabase database;

	@TempDir
	private Path folder;

	UndoRoundTripTests(TestDatabase database) {
		this.database = database;
	}

	private UndoRoundTripTests file(String name, String sql) {
		try {
			Files.writeString(this.folder.resolve(name), sql);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private UndoRoundTrip roundTrip() {
		return UndoRoundTrip.of(Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))
			.locations("filesystem:" + this.folder));
	}

	private AssertionError failure() {
		return catchThrowableOfType(AssertionError.class, () -> roundTrip().verify());
	}

	@Test
	void provesEveryUndoFile() {
		file("V1__a.sql", "CREATE TABLE a (x int); INSERT INTO a VALUES (1)").file("U1__a.sql", "DROP TABLE a")
			.file("V2__b.sql", "ALTER TABLE a ADD COLUMN b int")
			.file("V3__c.sql", "ALTER TABLE a ADD COLUMN c int DEFAULT 7; GRANT SELECT ON a TO PUBLIC")
			.file("U3__c.sql", "REVOKE SELECT ON a FROM PUBLIC; ALTER TABLE a DROP COLUMN c")
			.file("V4__i.sql", "CREATE INDEX CONCURRENTLY i ON a (b)")
			.file("U4__i.sql", "DROP INDEX CONCURRENTLY i")
			.file("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT x FROM a");

		assertThat(roundTrip().verify()).extracting(Object::toString).containsExactly("1", "3", "4");
		assertThat(this.database.rows("SELECT version FROM tidemark_history WHERE kind = 'undo'")).containsExactly("1",
				"3", "4");
	}

	@Test
	void takesTheTidemarkOfTheApplicationWithItsSettings() {
		file("V1__a.sql", "CREATE TABLE ${name} (x int)").file("U1__a.sql", "DROP TABLE ${name}");
		Tidemark application = Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))
			.locations("filesystem:" + this.folder)
			.historyTable("of_shop")
			.placeholders(Map.of("name", "shop"))
			.build();

		assertThat(UndoRoundTrip.of(application).verify()).extracting(Object::toString).containsExactly("1");
		assertThat(this.database.rows("SELECT version FROM of_shop WHERE kind = 'undo'")).containsExactly("1");
		assertThat(application.inspect(InspectRequest.everything().within(Duration.ofSeconds(30))).runs()).hasSize(3);
	}

	@Test
	void leavesTheBuilderAsItIs() {
		file("V1__a.sql", "CREATE TABLE a (x int)").file("U1__a.sql", "DROP TABLE a");
		Tidemark.Builder builder = Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))
			.locations("filesystem:" + this.folder);
		UndoRoundTrip.of(builder).verify();
		file("V2__b.sql", "CREATE TABLE b (x int)");

		assertThat(builder.build().migrate().applied()).extracting((result) -> result.identity().inWords())
			.containsExactly("version 2");
	}

	@Test
	void passesByWhatANewDatabaseDoesNotRun() {
		file("V1__a.sql", "CREATE TABLE a ()").file("U1__a.sql", "SELECT 'nothing'")
			.file("B1__a.sql", "CREATE TABLE a ()")
			.file("V2__b.sql", "CREATE TABLE b ()")
			.file("U2__b.sql", "DROP TABLE b")
			.file("V3__c.sql", "-- tidemark: only=elsewhere\nCREATE TABLE c ()")
			.file("U3__c.sql", "DROP TABLE c");

		assertThat(roundTrip().verify()).extracting(Object::toString).containsExactly("2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					ALTER TABLE t ADD COLUMN y int                           | column t.y
					ALTER TABLE t ALTER COLUMN x SET DEFAULT 1               | column t.x
					ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0)             | constraint c of t
					ALTER TABLE t ALTER COLUMN x SET STATISTICS 500          | column t.x
					ALTER TABLE t ALTER COLUMN x SET (n_distinct = 5)        | column t.x
					ALTER TABLE t REPLICA IDENTITY FULL                      | relation t
					ALTER SEQUENCE o OWNED BY t.x                            | sequence o
					DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 1024', current_database()); END $$ | settings of the database for all
					CREATE INDEX i ON t (x)                                  | index i
					CREATE TABLE u ()                                        | relation u
					ALTER TABLE t ENABLE ROW LEVEL SECURITY                  | relation t
					ALTER TABLE t SET (fillfactor = 50)                      | relation t
					GRANT SELECT ON t TO PUBLIC                              | relation t
					GRANT SELECT (x) ON t TO PUBLIC                          | column t.x
					CREATE VIEW w AS SELECT 1 AS one                         | view w
					CREATE OR REPLACE VIEW v AS SELECT 2 AS one              | view v
					CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1' | function g()
					CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END' | function f()
					CREATE TYPE e AS ENUM ('a')                              | type e
					CREATE DOMAIN d AS int CHECK (value > 0)                 | type d
					CREATE SEQUENCE q                                        | sequence q
					CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f() | trigger g of t
					CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING       | rule r of t
					CREATE POLICY p ON t USING (x > 0)                       | policy p of t
					CREATE STATISTICS s ON x, z FROM t                       | statistics s
					CREATE SCHEMA n                                          | schema n
					COMMENT ON TABLE t IS 'x'                                | comment on table public.t
					COMMENT ON COLUMN t.x IS 'x'                             | comment on table column public.t.x
					CREATE COLLATION l (locale = 'C')                        | collation public.l
					ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC | default rights
					CREATE PUBLICATION b FOR TABLE t                         | publication b
					ALTER PUBLICATION p ADD TABLE t                          | publication p of t
					DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO pg_monitor', current_database()); END $$ | database: owner
					ALTER FOREIGN DATA WRAPPER w OPTIONS (ADD a 'x')         | foreign data wrapper w
					ALTER SERVER s OPTIONS (SET password 'other')            | server s
					CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'x') | user mapping of public at s
					""")
	void whatIsLeftIsNamed(String sql, String line) {
		file("V1__t.sql", """
				CREATE TABLE t (x int, z int);
				CREATE SEQUENCE o;
				CREATE VIEW v AS SELECT 1 AS one;
				CREATE PUBLICATION p;
				CREATE FOREIGN DATA WRAPPER w;
				CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (password 'secret');
				CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';""")
			.file("V2__more.sql", sql)
			.file("U2__more.sql", "SELECT 1");

		assertThat(failure().getMessage().replace(" public.", " ")).contains("the catalogue is not what it was")
			.contains("\n  left:    " + line.replace(" public.", " "));
	}

	@Test
	void aRoleAndAMembershipThatAreLeftAreNamed() {
		file("V1__t.sql", "CREATE ROLE Round_Trip_Role; GRANT round_trip_role TO CURRENT_USER").file("U1__t.sql",
				"SELECT 1");
		try {
			assertThat(failure()).hasMessageContaining("\n  left:    role round_trip_role: superuser f")
				.hasMessageContaining("\n  left:    role round_trip_role: member ");
		}
		finally {
			this.database.execute("DROP ROLE IF EXISTS round_trip_role");
		}
	}

	@Test
	void aRoleThatAPlaceholderNamesIsNamedToo() {
		file("V1__t.sql", "CREATE ROLE ${role}").file("U1__t.sql", "SELECT 1");
		Tidemark.Builder builder = Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))
			.locations("filesystem:" + this.folder)
			.placeholders(Map.of("role", "round_trip_placed"));
		try {
			assertThat(catchThrowableOfType(AssertionError.class, () -> UndoRoundTrip.of(builder).verify()))
				.hasMessageContaining("\n  left:    role round_trip_placed: superuser f");
		}
		finally {
			this.database.execute("DROP ROLE IF EXISTS round_trip_placed");
		}
	}

	@Test
	void valuesOfOptionsAreNotShown() {
		file("V1__w.sql", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w")
			.file("V2__s.sql", "ALTER SERVER s OPTIONS (ADD password 'geheim')")
			.file("U2__s.sql", "SELECT 1");

		assertThat(failure()).hasMessageContaining("\n  left:    server s:").hasMessageNotContaining("geheim");
	}

	@Test
	void whatIsGoneIsNamed() {
		file("V1__a.sql", "CREATE TABLE a (x int, y int)").file("V2__b.sql", "CREATE TABLE b ()")
			.file("U2__b.sql", "DROP TABLE b; ALTER TABLE a DROP COLUMN y");

		assertThat(failure()).hasMessageContaining("U2__b.sql")
			.hasMessageContaining("\n  missing: column public.a.y: place 2, type integer");
	}

	@Test
	void anUndoThatFailsIsNamed() {
		file("V1__a.sql", "CREATE TABLE a ()").file("U1__a.sql", "DROP TABLE b");

		assertThat(failure()).hasMessageContaining("U1__a.sql does not undo version 1")
			.hasMessageContaining("TM-RUN-001");
	}

	@Test
	void aViewOfARepeatableThatStandsInTheWayOfAnUndoIsFound() {
		file("V1__a.sql", "CREATE TABLE a (x int)").file("U1__a.sql", "DROP TABLE a")
			.file("R__v.sql", "CREATE VIEW v AS SELECT x FROM a");

		assertThat(failure()).hasMessageContaining("other objects depend on it");
	}

	@Test
	void anUndoFileMayDropTheViewOfARepeatable() {
		file("V1__a.sql", "CREATE TABLE a (x int)").file("U1__a.sql", "DROP VIEW v; DROP TABLE a")
			.file("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT x FROM a; GRANT SELECT ON v TO PUBLIC");

		assertThat(roundTrip().verify()).hasSize(1);
		assertThat(this.database.rows("SELECT x FROM v")).isEmpty();
	}

	@Test
	void anUndoFileThatDropsWhatWasThereBeforeItsMigrationAndItsRepeatableIsFound() {
		file("V1__a.sql", "CREATE VIEW v AS SELECT 1 AS one").file("V2__b.sql", "CREATE TABLE b ()")
			.file("U2__b.sql", "DROP VIEW v; DROP TABLE b")
			.file("R__v.sql", "GRANT SELECT ON v TO PUBLIC");

		assertThat(failure()).hasMessageContaining("\n  missing: view public.v");
	}

	@Test
	void aMigrationThatMakesSomethingElseTheSecondTimeIsFound() {
		file("V1__a.sql", """
				DO $$ BEGIN
				  IF to_regclass('marker') IS NULL THEN CREATE TABLE marker (); END IF;
				END $$""").file("V2__b.sql", """
				DO $$ BEGIN
				  IF (SELECT count(*) FROM tidemark_history) > 1 THEN CREATE TABLE later (); END IF;
				END $$""").file("U2__b.sql", "SELECT 1");

		assertThat(failure()).hasMessageContaining("does not make the catalogue again")
			.hasMessageContaining("left:    relation public.later");
	}

	@Test
	void withoutAnyUndoFileNothingIsProved() {
		file("V1__a.sql", "CREATE TABLE a ()");

		assertThat(failure()).hasMessage("There is no undo file to prove");
	}

	@Test
	void aDatabaseInWhichSomethingWasMigratedIsRefused() {
		file("V1__a.sql", "CREATE TABLE a ()").file("U1__a.sql", "DROP TABLE a");
		roundTrip().verify();

		assertThatIllegalStateException().isThrownBy(() -> roundTrip().verify());
	}

	@Test
	void aMigrationThatFailsIsThrown() {
		file("V1__a.sql", "SELECT 1/0").file("U1__a.sql", "SELECT 1");

		assertThatThrownBy(() -> roundTrip().verify()).isInstanceOf(TidemarkException.class);
	}

}
