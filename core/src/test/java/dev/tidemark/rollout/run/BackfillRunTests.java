package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Backfills of all kinds of statements, tables and keys, to their end.
 */
@ExtendWith(PostgresExtension.class)
class BackfillRunTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	BackfillRunTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private void before(String schema) {
		this.folder.add("V1__before.sql", schema);
		this.folder.tidemark(this.database).build().migrate();
	}

	private BackfillProgress run(String backfill) {
		this.folder.add("V2__move.backfill.sql", backfill);
		List<BackfillProgress> ended = this.folder.tidemark(this.database).build().backfills().work(BackfillScope.ALL);
		assertThat(ended).hasSize(1);
		return ended.get(0);
	}

	@Test
	void anUpdateChangesEachRowOnce() {
		before("""
				CREATE TABLE users (id bigint PRIMARY KEY, email text, moved int NOT NULL DEFAULT 0);
				INSERT INTO users SELECT i, 'a' || i FROM generate_series(1, 3000) i""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=users by=id size=100 max-size=250
				UPDATE users SET moved = moved + 1 WHERE {batch}""");

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().rows()).isEqualTo(3000);
		assertThat(ended.counts().keys()).isEqualTo(3000);
		assertThat(ended.counts().batches()).isGreaterThanOrEqualTo(12);
		assertThat(this.database.rows("SELECT moved, count(*) FROM users GROUP BY 1")).containsExactly("1|3000");
		assertThat(this.database.rows("SELECT phase, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("expand|applied", "backfill|applied");
	}

	@Test
	void rowsAreAddedElsewhere() {
		before("""
				CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text);
				CREATE TABLE emails (user_id uuid, email text);
				INSERT INTO users (email) SELECT 'a' || i FROM generate_series(1, 1000) i""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=users size=100 max-size=300
				INSERT INTO emails SELECT u.id, e FROM users u CROSS JOIN LATERAL (VALUES (u.email), ('x')) v (e)
				WHERE {batch:u}""");

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().rows()).isEqualTo(2000);
		assertThat(this.database
			.rows("SELECT n, count(*) FROM (SELECT count(*) n FROM emails GROUP BY user_id) a GROUP BY 1"))
			.containsExactly("2|1000");
	}

	@Test
	void rowsAreDeleted() {
		before("""
				CREATE TABLE users (id bigint PRIMARY KEY, gone boolean);
				INSERT INTO users SELECT i, i % 10 = 0 FROM generate_series(1, 2000) i""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=users by=id size=100 max-size=500
				DELETE FROM users WHERE gone AND {batch}""");

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().rows()).isEqualTo(200);
		assertThat(ended.counts().keys()).isEqualTo(2000);
		assertThat(this.database.value("SELECT count(*) FROM users")).isEqualTo("1800");
	}

	@Test
	void allStatementsOfABatchAreCommittedTogether() {
		before("""
				CREATE TABLE users (id int PRIMARY KEY, a int NOT NULL DEFAULT 0, b int);
				CREATE TABLE log (id int, a int);
				INSERT INTO users SELECT generate_series(1, 500)""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=users size=100 max-size=100
				UPDATE users SET a = a + 1 WHERE {batch}; -- the first one
				INSERT INTO log SELECT id, a FROM users WHERE {batch};
				UPDATE users SET b = a WHERE {batch}""");

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().rows()).isEqualTo(1500);
		assertThat(this.database.rows("SELECT a, b, count(*) FROM users GROUP BY 1, 2")).containsExactly("1|1|500");
		assertThat(this.database.rows("SELECT a, count(*) FROM log GROUP BY 1")).containsExactly("1|500");
	}

	@Test
	void compositeKeysAreWalkedAsOneValue() {
		before("""
				CREATE TABLE items (tenant int, code text, n int NOT NULL DEFAULT 0, PRIMARY KEY (tenant, code));
				INSERT INTO items SELECT t, 'c' || i FROM generate_series(1, 10) t, generate_series(1, 150) i""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=items by=tenant,code size=70 max-size=70
				UPDATE items SET n = n + 1 WHERE {batch}""");

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().keys()).isEqualTo(1500);
		assertThat(this.database.rows("SELECT n, count(*) FROM items GROUP BY 1")).containsExactly("1|1500");
	}

	@Test
	void partitionsAreWalkedOneByOne() {
		before("""
				CREATE TABLE events (id bigint, day date, n int NOT NULL DEFAULT 0, PRIMARY KEY (id, day))
				PARTITION BY RANGE (day);
				CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
				CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')
				PARTITION BY HASH (id);
				CREATE TABLE events_2a PARTITION OF events_2 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
				CREATE TABLE events_2b PARTITION OF events_2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
				CREATE TABLE events_x PARTITION OF events DEFAULT;
				INSERT INTO events SELECT i, date '2026-01-01' + i % 100 FROM generate_series(1, 1000) i""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=events size=90 max-size=90
				UPDATE events SET n = n + 1 WHERE {batch}""");

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM events GROUP BY 1")).containsExactly("1|1000");
		assertThat(
				this.database.rows("SELECT DISTINCT relation FROM tidemark_history_backfill WHERE part > 0 ORDER BY 1"))
			.containsExactly("public.events_1", "public.events_2a", "public.events_2b", "public.events_x");
	}

	@Test
	void aChildOfTwoParentsIsWalkedOnce() {
		before("""
				CREATE TABLE root (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
				CREATE TABLE one (PRIMARY KEY (id)) INHERITS (root);
				CREATE TABLE other (PRIMARY KEY (id)) INHERITS (root);
				CREATE TABLE child (PRIMARY KEY (id)) INHERITS (one, other);
				INSERT INTO root VALUES (1); INSERT INTO one VALUES (2); INSERT INTO other VALUES (3);
				INSERT INTO child VALUES (4)""");

		run("""
				-- tidemark: batch table=root
				UPDATE root SET n = n + 1 WHERE {batch}""");

		assertThat(this.database.rows("SELECT n, count(*) FROM root GROUP BY 1")).containsExactly("1|4");
	}

	@Test
	void aKeyMayBeUniqueInEachPartitionOnly() {
		before("""
				CREATE TABLE events (id bigint NOT NULL, day date, n int NOT NULL DEFAULT 0) PARTITION BY RANGE (day);
				CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
				CREATE TABLE events_2 PARTITION OF events DEFAULT;
				CREATE UNIQUE INDEX ON events_1 (id);
				CREATE UNIQUE INDEX ON events_2 (id);
				INSERT INTO events SELECT i, date '2026-01-01' + i % 60 FROM generate_series(1, 600) i""");

		assertThat(run("""
				-- tidemark: batch table=events by=id size=90 max-size=90
				UPDATE events SET n = n + 1 WHERE {batch}""").state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM events GROUP BY 1")).containsExactly("1|600");
	}

	@Test
	void aTableWithoutAKeyIsWalkedBlockByBlock() {
		before("""
				CREATE TABLE users (a text, n int NOT NULL DEFAULT 0);
				INSERT INTO users SELECT repeat('x', 100) FROM generate_series(1, 2000);
				ANALYZE users""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=users size=100 max-size=500
				UPDATE users SET n = n + 1 WHERE {batch} AND n = 0""");

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().rows()).isEqualTo(2000);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|2000");
	}

	@Test
	void anEmptyTableIsDoneAtOnce() {
		before("CREATE TABLE users (id int PRIMARY KEY, n int)");

		BackfillProgress ended = run("""
				-- tidemark: batch table=users
				-- tidemark: verify "n IS NOT NULL"
				UPDATE users SET n = 1 WHERE {batch}""");

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().batches()).isZero();
	}

	@Test
	void rowsThatComeLaterAreLeftAlone() {
		before("""
				CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
				INSERT INTO users SELECT generate_series(1, 100);
				CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				INSERT INTO users SELECT max(id) + 1 FROM users; RETURN NULL; END $$;
				CREATE TRIGGER more AFTER UPDATE ON users FOR EACH STATEMENT EXECUTE FUNCTION more()""");

		BackfillProgress ended = run("""
				-- tidemark: batch table=users size=7 max-size=7
				UPDATE users SET n = n + 1 WHERE {batch}""");

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT count(*) FROM users WHERE n = 1 AND id <= 100")).containsExactly("100");
		assertThat(this.database.rows("SELECT sum(n) FROM users WHERE id > 100")).containsExactly("0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
			uuid                     ; gen_random_uuid()
			text                     ; chr(65 + i % 26) || i
			text COLLATE "C"         ; chr(65 + i % 58) || i
			varchar(10)              ; 'é' || i
			char(8)                  ; 'x' || i
			numeric                  ; i / 7.0
			float8                   ; i / 7.0::float8
			timestamptz              ; timestamptz '2026-01-01 00:00:00.123456+03' + i * interval '1 day 3 seconds'
			date                     ; date '2026-01-01' - i
			interval                 ; i * interval '1 month 3 days 4 seconds'
			bytea                    ; decode(lpad(to_hex(i * 37), 6, '0'), 'hex')
			inet                     ; '10.0.0.0'::inet + i
			money                    ; i::money
			mood                     ; (ARRAY['sad','ok','happy']::mood[])[i]
			positive                 ; i
			int[]                    ; ARRAY[i % 3, i]
			bool                     ; i = 1
			"char"                   ; i::"char"
			name                     ; 'n''"\' || i
			""")
	void keysMayBeOfAnyTypeThatHasAnOrder(String type, String value) {
		int rows = switch (type.strip()) {
			case "mood" -> 3;
			case "bool" -> 2;
			case "\"char\"" -> 100;
			default -> 200;
		};
		before("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);"
				+ " CREATE TABLE \"Odd Table\" (\"The Key\" " + type + " PRIMARY KEY, n int NOT NULL DEFAULT 0);"
				+ " INSERT INTO \"Odd Table\" SELECT " + value + " FROM generate_series(1, " + rows + ") i");

		BackfillProgress ended = run("""
				-- tidemark: batch table="Odd Table" by="The Key" size=1 max-size=30
				-- tidemark: verify "n = 1"
				UPDATE "Odd Table" AS o SET n = n + 1 WHERE {batch:o}""");

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().keys()).isEqualTo(rows);
		assertThat(this.database.rows("SELECT n, count(*) FROM \"Odd Table\" GROUP BY 1")).containsExactly("1|" + rows);
	}

	@Test
	void keysMayHaveOperatorsOfAnExtension() {
		before("""
				CREATE SCHEMA ext;
				CREATE EXTENSION citext SCHEMA ext;
				CREATE TABLE users (email ext.citext, no int, n int NOT NULL DEFAULT 0, PRIMARY KEY (email, no));
				INSERT INTO users SELECT chr(65 + i % 58) || i % 100, i FROM generate_series(1, 500) i""");

		assertThat(run("""
				-- tidemark: batch table=users size=33 max-size=33
				UPDATE users SET n = n + 1 WHERE {batch}""").state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|500");
	}

}
