package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillDryRun;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Batches of partitioned tables, whose statements look into one partition each.
 */
@ExtendWith(PostgresExtension.class)
class PartitionPlansTests {

	private final TestDatabase database;

	private Backfilling backfill;

	PartitionPlansTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private void assertThatEachRowIsChangedOnce(String rows) {
		BackfillProgress ended = this.backfill.work();

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM \"Parts\" GROUP BY 1")).containsExactly("1|" + rows);
	}

	/** Returns of each batch how many partitions it looks into. */
	private List<Long> partitions() {
		return this.backfill.instance()
			.backfills()
			.dryRun(Backfilling.VERSION, 10)
			.batches()
			.stream()
			.map(BackfillDryRun.Batch::plans)
			.map((plans) -> Stream.of(String.join("\n", plans).split("\n"))
				.filter((line) -> line.contains("Scan") && !line.contains("Bitmap Index Scan"))
				.count())
			.toList();
	}

	/** Each partition has one row. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					date                     | RANGE | FROM ('2024-01-01') TO ('2024-02-01')       | FROM ('2024-02-01') TO (MAXVALUE)  | '2024-01-31'              | '2024-02-01'
					timestamptz              | RANGE | FROM (MINVALUE) TO ('2024-02-01 00:00+01')  | FROM ('2024-02-01 00:00+01') TO ('infinity') | '2024-01-31 22:59:59+00' | '2024-01-31 23:00+00'
					timestamp                | RANGE | FROM ('-infinity') TO ('2024-02-01')        | FROM ('2024-02-01') TO ('2025-01-01') | '2024-01-31 23:59:59.9' | '2024-02-01'
					int                      | RANGE | FROM (-10) TO (0)                           | FROM (0) TO (10)                   | -1                        | 0
					numeric                  | RANGE | FROM (-1.5) TO (1.5)                        | FROM (1.5) TO ('NaN')              | 1.4999                    | 1.5
					boolean                  | LIST  | IN (true)                                   | IN (false)                         | true                      | false
					text                     | LIST  | IN ('it''s \\ "so"', 'b')                   | IN ('c AND "zone"')                | 'it''s \\ "so"'           | 'c AND "zone"'
					varchar(30) COLLATE "C"  | RANGE | FROM ('A') TO ('a')                         | FROM ('a') TO ('z')                | 'Z'                       | 'a'
					uuid                     | RANGE | FROM (MINVALUE) TO ('80000000-0000-0000-0000-000000000000') | FROM ('80000000-0000-0000-0000-000000000000') TO (MAXVALUE) | '7fffffff-0000-0000-0000-000000000000' | 'ffffffff-ffff-ffff-ffff-ffffffffffff'
					"Moods"."Mood"           | LIST  | IN ('sad')                                  | IN ('not so sad')                  | 'sad'                     | 'not so sad'
					double precision         | RANGE | FROM ('-Infinity') TO (0.1)                 | FROM (0.1) TO ('NaN')              | 0.09                      | 0.1
					time with time zone      | RANGE | FROM (MINVALUE) TO ('12:00+01')             | FROM ('12:00+01') TO (MAXVALUE)    | '11:59+01'                | '12:00+01'
					""")
	void anotherPartitionIsLeftAlone(String type, String kind, String one, String other, String first, String second) {
		String table = "CREATE SCHEMA \"Moods\"; CREATE TYPE \"Moods\".\"Mood\" AS ENUM ('sad', 'not so sad');"
				+ " CREATE TABLE \"Parts\" (id int, zone %s, n int NOT NULL DEFAULT 0, PRIMARY KEY (id, zone))"
				+ " PARTITION BY %s (zone); CREATE TABLE one PARTITION OF \"Parts\" FOR VALUES %s;"
				+ " CREATE TABLE other PARTITION OF \"Parts\" FOR VALUES %s;"
				+ " INSERT INTO \"Parts\" VALUES (1, %s), (2, %s)";
		this.backfill.before(String.format(table, type, kind, one, other, first, second))
			.file("-- tidemark: batch table=\"Parts\"\nUPDATE \"Parts\" SET n = n + 1 WHERE {batch}");

		assertThat(partitions()).containsExactly(1L, 1L);

		assertThatEachRowIsChangedOnce("2");
	}

	@Test
	void soItIsByAnAliasWhereTheColumnIsNotOfTheKey() {
		this.backfill.before("""
				CREATE TABLE "Parts" (id int NOT NULL, "Of ""it" text, b int, n int NOT NULL DEFAULT 0)
				PARTITION BY LIST ("Of ""it");
				CREATE TABLE one PARTITION OF "Parts" FOR VALUES IN ('a', NULL);
				CREATE TABLE other PARTITION OF "Parts" FOR VALUES IN ('b') PARTITION BY RANGE (b, id);
				CREATE TABLE other_1 PARTITION OF other FOR VALUES FROM (MINVALUE, MINVALUE) TO (5, 10);
				CREATE TABLE other_2 PARTITION OF other FOR VALUES FROM (5, 10) TO (MAXVALUE, MAXVALUE);
				CREATE UNIQUE INDEX ON one (id);
				CREATE UNIQUE INDEX ON other_1 (id);
				CREATE UNIQUE INDEX ON other_2 (id);
				INSERT INTO "Parts" VALUES (1, 'a', 0), (2, NULL, 0), (3, 'b', 5), (10, 'b', 5), (11, 'b', 9)""")
			.file("-- tidemark: batch table=\"Parts\" by=id\n"
					+ "UPDATE \"Parts\" AS \"P\" SET n = n + 1 FROM (SELECT 1 AS id) s WHERE {batch:\"P\"}");

		assertThat(partitions()).containsExactly(1L, 1L, 1L);

		assertThatEachRowIsChangedOnce("5");
	}

	@Test
	void whereItCannotBeToldEachRowIsChangedOnceAllTheSame() {
		this.backfill.before("""
				CREATE TABLE "Parts" (id int, part text, n int NOT NULL DEFAULT 0, PRIMARY KEY (id, part))
				PARTITION BY LIST (part);
				CREATE TABLE one PARTITION OF "Parts" FOR VALUES IN ('a') PARTITION BY HASH (id);
				CREATE TABLE one_0 PARTITION OF one FOR VALUES WITH (MODULUS 2, REMAINDER 0);
				CREATE TABLE one_1 PARTITION OF one FOR VALUES WITH (MODULUS 2, REMAINDER 1);
				CREATE TABLE other PARTITION OF "Parts" DEFAULT;
				INSERT INTO "Parts" SELECT i, p FROM generate_series(1, 20) i, unnest(ARRAY['a', 'b', 'c']) p""")
			.file("-- tidemark: batch table=\"Parts\"\nUPDATE \"Parts\" SET n = n + 1 WHERE {batch}");

		assertThat(partitions()).containsExactlyInAnyOrder(2L, 2L, 3L);

		assertThatEachRowIsChangedOnce("60");
	}

}
