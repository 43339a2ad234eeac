package dev.tidemark.statement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/** Which statements a block holds, and whether there may be others. */
class DoBlockTests {

	private static DoBlock block(String body) {
		return (DoBlock) Statements.of("DO $do$ " + body + " $do$");
	}

	/** The statements in words; queries that call nothing are left out. */
	private static String words(DoBlock block) {
		return String.join("; ",
				block.statements().stream().map(DoBlockTests::words).filter((one) -> !one.isEmpty()).toList());
	}

	private static String words(Statement statement) {
		if (statement instanceof Rows rows) {
			String changes = RowsTests.changes(rows);
			return !changes.isEmpty() ? changes : rows.functions().isEmpty() ? ""
					: "calls " + String.join(",", rows.functions().stream().map(NormalForm::name).sorted().toList());
		}
		NormalForm form = NormalForm.of(statement);
		return (form.kind() + " " + form.names()).strip();
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', emptyValue = "",
			textBlock = """
					BEGIN NULL; END                                                     => ``
					BEGIN DELETE FROM t; END;                                           => Delete:t
					BEGIN IF a THEN DROP TABLE t; ELSIF b THEN TRUNCATE u; ELSE CREATE TABLE v (a int); END IF; END => DROP TABLE t; TRUNCATE u; CREATE TABLE v
					BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE f(x)) THEN CREATE TYPE m AS ENUM ('a'); END IF; END => calls f; CREATE TYPE m
					BEGIN LOOP UPDATE t SET a = 1; EXIT WHEN NOT FOUND; END LOOP; END   => Update:t:a
					BEGIN WHILE f() LOOP DELETE FROM t; END LOOP; END                   => calls f; Delete:t
					BEGIN FOR i IN 1..10 LOOP INSERT INTO t VALUES (i); END LOOP; END   => Insert:t
					BEGIN FOR i IN REVERSE 10..1 BY 2 LOOP INSERT INTO t VALUES (i); END LOOP; END => Insert:t
					BEGIN FOR r IN SELECT * FROM t LOOP PERFORM f(r); END LOOP; END     => calls f
					BEGIN FOR r IN DELETE FROM t RETURNING * LOOP NULL; END LOOP; END   => Delete:t
					BEGIN FOREACH x SLICE 1 IN ARRAY f() LOOP DROP VIEW v; END LOOP; END => calls f; DROP VIEW v
					BEGIN CASE x WHEN 1, 2 THEN DROP TABLE t; ELSE NULL; END CASE; END  => DROP TABLE t
					BEGIN CASE WHEN CASE WHEN a THEN b END THEN DROP TABLE t; END CASE; END => DROP TABLE t
					BEGIN IF CASE WHEN a THEN b ELSE c END THEN DROP TABLE t; END IF; END => DROP TABLE t
					BEGIN ALTER TABLE t ADD a int; EXCEPTION WHEN duplicate_column OR others THEN RAISE NOTICE '%', f(); END => ALTER TABLE t; calls f
					BEGIN BEGIN DROP TABLE t; EXCEPTION WHEN undefined_table THEN NULL; END; DROP TABLE u; END => DROP TABLE t; DROP TABLE u
					<<outer>> DECLARE a int; BEGIN <<inner>> LOOP EXIT outer; END LOOP inner; DROP TABLE t; END outer => DROP TABLE t
					DECLARE a int := f(); b text DEFAULT g(); c CONSTANT t.x%TYPE NOT NULL = h(); BEGIN NULL; END => calls f; calls g; calls h
					DECLARE c CURSOR (x int) FOR SELECT f(x) FROM t; BEGIN OPEN c(1); FETCH c INTO y; CLOSE c; END => calls f
					DECLARE BEGIN DECLARE x int; BEGIN DROP TABLE t; END; END           => DROP TABLE t
					BEGIN a := f(); b.c = g(); d[h(1)] := 2; e[1].f := i(); END         => calls f; calls g; calls h; calls i
					BEGIN SELECT a, b INTO STRICT x, y FROM t; END                      => ``
					BEGIN INSERT INTO t VALUES (1) RETURNING id INTO x; END             => Insert:t
					BEGIN GET DIAGNOSTICS n = ROW_COUNT; ASSERT n > 0, 'x'; RAISE EXCEPTION USING MESSAGE = f(); END => calls f
					BEGIN EXECUTE 'DROP TABLE t'; END                                   => DROP TABLE t
					BEGIN EXECUTE 'DROP TABLE t;'; END                                  => DROP TABLE t
					BEGIN EXECUTE 'UPDATE t SET a = $1' USING 5; END                    => Update:t:a
					BEGIN EXECUTE $x$DELETE FROM t WHERE a = 'b'$x$ INTO y; END         => Delete:t where
					BEGIN FOR r IN EXECUTE 'DELETE FROM t RETURNING *' LOOP NULL; END LOOP; END => Delete:t
					BEGIN OPEN c FOR SELECT f(1); END                                   => calls f
					BEGIN OPEN c FOR DELETE FROM t RETURNING *; END                     => Delete:t
					BEGIN OPEN c NO SCROLL FOR WITH d AS (DELETE FROM t RETURNING *) TABLE d; END => Delete:t
					BEGIN OPEN c SCROLL FOR EXECUTE 'DELETE FROM t RETURNING *'; END    => Delete:t
					BEGIN OPEN c(f(1)); END                                             => calls f
					DECLARE c NO SCROLL CURSOR FOR DELETE FROM t RETURNING *; BEGIN OPEN c; END => Delete:t
					DECLARE c CURSOR (x int, y text) IS UPDATE t SET a = x RETURNING *; BEGIN OPEN c(1, ''); END => Update:t:a
					BEGIN EXECUTE 'DELETE FROM t WHERE a = $1' USING f(); END           => Delete:t where; calls f
					BEGIN EXECUTE 'SELECT $1' INTO STRICT x USING f(), g(); END         => calls f,g
					BEGIN RETURN; END                                                   => ``
					BEGIN COMMIT; SET LOCAL search_path = a; CREATE INDEX i ON t (a); END => COMMIT; SET search_path; CREATE INDEX t
					BEGIN CALL p(1); END                                                => CALL p
					BEGIN WITH a AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM a; END => Delete:t; Insert:u
					""")
	void theStatementsInABlockAreRead(String body, String words) {
		DoBlock block = block(body);

		assertThat(words(block)).isEqualTo(words);
		assertThat(block.complete()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			BEGIN EXECUTE 'DROP TABLE ' || x; END                               => UNKNOWN
			BEGIN EXECUTE format('DROP TABLE %I', x); DROP VIEW v; END          => UNKNOWN; DROP VIEW v
			BEGIN EXECUTE x; END                                                => UNKNOWN
			BEGIN FOR r IN EXECUTE 'SELECT ' || x LOOP DROP TABLE t; END LOOP; END => UNKNOWN; DROP TABLE t
			BEGIN EXECUTE 'DROP TABLE t; DROP TABLE u'; END                     => UNKNOWN
			BEGIN EXECUTE 'nothing that is known'; END                          => UNKNOWN
			BEGIN something; DROP TABLE t; END                                  => UNKNOWN; DROP TABLE t
			BEGIN OPEN c FOR EXECUTE x; DROP TABLE t; END                       => UNKNOWN; DROP TABLE t
			BEGIN OPEN c NO SCROLL FOR EXECUTE 'SELECT ' || x; END              => UNKNOWN
			BEGIN IF a DROP TABLE t; END                                        => ``
			""", emptyValue = "")
	void whatCannotBeToldMakesItIncomplete(String body, String words) {
		DoBlock block = block(body);

		assertThat(words(block)).isEqualTo(words);
		assertThat(block.complete()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "DO LANGUAGE plperl 'spi_exec_query()'", "DO 'x' LANGUAGE \"plpython3u\"" })
	void otherLanguagesAreNotRead(String sql) {
		assertThat((DoBlock) Statements.of(sql)).extracting(DoBlock::complete, (block) -> block.statements().size())
			.containsExactly(false, 0);
	}

	@Test
	void theLanguageMayStandBeforeTheBlock() {
		assertThat(words((DoBlock) Statements.of("DO LANGUAGE plpgsql 'BEGIN DROP TABLE t; END'")))
			.isEqualTo("DROP TABLE t");
	}

	@Test
	void aBlockInABlockIsReadToo() {
		DoBlock block = block("BEGIN DO $a$ BEGIN EXECUTE 'DROP TABLE t'; END $a$; END");

		assertThat(words((DoBlock) block.statements().get(0))).isEqualTo("DROP TABLE t");
	}

}
