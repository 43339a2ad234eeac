package dev.tidemark.statement.parse;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterDatabase;
import dev.tidemark.statement.AlterSubscription;
import dev.tidemark.statement.AlterSystem;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.AlterType;
import dev.tidemark.statement.Analyze;
import dev.tidemark.statement.Cluster;
import dev.tidemark.statement.CreateDatabase;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateSubscription;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTablespace;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.FinishPrepared;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.RefreshMaterializedView;
import dev.tidemark.statement.Reindex;
import dev.tidemark.statement.Reindex.Target;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableAction.DetachPartition.Mode;
import dev.tidemark.statement.TypeAction;
import dev.tidemark.statement.Unknown;
import dev.tidemark.statement.Vacuum;

import static org.assertj.core.api.Assertions.assertThat;

/** What the model says of statements, kind by kind. */
class StatementsTests {

	@Test
	void indexHasNameTableAndDefinition() {
		CreateIndex index = index("CREATE UNIQUE INDEX CONCURRENTLY i ON s.t USING btree (lower(a)) WHERE b > 0");

		assertThat(index.name()).isEqualTo("i");
		assertThat(index.table()).isEqualTo(new QualifiedName("s", "t"));
		assertThat(index.unique()).isTrue();
		assertThat(index.concurrently()).isTrue();
		assertThat(index.ifNotExists()).isFalse();
		assertThat(index.tablespace()).isNull();
		assertThat(index.definition()).isEqualTo("USING btree (lower(a)) WHERE b > 0");
	}

	@Test
	void indexMayBeWithoutName() {
		CreateIndex index = index("create index concurrently on t (a)");

		assertThat(index.name()).isNull();
		assertThat(index.table()).isEqualTo(name("t"));
		assertThat(index.unique()).isFalse();
		assertThat(index.concurrently()).isTrue();
		assertThat(index.definition()).isEqualTo("(a)");
	}

	@Test
	void indexMayBeWithoutConcurrently() {
		CreateIndex index = index("CREATE INDEX IF NOT EXISTS i ON ONLY t(a)");

		assertThat(index.name()).isEqualTo("i");
		assertThat(index.table()).isEqualTo(name("t"));
		assertThat(index.only()).isTrue();
		assertThat(index.concurrently()).isFalse();
		assertThat(index.ifNotExists()).isTrue();
		assertThat(index.definition()).isEqualTo("(a)");
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
	void namesAreReadAsTheServerReadsThem(String sql, String name, String table) {
		CreateIndex index = index(sql);

		assertThat(Identifiers.quote(Objects.requireNonNull(index.name()))).isEqualTo(name);
		assertThat(index.table()).hasToString(table);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			CREATE INDEX CONCURRENTLY i ON t (a) TABLESPACE Fast WHERE b        | fast
			CREATE INDEX CONCURRENTLY i ON t (a) WITH (fillfactor = 7) TABLESPACE x | x
			CREATE INDEX CONCURRENTLY i ON t (tablespace) WHERE tablespace IS NULL | -
			""")
	void tablespaceOfAnIndexIsTheClause(String sql, String tablespace) {
		assertThat(index(sql).tablespace()).isEqualTo(tablespace);
	}

	@Test
	void longNameIsCut() {
		CreateIndex index = index("CREATE INDEX CONCURRENTLY " + "é".repeat(40) + " ON t (a)");

		assertThat(index.name()).isEqualTo("é".repeat(31));
	}

	@Test
	void droppedIndexesAreListed() {
		assertThat(read("DROP INDEX IF EXISTS a, s.B CASCADE"))
			.isEqualTo(new Drop(ObjectKind.INDEX, names(name("a"), new QualifiedName("s", "b")), true, true, false));
		assertThat(read("DROP INDEX CONCURRENTLY if"))
			.isEqualTo(new Drop(ObjectKind.INDEX, names(name("if")), false, false, true));
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
		assertThat(read(sql)).isEqualTo(new Reindex(target, name("i"), concurrently));
	}

	@Test
	void reindexMayLeaveTheDatabaseOut() {
		assertThat(read("REINDEX DATABASE CONCURRENTLY")).isEqualTo(new Reindex(Target.DATABASE, null, true));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER TABLE p DETACH PARTITION s.c CONCURRENTLY               | CONCURRENTLY
			ALTER TABLE IF EXISTS ONLY p * DETACH PARTITION s.c FINALIZE  | FINALIZE
			alter table only (p) detach partition S."c"                   | AT_ONCE
			""")
	void detachedPartitionHasAParent(String sql, Mode mode) {
		AlterTable alter = (AlterTable) read(sql);

		assertThat(alter.kind()).isEqualTo(ObjectKind.TABLE);
		assertThat(alter.name()).isEqualTo(name("p"));
		assertThat(alter.actions()).containsExactly(new TableAction.DetachPartition(new QualifiedName("s", "c"), mode));
	}

	@Test
	void tableMayBeNamedLikeAKeyword() {
		assertThat(read("ALTER TABLE if DETACH PARTITION c CONCURRENTLY")).isEqualTo(new AlterTable(ObjectKind.TABLE,
				name("if"), false, false, List.of(new TableAction.DetachPartition(name("c"), Mode.CONCURRENTLY))));
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
		assertThat(read(sql))
			.isEqualTo(new AlterType(new QualifiedName("s", "mood"), List.of(new TypeAction.AddValue(value, false))));
	}

	@Test
	void enumValueMayBeThere() {
		assertThat(read("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'a'"))
			.isEqualTo(new AlterType(name("mood"), List.of(new TypeAction.AddValue("a", true))));
	}

	@Test
	void databasesHaveNames() {
		assertThat(read("CREATE DATABASE Shop TEMPLATE template0")).isEqualTo(new CreateDatabase("shop"));
		assertThat(read("DROP DATABASE IF EXISTS \"Shop\" WITH (FORCE)"))
			.isEqualTo(new Drop(ObjectKind.DATABASE, names(name("Shop")), true, false, false));
		assertThat(read("ALTER DATABASE shop SET TABLESPACE fast")).isEqualTo(new AlterDatabase("shop", "fast"));
	}

	@Test
	void tablespacesHaveNames() {
		assertThat(read("CREATE TABLESPACE fast OWNER CURRENT_USER LOCATION '/ssd' WITH (random_page_cost = 1)"))
			.isEqualTo(new CreateTablespace("fast", "/ssd"));
		assertThat(read("DROP TABLESPACE fast"))
			.isEqualTo(new Drop(ObjectKind.TABLESPACE, names(name("fast")), false, false, false));
	}

	@Test
	void systemParametersHaveNames() {
		assertThat(read("ALTER SYSTEM SET Work_Mem = '5MB'")).isEqualTo(new AlterSystem("work_mem", false));
		assertThat(read("ALTER SYSTEM RESET auto_explain.log_analyze"))
			.isEqualTo(new AlterSystem("auto_explain.log_analyze", true));
		assertThat(read("ALTER SYSTEM RESET ALL")).isEqualTo(new AlterSystem(null, true));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			COMMIT PREPARED 'a b'                      | true  | a b
			rollback /* x */ prepared E'it\\x27s' | false | it's
			COMMIT PREPARED $$a$$                      | true  | a
			""")
	void preparedTransactionsHaveIdentifiers(String sql, boolean commit, String identifier) {
		assertThat(read(sql)).isEqualTo(new FinishPrepared(commit, identifier));
	}

	@Test
	void subscriptionsHaveNames() {
		assertThat(read("CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p"))
			.isEqualTo(new CreateSubscription("s", List.of("p"), true));
		assertThat(read("DROP SUBSCRIPTION IF EXISTS S"))
			.isEqualTo(new Drop(ObjectKind.SUBSCRIPTION, names(name("s")), true, false, false));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER SUBSCRIPTION s REFRESH PUBLICATION  | REFRESH    | true
			ALTER SUBSCRIPTION s SET PUBLICATION a, b | SET        | true
			ALTER SUBSCRIPTION s SET (binary = true)  | SET        | false
			ALTER SUBSCRIPTION s ADD PUBLICATION a    | ADD        | true
			ALTER SUBSCRIPTION s DROP PUBLICATION a   | DROP       | true
			ALTER SUBSCRIPTION S ENABLE               | ENABLE     | false
			ALTER SUBSCRIPTION s DISABLE              | DISABLE    | false
			ALTER SUBSCRIPTION s CONNECTION 'x=y'     | CONNECTION | false
			ALTER SUBSCRIPTION s SKIP (lsn = NONE)    | SKIP       | false
			""")
	void subscriptionsAreAltered(String sql, AlterSubscription.Action action, boolean changesSlot) {
		assertThat(read(sql)).isEqualTo(new AlterSubscription("s", action, changesSlot));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			CLUSTER t USING i                | false | i | false
			CLUSTER (VERBOSE) T              | false | - | false
			CLUSTER VERBOSE t                | false | - | false
			CLUSTER i ON t                   | false | i | false
			REPACK (ANALYZE) t USING INDEX i | true  | i | true
			REPACK t                         | true  | - | false
			""")
	void aClusterHasATable(String sql, boolean repack, String index, boolean analyze) {
		assertThat(read(sql)).isEqualTo(new Cluster(repack, name("t"), index, false, analyze));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE t (a int) PARTITION BY LIST (a)",
			"CREATE TEMP TABLE IF NOT EXISTS T (a int) PARTITION BY HASH (a)",
			"CREATE TABLE t PARTITION OF p DEFAULT PARTITION BY LIST (a)" })
	void aPartitionedTableIsKnown(String sql) {
		CreateTable table = (CreateTable) read(sql);

		assertThat(table.name()).isEqualTo(name("t"));
		assertThat(table.partitionKey()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE t (a int)", "CREATE TABLE t PARTITION OF p DEFAULT",
			"CREATE TABLE t AS SELECT rank() OVER (PARTITION BY a) FROM p", "CREATE TABLE t (partition int, by int)",
			"SELECT 'CREATE TABLE t (a int) PARTITION BY LIST (a)'" })
	void anyOtherTableHasNoPartitions(String sql) {
		assertThat(read(sql)).matches((read) -> !(read instanceof CreateTable table) || table.partitionKey() == null);
	}

	@Test
	void maintenanceHasAKindForEachCommand() {
		assertThat(read("VACUUM t")).isEqualTo(new Vacuum(List.of(name("t")), false, false));
		assertThat(read("ANALYZE")).isEqualTo(new Analyze(List.of()));
		assertThat(read("CLUSTER")).isEqualTo(new Cluster(false, null, null, false, false));
		assertThat(read("REPACK")).isEqualTo(new Cluster(true, null, null, false, false));
		assertThat(read("REFRESH MATERIALIZED VIEW m")).isEqualTo(new RefreshMaterializedView(name("m"), false, true));
		assertThat(read("DISCARD ALL")).isEqualTo(new Discard("ALL"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			INSERT INTO t VALUES (1)                  | Rows
			CALL p()                                  | CallProcedure
			DO ''                                     | DoBlock
			ALTER TABLE t ADD COLUMN a int            | AlterTable
			ALTER TYPE mood RENAME VALUE 'a' TO 'b'   | AlterType
			ALTER DATABASE d CONNECTION LIMIT 5       | AlterDatabase
			""")
	void whatOnceWasOtherHasAKindOfItsOwn(String sql, String kind) {
		assertThat(read(sql).getClass().getSimpleName()).isEqualTo(kind);
	}

	@ParameterizedTest
	@ValueSource(strings = { "COMMIT PREPARED", "ROLLBACK PREPARED x", "CREATE INDEX", "CREATE INDEX i",
			"CREATE INDEX i ON", "CREATE INDEX i ON t", "CREATE INDEX i ON 'x' (a)", "DROP INDEX", "DROP INDEX a,",
			"REINDEX", "REINDEX TABLE", "REINDEX (a", "ALTER TABLE p DETACH PARTITION", "ALTER TYPE t ADD VALUE",
			"CREATE DATABASE", "ALTER SYSTEM", "ALTER SYSTEM SET", "CREATE TABLESPACE x", "ALTER SUBSCRIPTION",
			"CREATE INDEX \"\" ON t" })
	void whatIsNoStatementIsUnknown(String sql) {
		String closed = sql.contains("(a") && !sql.contains(")") ? sql + ")" : sql;

		assertThat(read(closed)).isInstanceOf(Unknown.class);
	}

	private static QualifiedName name(String name) {
		return new QualifiedName(null, name);
	}

	private static List<ObjectName> names(QualifiedName... names) {
		return Arrays.stream(names).map(ObjectName::of).toList();
	}

	private static CreateIndex index(String sql) {
		return (CreateIndex) read(sql);
	}

	private static Statement read(String sql) {
		return Statements.of(statement(sql));
	}

	private static SqlStatement statement(String sql) {
		return SqlScript.parse("SELECT 1; " + sql + " ; SELECT 2").statements().get(1);
	}

}
