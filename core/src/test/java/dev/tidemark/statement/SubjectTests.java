package dev.tidemark.statement;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Subject.DetachPartition.Mode;
import dev.tidemark.statement.Subject.Reindex.Target;
import dev.tidemark.statement.Subject.Subscription.Action;

import static org.assertj.core.api.Assertions.assertThat;

class SubjectTests {

	@Test
	void indexHasNameTableAndDefinition() {
		assertThat(subject("CREATE UNIQUE INDEX CONCURRENTLY i ON s.t USING btree (lower(a)) WHERE b > 0"))
			.isEqualTo(new Subject.CreateIndex("i", new QualifiedName("s", "t"), true, true, false, null,
					"USING btree (lower(a)) WHERE b > 0"));
	}

	@Test
	void indexMayBeWithoutName() {
		assertThat(subject("create index concurrently on t (a)"))
			.isEqualTo(new Subject.CreateIndex(null, name("t"), false, true, false, null, "(a)"));
	}

	@Test
	void indexMayBeWithoutConcurrently() {
		assertThat(subject("CREATE INDEX IF NOT EXISTS i ON ONLY t(a)"))
			.isEqualTo(new Subject.CreateIndex("i", name("t"), false, false, true, null, "(a)"));

	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			CREATE INDEX CONCURRENTLY "I ""1"" x" ON "S"."T" (a)           | "I ""1"" x" | "S"."T"
			CREATE/* a */INDEX /* b /* c */ */ CONCURRENTLY I ON S . T (a) | "i"         | "s"."t"
			CREATE INDEX CONCURRENTLY if ON only (t) (a)                   | "if"        | "t"
			CREATE INDEX CONCURRENTLY IF NOT EXISTS "on" ON t * (a)        | "on"        | "t"
			CREATE INDEX CONCURRENTLY U&"d\\0061t\\+000061" ON db.s.t (a)  | "data"      | "s"."t"
			CREATE INDEX CONCURRENTLY U&"d!0061t" UESCAPE '!' ON t (a)     | "dat"       | "t"
			CREATE INDEX CONCURRENTLY ÄB$1 ON t (a)                        | "Äb$1"      | "t"
			""")
	void namesAreReadAsTheServerReadsThem(String sql, String index, String table) {
		Subject.CreateIndex subject = (Subject.CreateIndex) subject(sql);

		assertThat(Identifiers.quote(subject.name())).isEqualTo(index);
		assertThat(subject.table()).hasToString(table);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			CREATE INDEX CONCURRENTLY i ON t (a) TABLESPACE Fast WHERE b        | fast
			CREATE INDEX CONCURRENTLY i ON t (a) WITH (fillfactor = 7) TABLESPACE x | x
			CREATE INDEX CONCURRENTLY i ON t (tablespace) WHERE tablespace IS NULL | -
			""")
	void tablespaceOfAnIndexIsTheClause(String sql, String tablespace) {
		assertThat(((Subject.CreateIndex) subject(sql)).tablespace()).isEqualTo(tablespace);
	}

	@Test
	void longNameIsCut() {
		Subject.CreateIndex subject = (Subject.CreateIndex) subject(
				"CREATE INDEX CONCURRENTLY " + "é".repeat(40) + " ON t (a)");

		assertThat(subject.name()).isEqualTo("é".repeat(31));
	}

	@Test
	void droppedIndexesAreListed() {
		assertThat(subject("DROP INDEX IF EXISTS a, s.B CASCADE"))
			.isEqualTo(new Subject.DropIndex(List.of(name("a"), new QualifiedName("s", "b")), false, true));
		assertThat(subject("DROP INDEX CONCURRENTLY if"))
			.isEqualTo(new Subject.DropIndex(List.of(name("if")), true, false));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			REINDEX INDEX CONCURRENTLY i                  | INDEX    | true
			REINDEX (VERBOSE, CONCURRENTLY) TABLE i       | TABLE    | true
			REINDEX (CONCURRENTLY false) TABLE i          | TABLE    | false
			REINDEX (TABLESPACE x) SCHEMA CONCURRENTLY i  | SCHEMA   | true
			REINDEX DATABASE i                            | DATABASE | false
			reindex system I                              | SYSTEM   | false
			""")
	void reindexHasATarget(String sql, Target target, boolean concurrently) {
		assertThat(subject(sql)).isEqualTo(new Subject.Reindex(target, name("i"), concurrently));
	}

	@Test
	void reindexMayLeaveTheDatabaseOut() {
		assertThat(subject("REINDEX DATABASE CONCURRENTLY"))
			.isEqualTo(new Subject.Reindex(Target.DATABASE, null, true));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER TABLE p DETACH PARTITION s.c CONCURRENTLY               | CONCURRENTLY
			ALTER TABLE IF EXISTS ONLY p * DETACH PARTITION s.c FINALIZE  | FINALIZE
			alter table only (p) detach partition S."c"                   | AT_ONCE
			""")
	void detachedPartitionHasAParent(String sql, Mode mode) {
		assertThat(subject(sql)).isEqualTo(new Subject.DetachPartition(name("p"), new QualifiedName("s", "c"), mode));
	}

	@Test
	void tableMayBeNamedLikeAKeyword() {
		assertThat(subject("ALTER TABLE if DETACH PARTITION c CONCURRENTLY"))
			.isEqualTo(new Subject.DetachPartition(name("if"), name("c"), Mode.CONCURRENTLY));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			ALTER TYPE s.mood ADD VALUE 'it''s'                      | it's
			ALTER TYPE s.mood ADD VALUE 'a' BEFORE 'b'               | a
			ALTER TYPE s.mood ADD VALUE E'a\\tb\\'c\\u0061' AFTER 'b' | a	b'ca
			ALTER TYPE s.mood ADD VALUE U&'d\\0061ta'                | data
			ALTER TYPE s.mood ADD VALUE $x$a'b$x$                    | a'b
			""")
	void enumValueIsTheStringAsTheServerReadsIt(String sql, String value) {
		assertThat(subject(sql)).isEqualTo(new Subject.AddEnumValue(new QualifiedName("s", "mood"), value, false));
	}

	@Test
	void enumValueMayBeThere() {
		assertThat(subject("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'a'"))
			.isEqualTo(new Subject.AddEnumValue(name("mood"), "a", true));
	}

	@Test
	void databasesHaveNames() {
		assertThat(subject("CREATE DATABASE Shop TEMPLATE template0")).isEqualTo(new Subject.CreateDatabase("shop"));
		assertThat(subject("DROP DATABASE IF EXISTS \"Shop\" WITH (FORCE)"))
			.isEqualTo(new Subject.DropDatabase("Shop", true));
		assertThat(subject("ALTER DATABASE shop SET TABLESPACE fast"))
			.isEqualTo(new Subject.MoveDatabase("shop", "fast"));
	}

	@Test
	void tablespacesHaveNames() {
		assertThat(subject("CREATE TABLESPACE fast OWNER CURRENT_USER LOCATION '/ssd' WITH (random_page_cost = 1)"))
			.isEqualTo(new Subject.CreateTablespace("fast", "/ssd"));
		assertThat(subject("DROP TABLESPACE fast")).isEqualTo(new Subject.DropTablespace("fast", false));
	}

	@Test
	void systemParametersHaveNames() {
		assertThat(subject("ALTER SYSTEM SET Work_Mem = '5MB'")).isEqualTo(new Subject.AlterSystem("work_mem", false));
		assertThat(subject("ALTER SYSTEM RESET auto_explain.log_analyze"))
			.isEqualTo(new Subject.AlterSystem("auto_explain.log_analyze", true));
		assertThat(subject("ALTER SYSTEM RESET ALL")).isEqualTo(new Subject.AlterSystem(null, true));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			COMMIT PREPARED 'a b'                      | true  | a b
			rollback /* x */ prepared E'it\\x27s' | false | it's
			COMMIT PREPARED $$a$$                      | true  | a
			""")
	void preparedTransactionsHaveIdentifiers(String sql, boolean commit, String identifier) {
		assertThat(subject(sql)).isEqualTo(new Subject.FinishPrepared(commit, identifier));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p | CREATE
			DROP SUBSCRIPTION IF EXISTS S                             | DROP
			ALTER SUBSCRIPTION s REFRESH PUBLICATION                  | REFRESH
			ALTER SUBSCRIPTION s SET PUBLICATION a, b                 | SET
			ALTER SUBSCRIPTION s ADD PUBLICATION a                    | OTHER
			""")
	void subscriptionsHaveNames(String sql, Action action) {
		assertThat(subject(sql)).isEqualTo(new Subject.Subscription(action, "s"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER t USING i", "CLUSTER (VERBOSE) T", "CLUSTER VERBOSE t", "CLUSTER i ON t",
			"REPACK (ANALYZE) t USING INDEX i", "REPACK t" })
	void aClusterHasATable(String sql) {
		assertThat(subject(sql))
			.isEqualTo(new Subject.Cluster(sql.substring(0, sql.indexOf(' ')), new QualifiedName(null, "t")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE t (a int) PARTITION BY LIST (a)",
			"CREATE TEMP TABLE IF NOT EXISTS T (a int) PARTITION BY HASH (a)",
			"CREATE TABLE t PARTITION OF p DEFAULT PARTITION BY LIST (a)" })
	void aPartitionedTableIsKnown(String sql) {
		assertThat(Statements.of(statement(sql)).createdPartitionedTable()).isEqualTo(new QualifiedName(null, "t"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE t (a int)", "CREATE TABLE t PARTITION OF p DEFAULT",
			"CREATE TABLE t AS SELECT rank() OVER (PARTITION BY a) FROM p", "CREATE TABLE t (partition int, by int)",
			"SELECT 'CREATE TABLE t (a int) PARTITION BY LIST (a)'" })
	void anyOtherTableHasNoPartitions(String sql) {
		assertThat(Statements.of(statement(sql)).createdPartitionedTable()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "VACUUM t,VACUUM", "ANALYZE,ANALYZE", "CLUSTER,CLUSTER", "REPACK,REPACK",
			"REFRESH MATERIALIZED VIEW m,REFRESH MATERIALIZED VIEW", "DISCARD ALL,DISCARD ALL" })
	void maintenanceIsOneKind(String sql, String command) {
		assertThat(subject(sql)).isEqualTo(new Subject.Maintenance(command));
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO t VALUES (1)", "CALL p()", "DO ''", "COMMIT PREPARED", "ROLLBACK PREPARED x",
			"ALTER TABLE t ADD COLUMN a int", "ALTER TYPE mood RENAME VALUE 'a' TO 'b'",
			"ALTER DATABASE d CONNECTION LIMIT 5", "CREATE INDEX", "CREATE INDEX i", "CREATE INDEX i ON",
			"CREATE INDEX i ON t", "CREATE INDEX i ON 'x' (a)", "DROP INDEX", "DROP INDEX a,", "REINDEX",
			"REINDEX TABLE", "REINDEX (a", "ALTER TABLE p DETACH PARTITION", "ALTER TYPE t ADD VALUE",
			"CREATE DATABASE", "ALTER SYSTEM", "ALTER SYSTEM SET", "CREATE TABLESPACE x", "ALTER SUBSCRIPTION",
			"CREATE INDEX \"\" ON t" })
	void anythingElseIsOther(String sql) {
		String closed = sql.contains("(a") && !sql.contains(")") ? sql + ")" : sql;

		assertThat(subject(closed)).isInstanceOf(Subject.Other.class);
	}

	private static QualifiedName name(String name) {
		return new QualifiedName(null, name);
	}

	private static Subject subject(String sql) {
		return Statements.of(statement(sql)).subject();
	}

	private static SqlStatement statement(String sql) {
		return SqlScript.parse("SELECT 1; " + sql + " ; SELECT 2").statements().get(1);
	}

}
