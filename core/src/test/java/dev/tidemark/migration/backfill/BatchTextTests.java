package dev.tidemark.migration.backfill;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BatchTextTests {

	private static BatchText text(String sql) {
		return BatchText.of(SqlScript.parse(sql));
	}

	private static String batch(String sql) {
		BatchText text = text(sql);
		assertThat(text.marks()).allSatisfy((marks) -> assertThat(marks.faults()).isEmpty());
		return new BatchStatement(text.script().statements().get(0), text.marks().get(0).marks())
			.sql((alias) -> ((alias != null) ? alias + "." : "") + "id > 5");
	}

	private static String fault(String sql) {
		return String.join(" ", text(sql).marks().get(0).faults());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"UPDATE users SET a = 1 WHERE {batch} | UPDATE users SET a = 1 WHERE (id > 5)",
			"UPDATE users u SET a = 1 WHERE {batch:u} AND b | UPDATE users u SET a = 1 WHERE (u.id > 5) AND b",
			"UPDATE users u SET a = 1 WHERE {batch:U} | UPDATE users u SET a = 1 WHERE (u.id > 5)",
			"UPDATE users \"U\" SET a = 1 WHERE {batch:\"U\"} | UPDATE users \"U\" SET a = 1 WHERE (U.id > 5)",
			"DELETE FROM users WHERE {BATCH} | DELETE FROM users WHERE (id > 5)",
			"INSERT INTO b SELECT * FROM users WHERE({batch})ON CONFLICT DO NOTHING | INSERT INTO b SELECT * FROM users WHERE((id > 5))ON CONFLICT DO NOTHING",
			"MERGE INTO b USING users u ON {batch:u} AND b.id = u.id WHEN MATCHED THEN DO NOTHING | MERGE INTO b USING users u ON (u.id > 5) AND b.id = u.id WHEN MATCHED THEN DO NOTHING",
			"WITH x AS (DELETE FROM users WHERE {batch} RETURNING *) INSERT INTO b SELECT * FROM x | WITH x AS (DELETE FROM users WHERE (id > 5) RETURNING *) INSERT INTO b SELECT * FROM x",
			"UPDATE t SET a = 1 WHERE {batch} AND id IN (SELECT id FROM t WHERE {batch}) | UPDATE t SET a = 1 WHERE (id > 5) AND id IN (SELECT id FROM t WHERE (id > 5))" })
	void theConditionTakesThePlaceOfTheMark(String sql, String batch) {
		assertThat(batch(sql)).isEqualTo(batch);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT '{batch}'", "SELECT E'\\'{batch}'", "SELECT $$ {batch} $$",
			"SELECT $a$ $$ {batch} $a$", "SELECT 1 /* {batch} /* {batch} */ */", "SELECT 1 -- {batch}\n",
			"SELECT 1 AS \"{batch}\"", "SELECT U&'{batch}'" })
	void whatIsQuotedStays(String sql) {
		BatchText text = text(sql);

		assertThat(text.marks()).allSatisfy((marks) -> assertThat(marks.marks()).isEmpty());
		assertThat(text.marks()).allSatisfy((marks) -> assertThat(marks.faults()).isEmpty());
		assertThat(text.script().text()).isEqualTo(sql);
	}

	@Test
	void positionsStayAndPeopleReadWhatTheFileSays() {
		String sql = "UPDATE users u\r\n SET a = 1 WHERE {batch:u}\n AND b;\nDELETE FROM users WHERE {batch}";

		SqlScript script = text(sql).script();

		assertThat(script.text()).hasSameSizeAs(sql);
		SqlStatement first = script.statements().get(0);
		assertThat(first.text()).isEqualTo("UPDATE users u\r\n SET a = 1 WHERE TRUE     \n AND b");
		assertThat(first.source()).isEqualTo("UPDATE users u\r\n SET a = 1 WHERE {batch:u}\n AND b");
		assertThat(first.excerpt()).contains("{batch:u}").doesNotContain("TRUE");
		assertThat(first.listing()).contains("{batch:u}");
		assertThat(first.mask("a true story")).isEqualTo("a true story");
		SqlStatement second = script.statements().get(1);
		assertThat(second.text()).isEqualTo("DELETE FROM users WHERE TRUE   ");
		assertThat(second.line()).isEqualTo(4);
		assertThat(second.number()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "UPDATE t SET a = {batch} | no condition can stand",
			"UPDATE t SET a = 1 WHERE x OR {batch} | no condition can stand",
			"UPDATE t SET a = 1 WHERE NOT {batch} | no condition can stand",
			"UPDATE t SET a = 1 WHERE x OR y AND {batch} | An OR stands beside",
			"UPDATE t SET a = 1 WHERE {batch} OR x | An OR stands beside",
			"UPDATE t SET a = 1 WHERE {batch} AND (x) OR y | An OR stands beside",
			"UPDATE t SET a = 1 WHERE ({batch} OR x) AND y | An OR stands beside",
			"UPDATE t SET a = 1 WHERE ({batch} AND x) OR y | An OR stands beside",
			"UPDATE t SET a = 1 WHERE (({batch})) OR y | An OR stands beside",
			"UPDATE t SET a = 1 WHERE {batch} IS NOT TRUE | Behind {batch} stands",
			"UPDATE t SET a = 1 WHERE ({batch}) IS NOT TRUE | in parentheses that are no condition",
			"UPDATE t SET a = 1 WHERE ({batch} AND x) = false | in parentheses that are no condition",
			"UPDATE t SET a = 1 WHERE NOT ({batch}) | in parentheses that are no condition",
			"UPDATE t SET a = 1 WHERE NOT (x AND ({batch})) | in parentheses that are no condition",
			"UPDATE t SET a = 1 WHERE coalesce({batch}, true) | in parentheses that are no condition",
			"UPDATE t SET a = 1 WHERE y OR ({batch} AND x) | in parentheses that are no condition",
			"UPDATE t SET a = 1 WHERE {batch} = true | Behind {batch} stands",
			"UPDATE t SET a = 1 WHERE {batch}::boolean | Behind {batch} stands",
			"UPDATE t SET a = 1 WHERE {batch}{batch} | Behind {batch} stands",
			"UPDATE t SET a = 1 WHERE {bacth} | something else than",
			"UPDATE t SET a = 1 WHERE { batch } | something else than",
			"UPDATE t SET a = 1 WHERE {batch: u} | something else than",
			"UPDATE t SET a = 1 WHERE {batch/* */} | something else than",
			"UPDATE t SET a = 1 WHERE {batch:u.x} | something else than",
			"UPDATE t SET a = 1 WHERE {batch:} | something else than",
			"UPDATE t SET a = 1 WHERE {batch | something else than", "UPDATE t SET a = 1 WHERE { | something else than",
			"UPDATE t SET a = 1 WHERE {batch:1} | something else than" })
	void aMarkThatCannotHoldForEachRowIsFound(String sql, String fault) {
		assertThat(fault(sql)).contains(fault);
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE t SET a = 1 WHERE {batch} AND (x OR y)",
			"UPDATE t SET a = 1 WHERE (({batch}) AND (x OR y)) AND NOT z",
			"DELETE FROM t USING u WHERE (SELECT true FROM t WHERE {batch}) IS TRUE AND u.x",
			"UPDATE t SET a = CASE WHEN x OR y THEN 1 END WHERE {batch}",
			"UPDATE t SET a = 1 WHERE CASE WHEN x OR y THEN z END AND {batch}",
			"UPDATE t SET a = (SELECT 1 WHERE x OR y) WHERE {batch}",
			"INSERT INTO b SELECT 1 FROM t WHERE x OR y UNION ALL SELECT 2 FROM t WHERE {batch}",
			"UPDATE t SET \"or\" = 1 WHERE {batch} AND t.or", "UPDATE t SET a = t.case WHERE {batch} AND (x OR y)",
			"WITH c AS (SELECT 1 WHERE x OR y) DELETE FROM t USING c WHERE {batch}",
			"UPDATE t SET a = b[CASE WHEN x OR y THEN 1 ELSE 2 END] WHERE {batch}" })
	void anOrSomewhereElseDoesNoHarm(String sql) {
		assertThat(fault(sql)).isEmpty();
	}

	@Test
	@Timeout(20)
	void hostileTextsAreReadOnce() {
		String marks = "{batch} AND ".repeat(100_000);
		BatchText text = text("DELETE FROM t WHERE " + marks + "x");
		assertThat(text.marks().get(0).marks()).hasSize(100_000);
		assertThat(new BatchStatement(text.script().statements().get(0), text.marks().get(0).marks())
			.sql((alias) -> "id = 1")).hasSize(20 + 100_000 * 13 + 1);
		assertThat(text("DELETE FROM t WHERE {batch};".repeat(50_000)).script().statements()).hasSize(50_000);
		assertThat(fault("DELETE FROM t WHERE " + "{".repeat(100_000))).contains("something else");
		assertThat(fault("DELETE FROM t WHERE " + "CASE ".repeat(100_000) + "{batch}")).isNotEmpty();
		assertThat(fault("DELETE FROM t WHERE " + "(".repeat(100_000) + "{batch}" + ")".repeat(100_000))).isEmpty();
		for (String open : List.of("'", "\"", "$$", "/*")) {
			assertThatExceptionOfType(SqlSyntaxException.class)
				.isThrownBy(() -> text("DELETE FROM t WHERE {batch} AND " + open + "{batch}"));
		}
		assertThat(fault("DELETE FROM t WHERE {\0batch}")).contains("something else");
	}

}
