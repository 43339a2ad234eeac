package dev.tidemark.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.migration.Migration;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;

class InverseTests {

	@TempDir
	private Path folder;

	private UndoSuggestion suggestion(String sql) throws IOException {
		return suggestion("V007__add_email.sql", sql);
	}

	private UndoSuggestion suggestion(String name, String sql) throws IOException {
		Files.writeString(this.folder.resolve(name), sql);
		Migration migration = new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)),
				true, StandardCharsets.UTF_8, Naming.DEFAULT))
			.read()
			.migrations()
			.get(0);
		return Inverse.of(migration, migration.load());
	}

	@Test
	void theNameOfTheFileIsNoStatement() throws IOException {
		assertThat(suggestion("V007__a\nDROP TABLE t;.sql", "CREATE TABLE a ()").sql().lines()).hasSize(2)
			.last()
			.isEqualTo("DROP TABLE \"a\";");
	}

	private List<String> inverse(String sql) throws IOException {
		return suggestion(sql).sql().lines().skip(1).toList();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					CREATE TABLE s.t (id int)                          | DROP TABLE "s"."t";
					CREATE UNLOGGED TABLE t AS SELECT 1                | DROP TABLE "t";
					CREATE FOREIGN TABLE f (id int) SERVER x           | DROP FOREIGN TABLE "f";
					ALTER TABLE t ADD COLUMN email text NOT NULL       | ALTER TABLE "t" DROP COLUMN "email";
					ALTER TABLE t ADD "E" numeric(10, 2)               | ALTER TABLE "t" DROP COLUMN "E";
					ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)       | ALTER TABLE "t" DROP CONSTRAINT "c";
					ALTER TABLE t ALTER COLUMN a SET NOT NULL          | ALTER TABLE "t" ALTER COLUMN "a" DROP NOT NULL;
					ALTER TABLE t ALTER a DROP NOT NULL                | ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;
					ALTER TABLE s.t RENAME TO u                        | ALTER TABLE "s"."u" RENAME TO "t";
					ALTER TABLE t RENAME COLUMN a TO b                 | ALTER TABLE "t" RENAME COLUMN "b" TO "a";
					ALTER TABLE t RENAME a TO b                        | ALTER TABLE "t" RENAME COLUMN "b" TO "a";
					ALTER TABLE t RENAME CONSTRAINT a TO b             | ALTER TABLE "t" RENAME CONSTRAINT "b" TO "a";
					ALTER TABLE s.t SET SCHEMA u                       | ALTER TABLE "u"."t" SET SCHEMA "s";
					ALTER TABLE t ENABLE ROW LEVEL SECURITY            | ALTER TABLE "t" DISABLE ROW LEVEL SECURITY;
					ALTER TABLE t NO FORCE ROW LEVEL SECURITY          | ALTER TABLE "t" FORCE ROW LEVEL SECURITY;
					ALTER TABLE t ATTACH PARTITION p DEFAULT           | ALTER TABLE "t" DETACH PARTITION "p";
					ALTER TABLE t INHERIT s.p                          | ALTER TABLE "t" NO INHERIT "s"."p";
					ALTER INDEX s.i RENAME TO j                        | ALTER INDEX "s"."j" RENAME TO "i";
					ALTER TYPE e RENAME VALUE 'a' TO 'b'               | ALTER TYPE "e" RENAME VALUE 'b' TO 'a';
					ALTER TYPE p RENAME ATTRIBUTE a TO b               | ALTER TYPE "p" RENAME ATTRIBUTE "b" TO "a";
					CREATE INDEX i ON s.t (a)                          | DROP INDEX "s"."i";
					CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)        | DROP INDEX CONCURRENTLY "i";
					CREATE VIEW v AS SELECT 1                          | DROP VIEW "v";
					CREATE MATERIALIZED VIEW v AS SELECT 1             | DROP MATERIALIZED VIEW "v";
					CREATE SEQUENCE q                                  | DROP SEQUENCE "q";
					CREATE TYPE e AS ENUM ('a')                        | DROP TYPE "e";
					CREATE DOMAIN d AS int                             | DROP DOMAIN "d";
					CREATE SCHEMA x AUTHORIZATION y                    | DROP SCHEMA "x";
					CREATE SCHEMA AUTHORIZATION y                      | DROP SCHEMA "y";
					CREATE EXTENSION pg_trgm                           | DROP EXTENSION "pg_trgm";
					CREATE FUNCTION f(IN a int DEFAULT 1, OUT b s.t, VARIADIC c numeric(9,2)[] = '{}') RETURNS s.t AS '' LANGUAGE sql | DROP FUNCTION "f"(IN a int, OUT b s.t, VARIADIC c numeric(9, 2)[]);
					CREATE PROCEDURE s.p() LANGUAGE sql AS ''          | DROP PROCEDURE "s"."p"();
					CREATE TRIGGER g BEFORE UPDATE OF a ON s.t EXECUTE FUNCTION f() | DROP TRIGGER "g" ON "s"."t";
					CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f() | DROP TRIGGER "g" ON "t";
					CREATE POLICY p ON t USING (true)                  | DROP POLICY "p" ON "t";
					CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING | DROP RULE "r" ON "t";
					GRANT SELECT (a, b), UPDATE ON s.t TO r WITH GRANT OPTION | REVOKE SELECT(a, b), UPDATE ON s.t FROM r;
					GRANT r TO a, b                                    | REVOKE r FROM a, b;
					""")
	void thisHasAnInverse(String sql, String expected) throws IOException {
		assertThat(inverse(sql)).containsExactly(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE IF NOT EXISTS t (id int)", "CREATE OR REPLACE VIEW v AS SELECT 1",
			"ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", "CREATE INDEX ON t (a)",
			"ALTER TABLE t ADD PRIMARY KEY (id)", "ALTER TABLE t ADD EXCLUDE (a WITH =)",
			"ALTER TABLE t ALTER a TYPE bigint", "ALTER TYPE e ADD VALUE 'x'", "ALTER TABLE t SET SCHEMA u",
			"DROP TABLE t", "ALTER TABLE t DROP COLUMN a", "INSERT INTO t VALUES (1)", "UPDATE t SET a = 1",
			"DELETE FROM t", "DO $$ BEGIN END $$", "CALL p()", "SELECT setval('q', 1)", "REVOKE ALL ON t FROM r",
			"COMMENT ON TABLE t IS 'x'", "COMMENT ON COLUMN s.t.a IS 'x'", "COMMENT ON SCHEMA s IS 'x'" })
	void thisHasNoneAndSaysSo(String sql) throws IOException {
		assertThat(inverse(sql)).containsExactly("-- line 1 has no inverse that could be derived: " + sql);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET lock_timeout = '1s'", "ANALYZE t", "CREATE TEMP TABLE t (id int)", "SELECT 1",
			"REFRESH MATERIALIZED VIEW m" })
	void thisNeedsNone(String sql) throws IOException {
		assertThat(inverse(sql)).isEmpty();
	}

	@Test
	void statementsAreTakenBackInTheReverseOrder() throws IOException {
		assertThat(inverse("""
				CREATE TYPE e AS ENUM ('a');
				ALTER TABLE t ADD COLUMN a e, ADD CONSTRAINT c CHECK (a <> 'a');
				UPDATE t SET a = 'a';
				CREATE INDEX i ON t (a);""")).containsExactly("DROP INDEX \"i\";",
				"-- line 3 has no inverse that could be derived: UPDATE t SET a = 'a'",
				"ALTER TABLE \"t\" DROP CONSTRAINT \"c\";", "ALTER TABLE \"t\" DROP COLUMN \"a\";", "DROP TYPE \"e\";");
	}

	@Test
	void namesAreMeantInTheSearchPathThatTheFileSets() throws IOException {
		assertThat(inverse("""
				CREATE SCHEMA sales;
				SET search_path = sales;
				CREATE TABLE t ();
				SET LOCAL search_path TO other, sales;
				CREATE VIEW v AS SELECT 1;
				SET search_path TO unused;""")).containsExactly("SET LOCAL search_path TO other, sales;",
				"DROP VIEW \"v\";", "SET search_path = sales;", "DROP TABLE \"t\";", "DROP SCHEMA \"sales\";");
	}

	@Test
	void whatIsMeantInTheSearchPathOfBeforeHasNoInverse() throws IOException {
		assertThat(inverse("""
				CREATE TABLE t ();
				CREATE TABLE s.u ();
				SELECT set_config('search_path', 's', false);
				CREATE VIEW v AS SELECT 1;""")).containsExactly("SELECT set_config('search_path', 's', false);",
				"DROP VIEW \"v\";", "DROP TABLE \"s\".\"u\";",
				"-- line 1 has no inverse that could be derived: CREATE TABLE t ()");
	}

	@Test
	void aTableOfThePathOfBeforeIsAnotherOne() throws IOException {
		assertThat(inverse("SET search_path = a; CREATE TABLE t (); SET search_path = b; CREATE INDEX i ON t (x)"))
			.containsExactly("SET search_path = b;", "DROP INDEX \"i\";", "SET search_path = a;", "DROP TABLE \"t\";");
	}

	@Test
	void anIndexThatBecameThatOfAConstraintGoesWithIt() throws IOException {
		assertThat(inverse("""
				CREATE UNIQUE INDEX CONCURRENTLY i ON s.t (a);
				CREATE UNIQUE INDEX CONCURRENTLY j ON t (a);
				ALTER TABLE s.t ADD CONSTRAINT c UNIQUE USING INDEX i;
				ALTER TABLE t ADD PRIMARY KEY USING INDEX j;""")).containsExactly(
				"ALTER TABLE \"t\" DROP CONSTRAINT \"j\";", "ALTER TABLE \"s\".\"t\" DROP CONSTRAINT \"c\";");
	}

	@Test
	void anIndexOfAnotherFileDoesNotComeBackFromAConstraint() throws IOException {
		assertThat(inverse("ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i"))
			.containsExactly("-- line 1 has no inverse that could be derived: ALTER TABLE t ADD CONSTRAINT c UNIQUE"
					+ " USING INDEX i");
	}

	@Test
	void anIndexThatBecameAPartOfAnotherOneGoesWithIt() throws IOException {
		assertThat(inverse("""
				CREATE INDEX i ON ONLY t (a);
				CREATE INDEX CONCURRENTLY i_1 ON t_1 (a);
				ALTER INDEX i ATTACH PARTITION i_1;""")).containsExactly("DROP INDEX \"i\";");
		assertThat(inverse("CREATE INDEX i_1 ON t_1 (a); ALTER INDEX i ATTACH PARTITION i_1"))
			.containsExactly("-- line 1 has no inverse that could be derived: ALTER INDEX i ATTACH PARTITION i_1");
	}

	@Test
	void whatGoesWithATableOfTheSameFileNeedsNoInverse() throws IOException {
		assertThat(inverse("""
				CREATE TABLE t (id int);
				CREATE INDEX ON t (id);
				ALTER TABLE t ADD PRIMARY KEY (id), ALTER id SET NOT NULL;
				CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f();
				INSERT INTO t VALUES (1);
				COMMENT ON TABLE t IS 'x';
				COMMENT ON COLUMN t.id IS 'y';
				CREATE VIEW v AS SELECT * FROM t;""")).containsExactly("DROP VIEW \"v\";", "DROP TABLE \"t\";");
	}

	@Test
	void theFileIsNamedAsTheMigrationAndSaysWhereItComesFrom() throws IOException {
		UndoSuggestion suggestion = suggestion("CREATE TABLE t ()");

		assertThat(suggestion.script()).isEqualTo(this.folder + "/U007__add_email.sql");
		assertThat(suggestion.sql()).startsWith("-- Derived from " + this.folder + "/V007__add_email.sql: read");
	}

	@Test
	void secretsStayOutOfIt() throws IOException {
		assertThat(suggestion("ALTER ROLE r PASSWORD 'geheim'").sql()).doesNotContain("geheim");
	}

}
