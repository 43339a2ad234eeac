package dev.tidemark.rollout.run;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Batches that would move their rows to where they are met again.
 */
@ExtendWith(PostgresExtension.class)
class MovedRowsTests {

	private static final String PARTITIONED = """
			CREATE TABLE users (id int NOT NULL, region text NOT NULL, "Day" int NOT NULL DEFAULT 1,
			n int NOT NULL DEFAULT 0) PARTITION BY LIST (lower(region));
			CREATE TABLE users_a PARTITION OF users FOR VALUES IN ('a');
			CREATE TABLE users_b PARTITION OF users FOR VALUES IN ('b') PARTITION BY RANGE ("Day");
			CREATE TABLE users_b1 PARTITION OF users_b FOR VALUES FROM (1) TO (2);
			CREATE TABLE users_b2 PARTITION OF users_b FOR VALUES FROM (2) TO (9);
			INSERT INTO users SELECT i, 'a', 1, 0 FROM generate_series(1, 50) i;
			""";

	private static final String UNIQUE = "CREATE UNIQUE INDEX ON users_a (id); CREATE UNIQUE INDEX ON users_b1 (id);"
			+ " CREATE UNIQUE INDEX ON users_b2 (id);";

	private final TestDatabase database;

	private Backfilling backfill;

	MovedRowsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private Problem failed() {
		return failed(this.backfill.work());
	}

	private Problem failed(BackfillProgress ended) {
		Problem problem = ended.problem();
		assertThat(problem).isNotNull();
		assertThat(ended.state()).as(problem.toString()).isEqualTo(BackfillState.FAILED);
		assertThat(ended.counts().batches()).isZero();
		return problem;
	}

	private String changed() {
		return this.database.value("SELECT count(*) FROM users WHERE n <> 0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE users SET region = 'b', n = n + 1 WHERE {batch}",
			"UPDATE users SET n = n + 1, \"Day\" = 2 WHERE {batch}",
			"MERGE INTO users u USING (SELECT 1) s ON {batch:u} WHEN MATCHED THEN UPDATE SET n = n + 1, region = 'b'" })
	void aStatementThatMovesRowsToAnotherPartitionIsRefusedBeforeAnythingRuns(String statement) {
		this.backfill.before(PARTITIONED + UNIQUE).file("-- tidemark: batch table=users by=id\n" + statement);

		Problem problem = failed();

		assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(problem.what()).contains("in which partition a row lies");
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void soItIsWhereTheTableIsWalkedByBlocks() {
		this.backfill.before(PARTITIONED)
			.file("-- tidemark: batch table=users\nUPDATE users SET region = 'b', n = n + 1 WHERE {batch}");

		assertThat(failed().code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void whatAKeyIsGeneratedFromIsNotChangedEither() {
		this.backfill
			.before("CREATE TABLE users (a int, id int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY,"
					+ " n int NOT NULL DEFAULT 0); INSERT INTO users (a) VALUES (1), (2)")
			.file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1, a = a + 100 WHERE {batch}");

		assertThat(failed().code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void anInsertionThatOverwritesTheKeyIsRefused() {
		this.backfill.users(10)
			.file("-- tidemark: batch table=users\nINSERT INTO users SELECT id, n FROM users WHERE {batch}"
					+ " ON CONFLICT (id) DO UPDATE SET id = excluded.id + 100, n = 1");

		assertThat(failed().code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(changed()).isEqualTo("0");
	}

	@ParameterizedTest
	@ValueSource(strings = { UNIQUE, "" })
	void aTriggerThatMovesRowsToAnotherPartitionIsFoundAndRolledBack(String keys) {
		this.backfill.before(PARTITIONED + keys + """
				CREATE FUNCTION move() RETURNS trigger LANGUAGE plpgsql AS
				'BEGIN UPDATE users SET region = ''b'' WHERE id = NEW.id AND region = ''a''; RETURN NULL; END';
				CREATE TRIGGER move AFTER UPDATE OF n ON users FOR EACH ROW EXECUTE FUNCTION move()""")
			.file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");

		Problem problem = failed();

		assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_OUTSIDE);
		assertThat(problem.what()).contains("has moved rows of public.users to other keys or partitions");
		assertThat(problem.remedy()).contains("Day, ", "region");
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void aTriggerThatChangesTheKeyIsFoundAndRolledBack() {
		this.backfill.before("""
				CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
				INSERT INTO users SELECT i * 10 FROM generate_series(1, 50) i;
				CREATE FUNCTION move() RETURNS trigger LANGUAGE plpgsql AS
				'BEGIN NEW.id := NEW.id + 5; RETURN NEW; END';
				CREATE TRIGGER move BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION move()""")
			.file("-- tidemark: batch table=users size=10 max-size=10\nUPDATE users SET n = n + 1 WHERE {batch}");

		assertThat(failed().code()).isEqualTo(ErrorCode.BACKFILL_OUTSIDE);
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void aForeignKeyThatChangesTheKeyIsFoundAndRolledBack() {
		this.backfill.before("""
				CREATE TABLE parents (id int PRIMARY KEY);
				CREATE TABLE users (id int PRIMARY KEY REFERENCES parents ON UPDATE CASCADE, n int NOT NULL DEFAULT 0);
				INSERT INTO parents SELECT i * 10 FROM generate_series(1, 50) i;
				INSERT INTO users SELECT id FROM parents""")
			.file("-- tidemark: batch table=users size=10 max-size=10\nUPDATE users SET n = n + 1 WHERE {batch};"
					+ "UPDATE parents p SET id = p.id + 5 FROM users u WHERE u.id = p.id AND {batch:u}");

		assertThat(failed().code()).isEqualTo(ErrorCode.BACKFILL_OUTSIDE);
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void rowsThatAreDeletedAndAddedElsewhereAreFoundAndRolledBack() {
		this.backfill.before(PARTITIONED + UNIQUE)
			.file("-- tidemark: batch table=users\nWITH gone AS (DELETE FROM users WHERE {batch} RETURNING *)"
					+ " INSERT INTO users SELECT id, 'b', 1, n + 1 FROM gone");

		assertThat(failed().code()).isEqualTo(ErrorCode.BACKFILL_OUTSIDE);
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void codeThatMovesRowsIsFoundAndRolledBack() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);"
				+ " INSERT INTO users SELECT i * 10 FROM generate_series(1, 50) i");
		MovingCode code = new MovingCode(10, (batch, jdbc) -> jdbc.operations()
			.update("UPDATE users SET n = n + 1, id = id + 5 WHERE " + batch.condition()));

		assertThat(failed(this.backfill.builder().backfill(code).build().backfills().work(BackfillScope.ALL).get(0))
			.code()).isEqualTo(ErrorCode.BACKFILL_OUTSIDE);
		assertThat(changed()).isEqualTo("0");
	}

	@Test
	void triggersThatLeaveTheKeyAloneAreNoReasonAndDeletedRowsHaveNotMoved() {
		this.backfill.before(PARTITIONED + UNIQUE + """
				ALTER TABLE users ADD COLUMN touched int NOT NULL DEFAULT 0;
				CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
				'BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END';
				CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()""")
			.file("-- tidemark: batch table=users by=id size=10 max-size=10\n"
					+ "UPDATE users SET n = n + 1 WHERE {batch}; DELETE FROM users WHERE id % 2 = 0 AND {batch}");

		BackfillProgress ended = this.backfill.work();

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, touched, count(*) FROM users GROUP BY 1, 2"))
			.containsExactly("1|1|25");
	}

}
