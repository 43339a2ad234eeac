package dev.tidemark.statement;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/** Which rows a statement changes, and what it calls. */
class RowsTests {

	private static Rows rows(String sql) {
		return (Rows) Statements.of(sql);
	}

	static String changes(Rows rows) {
		return String.join("; ", rows.changes().stream().map(ActionWords::words).sorted().toList());
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', emptyValue = "",
			textBlock = """
					WITH update AS (SELECT 1) SELECT * FROM update            => ``
					WITH delete AS (DELETE FROM t RETURNING *) SELECT delete.x FROM delete => Delete:t
					WITH "select" AS (UPDATE s.t SET a = 1 WHERE b RETURNING *), insert (x) AS NOT MATERIALIZED (SELECT 1) INSERT INTO u TABLE insert => Insert:u; Update:s.t:a where
					WITH RECURSIVE merge(a) AS (VALUES (1) UNION ALL SELECT a + 1 FROM merge) SEARCH DEPTH FIRST BY a SET o CYCLE a SET c USING p DELETE FROM t => Delete:t
					SELECT x.delete, x.update FROM x                          => ``
					SELECT 'DELETE FROM t', $$UPDATE t SET a = 1$$, "delete" FROM x => ``
					(SELECT 1) UNION (SELECT 2)                               => ``
					(WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a)   => Delete:t
					VALUES (1), (2)                                           => ``
					TABLE s.t                                                 => ``
					DELETE FROM ONLY s.t                                      => Delete:s.t
					DELETE FROM t AS x USING u WHERE x.a = u.a                => Delete:t where
					DELETE FROM t USING (SELECT 1 FROM u WHERE a) b           => Delete:t
					DELETE FROM t WHERE CURRENT OF c                          => Delete:t where
					""")
	void commandsAreFollowedAndNamesAreNot(String sql, String changes) {
		assertThat(changes(rows(sql))).isEqualTo(changes);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			UPDATE t SET a = 1                                        => Update:t:a
			UPDATE t SET a = b IS DISTINCT FROM c, d = 1              => Update:t:a,d
			UPDATE t SET a = b IS NOT DISTINCT FROM c FROM u WHERE d  => Update:t:a where
			UPDATE t SET (a, b) = (SELECT 1, 2 FROM u WHERE v), c = 3 => Update:t:a,b,c
			UPDATE t SET (a, b) = ROW (1, 2) WHERE c                  => Update:t:a,b where
			UPDATE t SET a[1].b = 2, c[2:3] = 4, d.e = 5              => Update:t:a,c,d
			UPDATE t SET a[f(1, 2)] = 2, b = 3                        => Update:t:a,b
			UPDATE ONLY (s.t) x SET a = CASE WHEN b THEN 1 ELSE 2 END, c = 3 => Update:s.t:a,c
			UPDATE t * AS x SET "A" = x.from, b = x.where             => Update:t:A,b
			UPDATE t SET a = ARRAY[1, 2], b = extract(year FROM c)    => Update:t:a,b
			UPDATE t SET a = trim(BOTH FROM b), c = DEFAULT RETURNING * => Update:t:a,c
			UPDATE t SET a = (SELECT b FROM u WHERE c)                => Update:t:a
			UPDATE t SET set = 1, update = 2                          => Update:t:set,update
			UPDATE t SET a = b::numeric(10, 2), c = 1                 => Update:t:a,c
			""")
	void theColumnsOfAnUpdateAreKnown(String sql, String changes) {
		assertThat(changes(rows(sql))).isEqualTo(changes);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`',
			textBlock = """
					INSERT INTO t DEFAULT VALUES                                       => Insert:t
					INSERT INTO s.t AS x (a, b) OVERRIDING SYSTEM VALUE VALUES (1, 2)  => Insert:s.t
					INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING                    => Insert:t
					INSERT INTO t VALUES (1) ON CONFLICT (a) WHERE b DO UPDATE SET c = excluded.c WHERE d => Insert:t overwrites
					INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT k DO UPDATE SET (c) = ROW (1) => Insert:t overwrites
					INSERT INTO t SELECT * FROM u ON CONFLICT (lower(a)) DO NOTHING RETURNING a => Insert:t
					INSERT INTO t WITH gone AS (DELETE FROM u RETURNING *) SELECT * FROM gone => Delete:u; Insert:t
					INSERT INTO t VALUES ('ON CONFLICT DO UPDATE SET')                 => Insert:t
					MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING          => Merge:t
					MERGE INTO ONLY s.t AS x USING (SELECT 1) u ON x.a = u.a WHEN MATCHED AND u.d THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1) => Merge:s.t deletes
					MERGE INTO t USING s ON t.delete = s.a WHEN MATCHED THEN UPDATE SET delete = 1 => Merge:t
					MERGE INTO t USING s ON true WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action() => Merge:t deletes
					WITH s AS (SELECT 1) MERGE INTO t USING s ON true WHEN MATCHED THEN UPDATE SET a = 1 => Merge:t
					""")
	void insertionsMayOverwriteAndMergesDelete(String sql, String changes) {
		assertThat(changes(rows(sql))).isEqualTo(changes);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`',
			textBlock = """
					INSERT INTO t VALUES (1) ON CONFLICT (a) WHERE b DO UPDATE SET c = excluded.c, d.e = 1 WHERE f => c,d
					INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT k DO UPDATE SET (c, d) = ROW (1, 2) RETURNING e => c,d
					MERGE INTO t USING s ON t.delete = s.a WHEN MATCHED THEN UPDATE SET delete = 1 => delete
					MERGE INTO t USING s ON true WHEN MATCHED AND a THEN UPDATE SET a = CASE WHEN b THEN 1 ELSE 2 END, (c, d) = ROW (1, 2) WHEN MATCHED THEN UPDATE SET e = CASE f WHEN 1 THEN 2 END WHEN NOT MATCHED THEN INSERT VALUES (1) => a,c,d,e
					""")
	void theColumnsThatAreOverwrittenAreKnown(String sql, String columns) {
		assertThat(rows(sql).changes()).singleElement()
			.extracting((change) -> String.join(",", change.columns()))
			.isEqualTo(columns);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', emptyValue = "", textBlock = """
			SELECT f(1), s.g(h(2))                          => f,h,s.g
			SELECT "F" (1), "and"(2)                        => F,and
			SELECT a AND (b), c IN (1), EXISTS (SELECT 1)   => ``
			SELECT count(*) FILTER (WHERE f(a)) OVER (PARTITION BY g(b)) FROM t => count,f,g
			INSERT INTO t (a) VALUES (f(1))                 => f
			UPDATE t SET a = f(b) WHERE g(c)                => f,g
			DELETE FROM t USING f(1) WHERE a                => f
			""")
	void whatIsCalledIsKnown(String sql, String functions) {
		assertThat(rows(sql).functions().stream().map(NormalForm::name)).as(sql)
			.containsExactlyInAnyOrder(functions.isEmpty() ? new String[0] : functions.split(","));
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", textBlock = """
			SELECT 1 FROM t                          => false
			SELECT 1 FROM t FOR UPDATE               => true
			SELECT 1 FROM t FOR NO KEY UPDATE OF t   => true
			SELECT 1 FROM t FOR SHARE SKIP LOCKED    => true
			SELECT 1 FROM t FOR KEY SHARE            => true
			SELECT substring(a FROM 1 FOR 2) FROM t  => false
			SELECT a.for, 'FOR UPDATE' FROM a        => false
			""")
	void rowsMayBeLocked(String sql, boolean locks) {
		assertThat(rows(sql).locksRows()).isEqualTo(locks);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", textBlock = """
			SELECT * INTO s.t FROM u                            => s.t => PERMANENT
			SELECT 1 INTO TEMP t                                => t   => TEMPORARY
			WITH a AS (SELECT 1) SELECT * INTO UNLOGGED TABLE t FROM a => t => UNLOGGED
			CREATE TABLE t (a, b) WITH (fillfactor = 7) AS SELECT 1, 2 WITH NO DATA => t => PERMANENT
			CREATE TEMP TABLE t ON COMMIT DROP AS VALUES (1)    => t   => TEMPORARY
			""")
	void aQueryMayMakeATable(String sql, String table, Persistence persistence) {
		CreateTableAs create = (CreateTableAs) Statements.of(sql);

		assertThat(NormalForm.name(create.name())).isEqualTo(table);
		assertThat(create.persistence()).isEqualTo(persistence);
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT t VALUES (1)", "UPDATE t", "UPDATE t SET", "UPDATE t SET a", "DELETE t",
			"MERGE t USING s ON true", "WITH a SELECT 1", "WITH a AS (DROP TABLE t) SELECT 1", "SELECT (1",
			"UPSERT INTO t" })
	void whatIsNoCommandIsUnknown(String sql) {
		String closed = sql.chars().filter((c) -> c == '(').count() > sql.chars().filter((c) -> c == ')').count()
				? sql + ") )" : sql;

		assertThat(Statements.of(closed)).isInstanceOf(Unknown.class);
	}

}
