package dev.tidemark.sql.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SubstitutionTests {

	private final Map<String, String> values = new TreeMap<>();

	private final List<String> asked = new ArrayList<>();

	private String prefix = "${";

	private String suffix = "}";

	private SqlScript parse(String text) {
		return SqlScript.parse(text, new Substitution() {

			@Override
			public String prefix() {
				return SubstitutionTests.this.prefix;
			}

			@Override
			public String suffix() {
				return SubstitutionTests.this.suffix;
			}

			@Override
			public @Nullable String replace(String content, Surroundings surroundings, int line, int column) {
				SubstitutionTests.this.asked.add(content + " " + surroundings + " " + line + ":" + column);
				return SubstitutionTests.this.values.get(content);
			}

		});
	}

	private List<String> texts(String text) {
		return parse(text).statements().stream().map(SqlStatement::text).toList();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "DROP TABLE ${x}_t|no \"v_t\"|no \"${x}_t\"", "DROP TABLE \"${x} t\"|no \"V t\"|no \"${x} t\"",
					"DROP TABLE ${two}|no \"a\".\"b\", abc|no \"${two}\".\"${two}\", abc",
					"DROP TABLE ${x}|no v_pkey, nov|no ${x}_pkey, nov",
					"SELECT '${x}' FROM t|no 'V' in t|no '${x}' in t", "DROP TABLE v|no v|no v",
					"DROP TABLE ${quote}|no \"a\"\"b\"|no \"${quote}\"" })
	void aMessageAboutAStatementGetsItsPlaceholdersBack(String text, String message, String expected) {
		this.values.putAll(Map.of("x", "V", "two", "a.b", "quote", "\"a\"\"b\""));

		assertThat(parse(text).statements().get(0).mask(message)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "SELECT ${x}|SELECT V", "${x}|V",
			"SELECT '${x}'|SELECT 'V'", "SELECT E'\\\\${x}'|SELECT E'\\\\V'", "SELECT \"${x}\"|SELECT \"V\"",
			"SELECT a${x}b|SELECT aVb", "SELECT tab$${x}|SELECT tab$V", "SELECT ${x}_t|SELECT V_t",
			"SELECT 1${x}|SELECT 1V", "SELECT '${x}${x}', ${x}.${x}|SELECT 'VV', V.V", "SELECT '''${x}'|SELECT '''V'",
			"SELECT U&'${x}'|SELECT U&'V'", "SELECT ($1, ${x})|SELECT ($1, V)", "SELECT ${x}::text|SELECT V::text",
			"SELECT -${x}|SELECT -V", "SELECT $$a$$, ${x}|SELECT $$a$$, V" })
	void aValueTakesThePlaceOfItsPlaceholder(String text, String expected) {
		this.values.put("x", "V");

		assertThat(texts(text)).containsExactly(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 1 -- ${x}", "-- ${x}\nSELECT 1", "/* ${x} */ SELECT 1", "SELECT /* ${x} */ 1",
			"SELECT 1; -- ${x}" })
	void commentsAreNotLookedAt(String text) {
		parse(text);

		assertThat(this.asked).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT '${x'", "SELECT '${x' || '}'", "SELECT '${', '}'", "SELECT '${x\n}'",
			"SELECT \"${x\"" })
	void whatHasNoEndOnItsLineAndInItsQuotesIsNoPlaceholder(String text) {
		assertThat(texts(text)).containsExactly(text);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void thePlaceInWhichItStandsIsTold() {
		parse("SELECT ${a}, '${b}';\n DO $x$ ${c} $x$; SELECT \"${d}\";\r\nCOPY t FROM stdin;\n1\t${e}\n\\.\n");

		assertThat(this.asked).containsExactly("a SQL 1:8", "b LITERAL 1:15", "c BODY 2:9", "d LITERAL 2:27",
				"e LITERAL 4:3");
	}

	@Test
	void theTagOfADollarQuoteIsNoPlaceholder() {
		this.values.put("x", "V");

		assertThat(texts("SELECT $${x}$$")).containsExactly("SELECT $${x}$$");
		assertThat(texts("SELECT $$${x}$$")).containsExactly("SELECT $$V$$");
	}

	@Test
	void rowsOfACopyAreReplacedToo() {
		this.values.put("t", "copied");
		this.values.put("x", "a'b");
		SqlScript script = parse("COPY public.a FROM stdin;\n1\t${x}\n\\.\nSELECT '${t}'");

		assertThat(script.statements().get(0).copyRows()).hasToString("1\ta'b\n");
		assertThat(script.statements().get(1).text()).isEqualTo("SELECT 'copied'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "${t}", "${s}.t", "a${t}", "\"${t}\"", "${s}.\"${t}\" (id, ${t})" })
	void theTableOfACopyWithRowsMayBeAPlaceholder(String table) {
		this.values.put("t", "tab");
		this.values.put("s", "public");
		SqlScript script = parse("COPY " + table + " FROM stdin;\nit's\n\\.\nSELECT 1");

		assertThat(script.statements()).hasSize(2);
		assertThat(script.statements().get(0).copyRows()).hasToString("it's\n");
	}

	@Test
	void aValueMayBeEmpty() {
		this.values.put("x", "");

		assertThat(texts("${x}; SELECT ${x}1${x}; ${x}")).containsExactly("SELECT 1");
	}

	@Test
	void aValueMayBeSeveralStatements() {
		this.values.put("x", "SELECT 1;\nSELECT 2; SELECT");
		SqlScript script = parse("${x} 3;\nSELECT 4");

		assertThat(script.statements()).extracting(SqlStatement::text)
			.containsExactly("SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4");
		assertThat(script.statements()).extracting(SqlStatement::source)
			.containsExactly("${x}", "${x}", "${x} 3", "SELECT 4");
		assertThat(script.statements()).extracting(SqlStatement::line).containsExactly(1, 1, 1, 2);
	}

	@Test
	void aValueIsNotSearchedForPlaceholders() {
		this.values.put("x", "'${y}'");
		this.values.put("y", "no");

		assertThat(texts("SELECT ${x}")).containsExactly("SELECT '${y}'");
	}

	@Test
	void whatIsLeftAloneMayHoldAPlaceholder() {
		this.values.put("x", "V");

		assertThat(texts("SELECT '${a ${x}}'")).containsExactly("SELECT '${a V}'");
	}

	@Test
	void prefixAndSuffixMayBeOthers() {
		this.prefix = "__";
		this.suffix = "__";
		this.values.put("x", "V");

		assertThat(texts("SELECT __x__, a__x__b, ${x1}")).containsExactly("SELECT V, aVb, ${x1}");
	}

	@Test
	void positionsAndExcerptsAreThoseOfTheFile() {
		this.values.put("x", "one\ntwo\nthree");
		SqlScript script = parse("SELECT ${x};\n  SELECT 2, ${x}, oops");
		SqlStatement second = script.statements().get(1);

		assertThat(second.line()).isEqualTo(2);
		assertThat(second.column()).isEqualTo(3);
		assertThat(second.source()).isEqualTo("SELECT 2, ${x}, oops");
		assertThat(second.excerpt()).isEqualTo("SELECT 2, ${x}, oops");
		assertThat(second.sourceIndex(0)).isZero();
		assertThat(second.sourceIndex(second.text().indexOf("two"))).isEqualTo(10);
		assertThat(second.sourceIndex(second.text().indexOf("oops"))).isEqualTo(16);
		assertThat(second.sourceIndex(second.text().length())).isEqualTo(20);
	}

	@Test
	void anExcerptNeverShowsTheValue() {
		this.values.put("x", "its'; DROP TABLE t; SELECT '");

		assertThat(parse("SELECT '${x}', 1").statements()).extracting(SqlStatement::excerpt)
			.allSatisfy((excerpt) -> assertThat(excerpt).doesNotContain("DROP"));
	}

	@Test
	void anExcerptEndsWhereThePlaceholderWouldCloseAQuote() {
		this.values.put("x", "' || '");
		SqlScript script = parse("SELECT 'a${x}b', 'c'");

		assertThat(script.statements().get(0).text()).isEqualTo("SELECT 'a' || 'b', 'c'");
		assertThat(script.statements().get(0).excerpt()).isEqualTo("SELECT 'a${x}b', 'c'");
	}

	@Test
	void whatAValueBreaksIsToldAtItsPlaceholder() {
		this.values.put("x", "'open");
		SqlSyntaxException failure = catchThrowableOfType(SqlSyntaxException.class,
				() -> parse("SELECT 1;\nSELECT ${x};\nSELECT 2"));

		assertThat(failure.reason()).isEqualTo(SyntaxFault.Reason.UNTERMINATED_STRING);
		assertThat(failure.line()).isEqualTo(2);
		assertThat(failure.column()).isEqualTo(8);
		assertThat(failure).hasMessageEndingWith("(line 2, column 8)");
	}

	@Test
	void aDefaultMayHoldWhatSqlHas() {
		this.values.put("x:now() - '1 day'", "V");

		assertThat(texts("SELECT ${x:now() - '1 day'}, 'a;b'; SELECT 2")).containsExactly("SELECT V, 'a;b'",
				"SELECT 2");
	}

	@Test
	void manyPlaceholdersTakeTimeInProportion() {
		this.values.put("x", "value");
		SqlScript script = parse("INSERT INTO t VALUES (1, '${x}');\n".repeat(50_000) + "SELECT ${y}");

		assertThat(script.statements()).hasSize(50_001);
		assertThat(script.statements().get(49_999).line()).isEqualTo(50_000);
		assertThat(script.statements().get(49_999).source()).isEqualTo("INSERT INTO t VALUES (1, '${x}')");
	}

}
