package dev.tidemark.run.recovery;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.statement.TransactionControl;
import dev.tidemark.statement.TransactionUse;
import dev.tidemark.statement.Unknown;
import dev.tidemark.statement.parse.Statements;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a statement that was cut off, for all but the making of indexes.
 */
@ExtendWith(PostgresExtension.class)
class RecoveryTests {

	private static final String DROP = "DROP INDEX CONCURRENTLY by_id";

	private static final String DETACH = "ALTER TABLE parent DETACH PARTITION child CONCURRENTLY";

	private final TestDatabase database;

	RecoveryTests(TestDatabase database) {
		this.database = database;
	}

	private Verdict recover(String sql) throws SQLException {
		return Accident.recover(this.database, sql);
	}

	private Verdict examine(String sql) throws SQLException {
		return Accident.examine(this.database, sql);
	}

	private String indexState() {
		return this.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('by_id')");
	}

	/** What may run outside a transaction may be cut off half-way. */
	private static Set<Class<?>> kindsOutsideTransactions() {
		Set<Class<?>> kinds = new HashSet<>();
		for (Class<?> kind : dev.tidemark.statement.Statement.class.getPermittedSubclasses()) {
			if (Arrays.stream(kind.getDeclaredMethods())
				.anyMatch((method) -> method.getName().equals("transactionUse"))) {
				kinds.add(kind);
			}
		}
		return kinds;
	}

	@Test
	void everyKindThatMayBeCutOffHasAVerdictOfItsOwn() throws SQLException {
		Set<Class<?>> kinds = kindsOutsideTransactions();
		kinds.removeAll(Set.of(TransactionControl.class, Unknown.class));
		for (String sql : List.of("CREATE INDEX CONCURRENTLY i ON t (x)", "DROP INDEX CONCURRENTLY i",
				"REINDEX INDEX CONCURRENTLY i", DETACH, "CREATE DATABASE nowhere", "DROP DATABASE nowhere",
				"ALTER DATABASE nowhere SET TABLESPACE nowhere", "CREATE TABLESPACE nowhere LOCATION '/nowhere'",
				"DROP TABLESPACE nowhere", "ALTER SYSTEM RESET work_mem", "COMMIT PREPARED 'nowhere'",
				"CREATE SUBSCRIPTION nowhere CONNECTION '' PUBLICATION p",
				"ALTER SUBSCRIPTION nowhere REFRESH PUBLICATION", "DROP SUBSCRIPTION nowhere", "VACUUM", "CLUSTER",
				"DISCARD ALL", "WAIT FOR LSN '0/0'")) {
			dev.tidemark.statement.Statement statement = Statements.of(sql);
			kinds.remove(statement.getClass());

			assertThat(statement.transactionUse()).as(sql).isEqualTo(TransactionUse.FORBIDDEN);
			assertThat(examine(sql)).as(sql).isNotEqualTo(examine("INSERT INTO t VALUES (1)"));
		}
		assertThat(kinds).isEmpty();
	}

	@Test
	void aValueOfAnEnumHasAVerdict() throws SQLException {
		assertThat(examine("ALTER TYPE t ADD VALUE 'x'")).isEqualTo(new NotDone("There is no type \"t\"."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO t VALUES (1)", "CALL p()", "ALTER TABLE t ADD COLUMN a int", "nonsense" })
	void whatTheCatalogueDoesNotTellIsUndecided(String sql) throws SQLException {
		assertThat(examine(sql)).isInstanceOf(Undecided.class);
	}

	@Test
	void droppedIndexIsGone() throws SQLException {
		assertThat(recover(DROP)).isEqualTo(new Done("There is no index \"by_id\" any more."));
	}

	@Test
	void validIndexIsDropped() throws SQLException {
		this.database.execute("CREATE TABLE t (id int); CREATE INDEX by_id ON t (id)");

		assertThat(recover(DROP)).isEqualTo(new NotDone("Still there: \"public\".\"by_id\"."));
		assertThat(indexState()).isNull();
	}

	@Test
	void halfDroppedIndexIsDropped() throws SQLException {
		this.database.execute("CREATE TABLE t (id int); CREATE INDEX by_id ON t (id)");
		Accident.kill(this.database, "LOCK TABLE t IN ACCESS SHARE MODE", DROP);
		assertThat(indexState()).isEqualTo("f");

		assertThat(recover(DROP)).isEqualTo(new NotDone(
				"Still there: \"public\".\"by_id\". Half dropped, so that no query uses it any more: \"public\".\"by_id\"."));
		assertThat(indexState()).isNull();
	}

	@Test
	void indexFurtherDownTheSearchPathMayBeAnotherOne() throws SQLException {
		this.database.execute("CREATE SCHEMA first; CREATE TABLE t (id int); CREATE INDEX by_id ON t (id)");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SET search_path = first, public");

			assertThat(Accident.examine(connection, DROP)).isInstanceOf(Undecided.class);
			assertThat(Accident.examine(connection, "DROP INDEX CONCURRENTLY public.by_id"))
				.isInstanceOf(NotDone.class);
		}
	}

	@Test
	void severalIndexesAreDroppedTogether() throws SQLException {
		this.database.execute("CREATE TABLE t (id int); CREATE INDEX a ON t (id); CREATE INDEX b ON t (id)");
		assertThat(examine("DROP INDEX a, b")).isInstanceOf(NotDone.class);
		assertThat(examine("DROP INDEX a, c")).isInstanceOf(Undecided.class);
		assertThat(examine("DROP INDEX IF EXISTS a, c")).isInstanceOf(NotDone.class);
		assertThat(examine("DROP INDEX IF EXISTS c, d")).isInstanceOf(Done.class);
	}

	private void createPartition() {
		this.database.execute("""
				CREATE TABLE parent (id int) PARTITION BY RANGE (id);
				CREATE TABLE child PARTITION OF parent FOR VALUES FROM (0) TO (10)""");
	}

	private List<String> inheritance() {
		return this.database.rows("SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 'child'::regclass");
	}

	@Test
	void attachedPartitionIsDetached() throws SQLException {
		createPartition();

		assertThat(recover(DETACH))
			.isEqualTo(new NotDone("The table \"public\".\"child\" is still a partition of \"public\".\"parent\"."));
		assertThat(inheritance()).isEmpty();
	}

	@Test
	void pendingDetachmentIsFinalised() throws SQLException {
		createPartition();
		Accident.kill(this.database, "LOCK TABLE parent IN ACCESS SHARE MODE", DETACH);
		assertThat(inheritance()).containsExactly("t");

		Verdict verdict = recover(DETACH);

		assertThat(verdict).isEqualTo(
				new Done("The detachment of the partition \"public\".\"child\" from \"public\".\"parent\" is pending.",
						"ALTER TABLE \"public\".\"parent\" DETACH PARTITION \"public\".\"child\" FINALIZE"));
		assertThat(inheritance()).isEmpty();
	}

	@Test
	void detachmentInProgressIsNotTouched() throws SQLException {
		createPartition();
		try (Accident accident = Accident.waiting(this.database, "LOCK TABLE parent IN ACCESS SHARE MODE", DETACH)) {
			assertThat(examine(DETACH).seen()).contains("pid " + accident.pid());
		}
		assertThat(inheritance()).isEmpty();
	}

	@Test
	void detachedPartitionIsAccepted() throws SQLException {
		createPartition();
		this.database.execute(DETACH);

		assertThat(recover(DETACH))
			.isEqualTo(new Done("The table \"public\".\"child\" is no partition of \"public\".\"parent\" any more."));
	}

	@Test
	void missingPartitionIsLeftToTheServer() throws SQLException {
		createPartition();

		assertThat(examine("ALTER TABLE parent DETACH PARTITION gone CONCURRENTLY")).isInstanceOf(NotDone.class);
		assertThat(examine("ALTER TABLE gone DETACH PARTITION child CONCURRENTLY")).isInstanceOf(NotDone.class);
	}

	@Test
	void enumValueIsAddedOnce() throws SQLException {
		this.database.execute("CREATE SCHEMA s; CREATE TYPE s.\"Mood\" AS ENUM ('a')");
		String sql = "ALTER TYPE s.\"Mood\" ADD VALUE 'it''s' BEFORE 'a'";

		assertThat(recover(sql)).isEqualTo(new NotDone("The type \"s\".\"Mood\" has no value 'it's'."));
		assertThat(recover(sql)).isEqualTo(new Done("The type \"s\".\"Mood\" has the value 'it's'."));
		assertThat(this.database.rows("SELECT enumlabel FROM pg_enum ORDER BY enumsortorder")).containsExactly("it's",
				"a");
	}

	@Test
	void missingTypeIsLeftToTheServer() throws SQLException {
		assertThat(examine("ALTER TYPE gone ADD VALUE 'a'")).isEqualTo(new NotDone("There is no type \"gone\"."));
	}

	@Test
	void databaseIsCreatedOnceAndDroppedOnce() throws SQLException {
		String name = this.database.name() + "x";

		assertThat(recover("CREATE DATABASE " + name)).isInstanceOf(NotDone.class);
		assertThat(recover("CREATE DATABASE " + name)).isInstanceOf(Done.class);
		assertThat(recover("DROP DATABASE " + name)).isInstanceOf(NotDone.class);
		assertThat(recover("DROP DATABASE " + name)).isInstanceOf(Done.class);
	}

	@Test
	void invalidDatabaseIsDroppedFirst() throws SQLException {
		String name = this.database.name() + "x";
		createInvalidDatabase(name);
		assertThat(examine("DROP DATABASE " + name))
			.isEqualTo(new NotDone("The database \"" + name + "\" is invalid: it was not dropped to the end."));

		assertThat(recover("CREATE DATABASE " + name)).extracting("cleanup")
			.isEqualTo(List.of("DROP DATABASE \"" + name + "\""));
		assertThat(this.database.value("SELECT datconnlimit FROM pg_database WHERE datname = '" + name + "'"))
			.isEqualTo("-1");
		this.database.execute("DROP DATABASE " + name);
	}

	/** The moment in which a drop can be cut off is too short to be hit by a test. */
	private void createInvalidDatabase(String name) {
		this.database.execute("CREATE DATABASE " + name);
		this.database.execute("UPDATE pg_database SET datconnlimit = -2 WHERE datname = '" + name + "'");
	}

	@Test
	void tablespaceIsCreatedOnceAndDroppedOnce() throws SQLException {
		String name = this.database.name();
		String location = this.database.value("SELECT current_setting('data_directory')") + "-" + name;
		this.database.execute("COPY (SELECT) TO PROGRAM 'cat > /dev/null; mkdir " + location + " " + location + "2'");
		String create = "CREATE TABLESPACE " + name + " LOCATION '" + location;

		assertThat(recover(create + "/'")).isInstanceOf(NotDone.class);
		assertThat(recover(create + "'")).isInstanceOf(Done.class);
		assertThat(recover(create + "2'")).isInstanceOf(Undecided.class);
		String sql = "CREATE INDEX CONCURRENTLY by_id ON t (id) TABLESPACE ";
		this.database.execute("CREATE TABLE t (id int); CREATE INDEX by_id ON t (id) TABLESPACE " + name);
		assertThat(recover(sql + name)).isInstanceOf(Done.class);
		assertThat(recover(sql + "pg_default").seen()).contains("in tablespace " + name)
			.contains("in tablespace pg_default");
		assertThat(recover("CREATE INDEX CONCURRENTLY by_id ON t (id)")).isInstanceOf(Done.class);
		this.database.execute("DROP TABLE t");
		assertThat(examine("ALTER DATABASE " + name + " SET TABLESPACE " + name)).isInstanceOf(NotDone.class);
		assertThat(examine("ALTER DATABASE " + name + " SET TABLESPACE pg_default")).isInstanceOf(Done.class);
		assertThat(recover("DROP TABLESPACE " + name)).isInstanceOf(NotDone.class);
		assertThat(recover("DROP TABLESPACE " + name)).isInstanceOf(Done.class);
		this.database.execute("COPY (SELECT) TO PROGRAM 'cat > /dev/null; rm -r " + location + " " + location + "2'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "VACUUM", "ANALYZE", "CLUSTER", "CLUSTER t USING i", "ALTER SYSTEM RESET work_mem",
			"CHECKPOINT", "DISCARD ALL", "REINDEX DATABASE CONCURRENTLY" })
	void whatMayBeRepeatedIsRunAgain(String sql) throws SQLException {
		assertThat(examine(sql)).extracting("cleanup").isEqualTo(List.of());
	}

	@Test
	void preparedTransactionIsCommittedOnce() throws SQLException {
		String gid = this.database.name() + " it's";
		String sql = "COMMIT PREPARED '" + gid.replace("'", "''") + "'";
		prepare(gid);

		assertThat(recover(sql)).isEqualTo(new NotDone("The transaction '" + gid + "' is still prepared."));
		assertThat(this.database.rows("SELECT id FROM t")).containsExactly("1");
		assertThat(recover(sql)).isInstanceOf(Undecided.class)
			.extracting(Verdict::seen)
			.asString()
			.contains("'" + gid + "'");
		assertThat(this.database.rows("SELECT id FROM t")).containsExactly("1");
	}

	@Test
	void preparedTransactionIsRolledBackOnce() throws SQLException {
		String gid = this.database.name();
		prepare(gid);

		assertThat(recover("ROLLBACK PREPARED '" + gid + "'")).isInstanceOf(NotDone.class);
		assertThat(recover("ROLLBACK PREPARED '" + gid + "'")).isInstanceOf(Undecided.class);
		assertThat(this.database.rows("SELECT id FROM t")).isEmpty();
	}

	/** Only the database that a transaction was prepared in can end it. */
	@Test
	void preparedTransactionOfAnotherDatabaseIsNotTheOne() throws SQLException {
		String gid = this.database.name();
		TestDatabase other = this.database.server().createDatabase();
		other.execute("BEGIN; CREATE TABLE t (); PREPARE TRANSACTION '" + gid + "'");
		try {
			assertThat(examine("COMMIT PREPARED '" + gid + "'")).isInstanceOf(Undecided.class);
		}
		finally {
			other.execute("ROLLBACK PREPARED '" + gid + "'");
		}
	}

	private void prepare(String gid) {
		this.database.execute("CREATE TABLE t (id int)");
		this.database.execute("BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION '" + gid.replace("'", "''") + "'");
	}

	@Test
	void subscriptionIsCreatedOnceAndDroppedOnce() throws SQLException {
		String create = """
				CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION pub
				WITH (connect = false, slot_name = NONE)""";

		assertThat(recover(create)).isInstanceOf(NotDone.class);
		assertThat(recover(create)).isInstanceOf(Done.class);
		assertThat(examine("ALTER SUBSCRIPTION sub REFRESH PUBLICATION")).isInstanceOf(NotDone.class);
		assertThat(recover("ALTER SUBSCRIPTION sub ADD PUBLICATION other")).isInstanceOf(Undecided.class);
		assertThat(recover("DROP SUBSCRIPTION sub")).isInstanceOf(NotDone.class);
		assertThat(recover("DROP SUBSCRIPTION sub")).isInstanceOf(Done.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO t VALUES (1)", "CALL p()", "DO 'BEGIN END'", "CREATE TABLE t ()" })
	void anythingElseIsForAPersonToDecide(String sql) throws SQLException {
		assertThat(recover(sql)).isInstanceOf(Undecided.class);
	}

}
