package dev.tidemark.run.recovery;

import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a {@code REINDEX CONCURRENTLY} that was cut off.
 */
@ExtendWith(PostgresExtension.class)
class ReindexRecoveryTests {

	/** Holds up the rebuild before the indexes change places. */
	private static final String WRITER = "LOCK TABLE users IN ROW EXCLUSIVE MODE";

	/** Holds up the rebuild after the indexes changed places. */
	private static final String READER = "LOCK TABLE users IN ACCESS SHARE MODE";

	private final TestDatabase database;

	ReindexRecoveryTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void createTable() {
		this.database.execute("""
				CREATE TABLE users (id int PRIMARY KEY, name text);
				CREATE INDEX by_name ON users (name);
				CREATE TABLE others (id int PRIMARY KEY);
				CREATE INDEX by_other ON others (id)""");
	}

	private List<String> invalidIndexes() {
		return this.database.rows("""
				SELECT regexp_replace(c.relname, 'pg_toast_\\d+', 'toast') FROM pg_index i
				JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid ORDER BY 1""");
	}

	private static List<String> cleanup(Verdict verdict) {
		return ((NotDone) verdict).cleanup();
	}

	@ParameterizedTest
	@ValueSource(strings = { "REINDEX INDEX CONCURRENTLY by_name", "REINDEX INDEX by_name", "REINDEX TABLE users",
			"REINDEX INDEX CONCURRENTLY gone", "REINDEX SCHEMA CONCURRENTLY public" })
	void withoutLeftoversItIsRunAgain(String sql) throws SQLException {
		assertThat(cleanup(Accident.examine(this.database, sql))).isEmpty();
	}

	@Test
	void newIndexThatWasNotFinishedIsDropped() throws SQLException {
		String sql = "REINDEX INDEX CONCURRENTLY by_name";
		Accident.kill(this.database, WRITER, sql);
		assertThat(invalidIndexes()).containsExactly("by_name_ccnew");

		Verdict verdict = Accident.recover(this.database, sql);

		assertThat(cleanup(verdict)).containsExactly("DROP INDEX CONCURRENTLY \"public\".\"by_name_ccnew\"");
		assertThat(invalidIndexes()).isEmpty();
	}

	@Test
	void oldIndexThatWasReplacedIsDropped() throws SQLException {
		String sql = "REINDEX (CONCURRENTLY) INDEX by_name";
		Accident.kill(this.database, READER, sql);
		assertThat(invalidIndexes()).containsExactly("by_name_ccold");

		Verdict verdict = Accident.recover(this.database, sql);

		assertThat(cleanup(verdict)).containsExactly("DROP INDEX CONCURRENTLY \"public\".\"by_name_ccold\"");
		assertThat(invalidIndexes()).isEmpty();
	}

	@Test
	void leftoversOfSeveralAttemptsAreDropped() throws SQLException {
		String sql = "REINDEX INDEX CONCURRENTLY public.by_name";
		Accident.kill(this.database, WRITER, sql);
		Accident.kill(this.database, WRITER, sql);
		Accident.kill(this.database, READER, sql);
		assertThat(invalidIndexes()).containsExactly("by_name_ccnew", "by_name_ccnew1", "by_name_ccold");

		Accident.recover(this.database, sql);

		assertThat(invalidIndexes()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { WRITER, READER })
	void tableHasTheLeftoversOfAllItsIndexesAndOfItsToast(String blocking) throws SQLException {
		String sql = "REINDEX TABLE CONCURRENTLY users";
		Accident.kill(this.database, blocking, sql);
		String suffix = blocking.equals(WRITER) ? "_ccnew" : "_ccold";
		assertThat(invalidIndexes()).containsExactly("by_name" + suffix, "toast_index" + suffix, "users_pkey" + suffix);

		Accident.recover(this.database, sql);

		assertThat(invalidIndexes()).isEmpty();
	}

	@Test
	void onlyLeftoversOfTheTargetAreDropped() throws SQLException {
		Accident.kill(this.database, WRITER, "REINDEX TABLE CONCURRENTLY users");
		Accident.kill(this.database, "LOCK TABLE others IN ROW EXCLUSIVE MODE", "REINDEX TABLE CONCURRENTLY others");

		Accident.recover(this.database, "REINDEX INDEX CONCURRENTLY by_name");
		assertThat(invalidIndexes()).containsExactly("by_other_ccnew", "others_pkey_ccnew", "toast_index_ccnew",
				"users_pkey_ccnew");

		Accident.recover(this.database, "REINDEX TABLE CONCURRENTLY others");
		assertThat(invalidIndexes()).containsExactly("toast_index_ccnew", "users_pkey_ccnew");
	}

	@Test
	void schemaHasTheLeftoversOfAllItsTables() throws SQLException {
		this.database.execute("CREATE SCHEMA s; CREATE TABLE s.t (id int PRIMARY KEY)");
		Accident.kill(this.database, WRITER, "REINDEX TABLE CONCURRENTLY users");
		Accident.kill(this.database, "LOCK TABLE s.t IN ROW EXCLUSIVE MODE", "REINDEX TABLE CONCURRENTLY s.t");

		Accident.recover(this.database, "REINDEX SCHEMA CONCURRENTLY public");

		assertThat(invalidIndexes()).containsExactly("t_pkey_ccnew");
	}

	@Test
	void databaseHasTheLeftoversOfAllItsTables() throws SQLException {
		Accident.kill(this.database, WRITER, "REINDEX TABLE CONCURRENTLY users");

		Accident.recover(this.database, "REINDEX DATABASE CONCURRENTLY " + this.database.name());

		assertThat(invalidIndexes()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "REINDEX TABLE CONCURRENTLY parent", "REINDEX INDEX CONCURRENTLY by_parent" })
	void partitionedTargetHasTheLeftoversOfItsPartitions(String sql) throws SQLException {
		this.database.execute("""
				CREATE TABLE parent (id int) PARTITION BY RANGE (id);
				CREATE TABLE child PARTITION OF parent FOR VALUES FROM (0) TO (10);
				CREATE INDEX by_parent ON parent (id)""");
		Accident.kill(this.database, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1", sql);
		assertThat(invalidIndexes()).containsExactly("child_id_idx_ccnew");

		Accident.recover(this.database, sql);

		assertThat(invalidIndexes()).isEmpty();
	}

	@Test
	void longNamesOfLeftoversAreCut() throws SQLException {
		String name = "x".repeat(30) + "\u00e9".repeat(16);
		this.database.execute("CREATE INDEX " + name + " ON users (id)");
		String sql = "REINDEX INDEX CONCURRENTLY " + name;
		Accident.kill(this.database, WRITER, sql);
		assertThat(invalidIndexes()).hasSize(1);

		Accident.recover(this.database, sql);

		assertThat(invalidIndexes()).isEmpty();
	}

	@Test
	void validIndexIsNoLeftoverWhateverItsName() throws SQLException {
		this.database.execute("CREATE INDEX by_name_ccnew ON users (name)");

		assertThat(cleanup(Accident.examine(this.database, "REINDEX INDEX CONCURRENTLY by_name"))).isEmpty();
	}

	@Test
	void invalidIndexThatIsNoTwinIsNotTouched() throws SQLException {
		Accident.kill(this.database, WRITER, "CREATE INDEX CONCURRENTLY new_ccnew ON users (name)");

		assertThat(cleanup(Accident.examine(this.database, "REINDEX TABLE CONCURRENTLY users"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { WRITER, READER })
	void rebuildInProgressIsNotTouched(String blocking) throws SQLException {
		String sql = "REINDEX INDEX CONCURRENTLY by_name";
		try (Accident accident = Accident.waiting(this.database, blocking, sql)) {
			Verdict verdict = Accident.examine(this.database, sql);

			assertThat(verdict).isInstanceOf(Undecided.class);
			assertThat(verdict.seen()).contains("pid " + accident.pid());
		}
		assertThat(invalidIndexes()).isEmpty();
	}

}
