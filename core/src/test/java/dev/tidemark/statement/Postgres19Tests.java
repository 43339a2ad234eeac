package dev.tidemark.statement;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The grammar that came with PostgreSQL 19, read from its documentation and not run on a
 * server of that version: neither {@code libpg_query} nor our test servers know it yet.
 */
class Postgres19Tests {

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", nullValues = "-",
			textBlock = """
					REPACK                                                      => -           => -             => false => FORBIDDEN
					REPACK orders                                               => orders      => -             => false => ALLOWED
					REPACK (VERBOSE) orders USING INDEX                         => orders      => -             => false => ALLOWED
					REPACK (CONCURRENTLY) shop.orders USING INDEX orders_pkey   => shop.orders => orders_pkey   => true  => FORBIDDEN
					REPACK (CONCURRENTLY on, VERBOSE off) orders                => orders      => -             => true  => FORBIDDEN
					REPACK (CONCURRENTLY off) orders                            => orders      => -             => false => ALLOWED
					REPACK (concurrently 'off') orders                          => orders      => -             => false => ALLOWED
					REPACK (CONCURRENTLY 0) orders                              => orders      => -             => false => ALLOWED
					REPACK (ANALYZE, VERBOSE) orders (id, total)                => orders      => -             => false => FORBIDDEN
					REPACK (VERBOSE) USING INDEX                                => -           => -             => false => FORBIDDEN
					REPACK "Odd Name" USING INDEX "Odd Index"                   => Odd Name    => Odd Index     => false => ALLOWED
					""")
	void repackIsAKindOfCluster(String sql, String table, String index, boolean concurrently, TransactionUse use) {
		Cluster repack = (Cluster) Statements.of(sql);

		assertThat(repack.repack()).isTrue();
		assertThat(repack.table()).isEqualTo(name(table));
		assertThat(repack.index()).isEqualTo(index);
		assertThat(repack.concurrently()).isEqualTo(concurrently);
		assertThat(repack.waitsInTurn()).isEqualTo(concurrently);
		assertThat(repack.transactionUse()).isEqualTo(use);
	}

	@ParameterizedTest
	@ValueSource(strings = { "REPACK ONLY orders", "REPACK orders *" })
	void repackTakesAPlainTable(String sql) {
		assertThat(Statements.of(sql)).isInstanceOf(Unknown.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "WAIT FOR LSN '0/306EE20'",
			"WAIT FOR LSN '0/306EE20' WITH (MODE 'primary_flush', TIMEOUT '100ms', NO_THROW)" })
	void aWaitReadsNothing(String sql) {
		assertThat(Statements.of(sql)).isEqualTo(new WaitFor());
		assertThat(Statements.of(sql).transactionUse()).isEqualTo(TransactionUse.FORBIDDEN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO SELECT RETURNING *",
			"INSERT INTO t (id) VALUES (1) ON CONFLICT ON CONSTRAINT k DO SELECT FOR NO KEY UPDATE WHERE t.id > 0 RETURNING id" })
	void anInsertionThatSelectsOverwritesNothing(String sql) {
		assertThat(((Rows) Statements.of(sql)).changes())
			.containsExactly(new RowChange.Insert(new QualifiedName(null, "t"), false, List.of()));
	}

	@Test
	void aCheckpointHasOptions() {
		assertThat(Statements.of("CHECKPOINT (MODE SPREAD, FLUSH_UNLOGGED)")).isEqualTo(new Checkpoint());
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', emptyValue = "", textBlock = """
			ALL SEQUENCES                                                           => false => true  => ``
			ALL TABLES, ALL SEQUENCES                                               => true  => true  => ``
			ALL TABLES EXCEPT (TABLE a, s.b, TABLE ONLY c), ALL SEQUENCES           => true  => true  => a,s.b,c
			ALL TABLES EXCEPT (TABLE a)                                             => true  => false => a
			""")
	void publicationsLeaveTablesOut(String objects, boolean tables, boolean sequences, String names) {
		PublishedObjects expected = AccessTests.objects(tables, sequences,
				names.isEmpty() ? List.of() : List.of(names.split(",")), List.of());

		assertThat(Statements.of("CREATE PUBLICATION p FOR " + objects + " WITH (publish = 'insert')"))
			.isEqualTo(new CreatePublication("p", expected));
		assertThat(Statements.of("ALTER PUBLICATION p SET " + objects))
			.isEqualTo(new AlterPublication("p", AlterPublication.Action.SET, expected));
	}

	@Test
	void subscriptionsHaveServers() {
		assertThat(Statements.of("CREATE SUBSCRIPTION s SERVER srv PUBLICATION p WITH (enabled = false)"))
			.isEqualTo(new CreateSubscription("s", List.of("p"), true));
		assertThat(Statements.of("ALTER SUBSCRIPTION s SERVER srv"))
			.isEqualTo(new AlterSubscription("s", AlterSubscription.Action.CONNECTION, false));
	}

	@Test
	void sequencesOfASubscriptionAreRefreshed() {
		assertThat(Statements.of("ALTER SUBSCRIPTION s REFRESH SEQUENCES")).isInstanceOfSatisfying(
				AlterSubscription.class,
				(alter) -> assertThat(alter.action()).isEqualTo(AlterSubscription.Action.REFRESH));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE FOREIGN DATA WRAPPER w HANDLER h CONNECTION f",
			"ALTER FOREIGN DATA WRAPPER w NO CONNECTION", "ALTER DOMAIN d VALIDATE CONSTRAINT c",
			"ALTER ROLE app IN DATABASE d SET search_path = NULL",
			"CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON t ENFORCED FOR EACH ROW EXECUTE FUNCTION f()",
			"REVOKE GRANT OPTION FOR SELECT ON t FROM r GRANTED BY app_owner CASCADE",
			"GRANT SELECT ON t TO r WITH GRANT OPTION GRANTED BY CURRENT_USER",
			"SELECT lag(x) IGNORE NULLS OVER (ORDER BY y) FROM t", "COPY t TO STDOUT (FORMAT json, FORCE_ARRAY true)",
			"COPY t TO STDOUT JSON", "COPY t FROM STDIN (ON_ERROR set_null, HEADER 2)",
			"SELECT * FROM t GROUP BY ALL" })
	void theseAreUnderstood(String sql) {
		assertThat(Statements.of(sql)).isNotInstanceOf(Unknown.class);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", textBlock = """
			SET search_path TO NULL      => false
			SET LOCAL search_path = NULL => true
			""")
	void aSettingMayBeEmptied(String sql, boolean local) {
		SetParameter set = (SetParameter) Statements.of(sql);

		assertThat(set.name()).isEqualTo("search_path");
		assertThat(set.local()).isEqualTo(local);
		assertThat(set.reset()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", textBlock = """
			ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED => false
			ALTER TABLE t ALTER CONSTRAINT c ENFORCED     => true
			""")
	void aCheckMayBeEnforcedLater(String sql, boolean enforced) {
		assertThat(((AlterTable) Statements.of(sql)).actions())
			.containsExactly(new TableAction.AlterConstraint("c", enforced));
	}

	@Test
	void newKeywordsMayBeNames() {
		assertThat(Statements.of("ALTER TABLE repack ADD COLUMN wait int")).isInstanceOfSatisfying(AlterTable.class,
				(alter) -> assertThat(alter.name()).isEqualTo(name("repack")));
		assertThat(RowsTests.changes((Rows) Statements.of("UPDATE lsn SET ignore = 1, wait = 2")))
			.isEqualTo("Update:lsn:ignore,wait");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE PROPERTY GRAPH g VERTEX TABLES (t)", "DROP PROPERTY GRAPH g" })
	void whatWasTakenOutBeforeTheReleaseIsUnknown(String sql) {
		assertThat(Statements.of(sql)).isInstanceOf(Unknown.class);
	}

	@Test
	void partitionsThatAreMergedOrSplitAreReadForThoseWhoMayStillHaveThem() {
		assertThat(((AlterTable) Statements.of("ALTER TABLE t MERGE PARTITIONS (a, s.b) INTO c")).actions())
			.containsExactly(new TableAction.MergePartitions(List.of(name("a"), name("s.b")), name("c")));
		assertThat(((AlterTable) Statements.of("""
				ALTER TABLE t SPLIT PARTITION p INTO
				(PARTITION a FOR VALUES FROM (1) TO (2), PARTITION b DEFAULT)""")).actions())
			.containsExactly(new TableAction.SplitPartition(name("p"), List.of(name("a"), name("b"))));
		assertThat(RowsTests
			.changes((Rows) Statements.of("UPDATE t FOR PORTION OF valid FROM '2026-01-01' TO NULL SET a = 1 WHERE b")))
			.isEqualTo("Update:t:a where");
	}

	private static QualifiedName name(String name) {
		if (name == null) {
			return null;
		}
		int point = name.indexOf('.');
		return new QualifiedName((point > 0) ? name.substring(0, point) : null, name.substring(point + 1));
	}

}
