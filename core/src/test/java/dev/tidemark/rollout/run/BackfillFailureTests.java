package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Batches that fail, and what becomes of the backfill.
 */
@ExtendWith(PostgresExtension.class)
class BackfillFailureTests {

	private final TestDatabase database;

	private Backfilling backfill;

	BackfillFailureTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private Problem failed(BackfillProgress ended) {
		assertThat(ended.state()).isEqualTo(BackfillState.FAILED);
		Problem problem = ended.problem();
		assertThat(problem).isNotNull();
		return problem;
	}

	@Test
	void aRowThatBreaksARuleIsNamedByItsKey() {
		this.backfill
			.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0 CHECK (n < 1 OR id <> 77));"
					+ " INSERT INTO users SELECT generate_series(1, 200)");
		this.backfill
			.file("-- tidemark: batch table=users size=50 max-size=50\nUPDATE users SET n = n + 1 WHERE {batch}");

		Problem problem = failed(this.backfill.work());

		assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_FAILED);
		assertThat(problem.what()).contains("the row (id) = (77)");
		assertThat(problem.state()).contains("76 rows changed are committed");
		assertThat(this.database.rows("SELECT max(id) FROM users WHERE n = 1")).containsExactly("76");
	}

	@Test
	void aFailureThatIsMendedIsGoneOnFrom() {
		aRowThatBreaksARuleIsNamedByItsKey();
		this.database.execute("ALTER TABLE users DROP CONSTRAINT users_check");

		this.backfill.control(Action.RESUME);

		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|200");
	}

	@Test
	void anInstanceIsToldWhenAnotherOneGoesOnWithWhatFailedThere() {
		List<String> events = new CopyOnWriteArrayList<>();
		this.backfill
			.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0 CHECK (n < 1 OR id <> 7));"
					+ " INSERT INTO users SELECT generate_series(1, 20)");
		this.backfill.file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");
		Tidemark first = this.backfill.builder().backfillListener(new BackfillListener() {

			@Override
			public void backfillEnded(RunScope scope, BackfillProgress progress) {
				events.add("ended " + progress.state());
			}

			@Override
			public void backfillLeft(RunScope scope, BackfillProgress progress) {
				events.add("left " + progress.state());
			}

		}).build();
		failed(first.backfills().work(BackfillScope.ALL).get(0));
		this.database.execute("ALTER TABLE users DROP CONSTRAINT users_check");
		this.backfill.control(Action.RESUME);
		this.backfill.work();

		first.backfills().work(BackfillScope.ALL);
		first.backfills().work(BackfillScope.ALL);

		assertThat(events).containsExactly("ended failed", "left finished");
	}

	@Test
	void rowsThatBreakARuleAreLeftOutAndNamed() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0"
				+ " CHECK (n < 1 OR id NOT IN (7, 8, 150))); INSERT INTO users SELECT generate_series(1, 200)");
		this.backfill.file("-- tidemark: batch table=users size=50 max-size=50 on-bad-row=skip\n"
				+ "UPDATE users SET n = n + 1 WHERE {batch}");

		BackfillProgress ended = this.backfill.work();

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().badRows()).isEqualTo(3);
		assertThat(ended.badRows()).extracting((row) -> row.key().get(0)).containsExactly("7", "8", "150");
		assertThat(ended.badRows().get(0).sqlState()).isEqualTo("23514");
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1 ORDER BY 1")).containsExactly("0|3",
				"1|197");
	}

	@Test
	void tooManyBadRowsAreAFailure() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0"
				+ " CHECK (n < 1 OR id > 5)); INSERT INTO users SELECT generate_series(1, 20)");
		this.backfill.file("-- tidemark: batch table=users on-bad-row=skip max-bad-rows=2\n"
				+ "UPDATE users SET n = n + 1 WHERE {batch}");

		BackfillProgress ended = this.backfill.work();

		assertThat(failed(ended).what()).contains("the row (id) = (3)");
		assertThat(ended.counts().badRows()).isEqualTo(2);
	}

	@Test
	void rowsOutsideOfTheBatchAreFound() {
		this.backfill.users(300)
			.file("-- tidemark: batch table=users size=50\nUPDATE users SET n = users.n + 1 FROM users u WHERE {batch:u}");

		assertThat(failed(this.backfill.work()).code()).isEqualTo(ErrorCode.BACKFILL_OUTSIDE);
		assertThat(this.database.value("SELECT sum(n) FROM users")).isEqualTo("0");
	}

	@Test
	void whatTheServerDoesNotTakeIsFoundBeforeTheFirstBatch() {
		this.backfill.users(10).file("-- tidemark: batch table=users\nUPDATE users SET missing = 1 WHERE {batch}");

		Problem problem = failed(this.backfill.work());

		assertThat(problem.server().message()).contains("missing");
		assertThat(this.database.value("SELECT count(*) FROM tidemark_history_backfill WHERE part > 0")).isEqualTo("0");
	}

	@Test
	void aTableWithoutSuchAKeyIsRefused() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, a int, b int NOT NULL);"
				+ " CREATE UNIQUE INDEX ON users (a); CREATE UNIQUE INDEX ON users (b) WHERE a IS NULL");
		this.backfill.file("-- tidemark: batch table=users by=a\nUPDATE users SET b = 1 WHERE {batch}");
		assertThat(failed(this.backfill.work()).what()).contains("may be NULL");
	}

	@Test
	void aStatementThatChangesTheKeyThatTheTableHasIsRefusedBeforeTheFirstBatch() {
		this.backfill.users(10)
			.file("-- tidemark: batch table=users\nUPDATE users SET n = 1, id = id + 100 WHERE {batch}");

		Problem problem = failed(this.backfill.work());

		assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(problem.what()).contains("changes the key");
		assertThat(this.database.value("SELECT sum(n) FROM users")).isEqualTo("0");
	}

	@Test
	void aTableThatVanishesIsToldOf() {
		this.backfill.users(100)
			.file("-- tidemark: batch table=users size=10 max-size=10 duty=1\nUPDATE users SET n = n + 1 WHERE {batch}");
		this.backfill.control(Action.PAUSE);
		this.database.execute("DROP TABLE users");
		this.backfill.control(Action.RESUME);

		Problem problem = failed(this.backfill.work());

		assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(problem.what()).contains("no table");
	}

	@Test
	void rowSecurityThatWouldHideRowsIsRefused() {
		this.backfill.before("CREATE ROLE mover_$$ LOGIN; CREATE TABLE users (id int PRIMARY KEY, n int);".replace("$$",
				this.database.name()) + " ALTER TABLE users OWNER TO mover_" + this.database.name() + ";"
				+ " ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY;"
				+ " INSERT INTO users VALUES (1); GRANT ALL ON tidemark_history TO mover_" + this.database.name()
				+ "; GRANT ALL ON SCHEMA public TO mover_" + this.database.name());
		this.backfill.file("-- tidemark: batch table=users\nUPDATE users SET n = 1 WHERE {batch}");

		BackfillProgress ended = this.backfill.builder()
			.role("mover_" + this.database.name())
			.build()
			.backfills()
			.work(BackfillScope.ALL)
			.get(0);

		assertThat(failed(ended).code()).isEqualTo(ErrorCode.BACKFILL_RIGHTS);
	}

	@Test
	void aRowThatBreaksARuleInATableWithoutAKeyIsFoundByItsBlock() {
		this.backfill.before("CREATE TABLE notes (id int, n int NOT NULL DEFAULT 0 CHECK (n < 1 OR id <> 600));"
				+ " INSERT INTO notes SELECT generate_series(1, 1000)");
		this.backfill
			.file("-- tidemark: batch table=notes size=1000\nUPDATE notes SET n = n + 1 WHERE {batch} AND n = 0");

		Problem problem = failed(this.backfill.work());

		assertThat(problem.what()).endsWith(": block 2.");
		assertThat(this.database.rows("SELECT max(id) < 600 FROM notes WHERE n = 1")).containsExactly("t");
	}

	@Test
	void batchesGrowAgainWhereARowBreaksItsRuleNoMore() {
		this.backfill.users(200);
		this.database.execute("CREATE SEQUENCE tries; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
				+ " 'BEGIN IF nextval(''tries'') < 5 THEN RAISE ''not yet''; END IF; RETURN NEW; END';"
				+ " CREATE TRIGGER refuse BEFORE UPDATE ON users FOR EACH STATEMENT EXECUTE FUNCTION refuse()");
		this.backfill
			.file("-- tidemark: batch table=users size=50 max-size=50\nUPDATE users SET n = n + 1 WHERE {batch}");

		BackfillProgress ended = this.backfill.work();

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().batches()).isLessThan(12);
	}

	@Test
	void noRowIsLeftOutBecauseOfAKeyThatCannotBeReadAnyMore() {
		this.backfill.before("CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd'); CREATE TABLE moods (m mood PRIMARY KEY,"
				+ " n int NOT NULL DEFAULT 0); INSERT INTO moods VALUES ('a'), ('b'), ('c'), ('d');"
				+ " CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
				+ " 'BEGIN IF NEW.m = ''b'' THEN PERFORM missing(); END IF; RETURN NEW; END';"
				+ " CREATE TRIGGER fail BEFORE UPDATE ON moods FOR EACH ROW EXECUTE FUNCTION fail()");
		this.backfill.file("-- tidemark: batch table=moods size=1 max-size=1 on-bad-row=skip\n"
				+ "UPDATE moods SET n = n + 1 WHERE {batch}");
		failed(this.backfill.work());
		this.database.execute("DROP TRIGGER fail ON moods; ALTER TYPE mood RENAME VALUE 'a' TO 'x'");
		this.backfill.control(Action.RESUME);

		BackfillProgress ended = this.backfill.work();

		assertThat(failed(ended).server().message()).contains("mood");
		assertThat(ended.counts().badRows()).isZero();
	}

	@Test
	void aRowIsNamedThatIsNotTheLastOneOfItsRangeAnyMore() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0"
				+ " CHECK (n < 1 OR id <> 5)); INSERT INTO users VALUES (1), (2), (5), (9);"
				+ " CREATE FUNCTION drop_last() RETURNS trigger LANGUAGE plpgsql AS"
				+ " 'BEGIN DELETE FROM users WHERE id = 9; RETURN NULL; END';"
				+ " CREATE TRIGGER drop_last AFTER UPDATE ON users FOR EACH STATEMENT EXECUTE FUNCTION drop_last()");
		this.backfill.file("-- tidemark: batch table=users size=2 max-size=2 on-bad-row=skip\n"
				+ "UPDATE users SET n = n + 1 WHERE {batch}");

		assertThat(this.backfill.work().badRows()).extracting((row) -> row.key().get(0)).containsExactly("5");
	}

	@Test
	void rowSecurityOfAPartitionHidesNoRowsEither() {
		String mover = "mover_" + this.database.name();
		this.backfill.before("CREATE ROLE mover LOGIN; CREATE TABLE events (id int PRIMARY KEY, n int)".replace("mover",
				mover) + " PARTITION BY RANGE (id);"
				+ " CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10); INSERT INTO events VALUES (1);"
				+ " ALTER TABLE events_1 ENABLE ROW LEVEL SECURITY; ALTER TABLE events_1 FORCE ROW LEVEL SECURITY;"
				+ " GRANT ALL ON ALL TABLES IN SCHEMA public TO " + mover + "; GRANT ALL ON SCHEMA public TO " + mover);
		this.backfill.file("-- tidemark: batch table=events\nUPDATE events SET n = 1 WHERE {batch}");

		BackfillProgress ended = this.backfill.builder().role(mover).build().backfills().work(BackfillScope.ALL).get(0);

		assertThat(failed(ended).code()).isEqualTo(ErrorCode.BACKFILL_RIGHTS);
		assertThat(failed(ended).what()).contains("events_1");
	}

	@Test
	void aBackfillThatHasNoConnectionNowHasNotFailed() {
		String mover = "mover_" + this.database.name();
		this.backfill.users(10).file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");
		this.database.execute("CREATE ROLE mover LOGIN PASSWORD 'secret' CONNECTION LIMIT 1; ALTER TABLE users OWNER TO"
			.replace("mover", mover) + " " + mover + "; GRANT ALL ON SCHEMA public TO " + mover
				+ "; ALTER TABLE tidemark_history OWNER TO " + mover);
		Backfills backfills = this.backfill.instanceOf(mover, "secret").backfills();

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> backfills.work(BackfillScope.ALL))
			.satisfies((ex) -> assertThat(ex.problems().get(0).code()).isEqualTo(ErrorCode.CONNECTIONS_USED_UP));
		assertThat(this.backfill.progress().state()).isEqualTo(BackfillState.WAITING);

		this.database.execute("ALTER ROLE " + mover + " CONNECTION LIMIT 2");
		assertThat(backfills.work(BackfillScope.ALL).get(0).state()).isEqualTo(BackfillState.FINISHED);
	}

	@Test
	void anIndexInAnOrderThatCannotBeWalkedIsRefused() {
		this.backfill.before("CREATE TABLE users (a int NOT NULL, b int NOT NULL, n int);"
				+ " CREATE UNIQUE INDEX ON users (a, b DESC)");
		this.backfill.file("-- tidemark: batch table=users by=a,b\nUPDATE users SET n = 1 WHERE {batch}");

		assertThat(failed(this.backfill.work()).what()).contains("an order that cannot be walked");
	}

}
