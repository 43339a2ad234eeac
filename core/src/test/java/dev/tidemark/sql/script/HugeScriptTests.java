package dev.tidemark.sql.script;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault.Reason;
import dev.tidemark.sql.secret.Secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is not linear takes minutes of a processor here, and what is linear a second, also
 * on a machine that is busy with other work.
 */
class HugeScriptTests {

	private static final int SIZE = 1_000_000;

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private long start;

	@BeforeEach
	void startClock() {
		this.start = THREADS.getCurrentThreadCpuTime();
	}

	@AfterEach
	void wasLinear() {
		assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - this.start)).isLessThan(LIMIT);
	}

	@ParameterizedTest
	@MethodSource("fragments")
	void repeatedFragmentIsReadInLinearTime(String fragment) {
		String text = repeated(fragment);
		try {
			for (SqlStatement statement : SqlScript.parse(text).statements()) {
				assertThat(statement.line()).isPositive();
			}
		}
		catch (SqlSyntaxException ex) {
			assertThat(ex.line()).isPositive();
		}
	}

	@ParameterizedTest
	@MethodSource("fragments")
	void repeatedFragmentIsMaskedInLinearTime(String fragment) {
		assertThat(Secrets.mask(repeated(fragment))).isNotEmpty();
	}

	@ParameterizedTest
	@MethodSource("fragments")
	void repeatedFragmentIsExcerptedInLinearTime(String fragment) {
		String text = "SELECT $huge$" + repeated(fragment) + "$huge$";
		assertThat(SqlScript.parse(text).statements().get(0).excerpt()).hasSizeLessThanOrEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "${", "${a", "${a:", "${:", "${a}", "$${", "{", "}" })
	void placeholdersThatDoNotEndAreReadInLinearTime(String fragment) {
		for (String end : List.of(" from nosuch", "} from nosuch")) {
			String text = "select 1 " + repeated(fragment) + end;
			try {
				assertThat(SqlScript.parse(text, new Keeping()).statements()).isNotEmpty();
			}
			catch (SqlSyntaxException ex) {
				assertThat(ex.line()).isPositive();
			}
		}
	}

	@Test
	void manyStatementsAreCounted() {
		SqlScript script = SqlScript.parse("INSERT INTO t VALUES (1, 'abc');\n".repeat(100_000));
		assertThat(script.statements()).hasSize(100_000);
		assertThat(script.statements().get(99_999).line()).isEqualTo(100_000);
	}

	@Test
	void deeplyNestedCommentIsClosed() {
		assertThat(SqlScript.parse("/*".repeat(SIZE / 4) + "*/".repeat(SIZE / 4) + "SELECT 1").statements()).hasSize(1);
	}

	@Test
	void deeplyNestedParenthesesAreClosed() {
		assertThat(SqlScript.parse("(".repeat(SIZE / 2) + ")".repeat(SIZE / 2)).statements()).hasSize(1);
	}

	@Test
	void deeplyNestedBodiesAreReported() {
		String text = "CREATE FUNCTION f() BEGIN ATOMIC ".repeat(SIZE / 33);
		assertThat(catchThrowableOfType(SqlSyntaxException.class, () -> SqlScript.parse(text)).reason())
			.isEqualTo(Reason.UNTERMINATED_BLOCK);
	}

	@Test
	void hugeCopyIsOneStatement() {
		SqlScript script = SqlScript.parse("COPY t FROM stdin;\n" + "1\t\\\\.\\.\n".repeat(SIZE / 9) + "\\.\nSELECT 1");
		assertThat(script.statements()).hasSize(2);
	}

	@Test
	void manyCopiesAreFound() {
		assertThat(SqlScript.parse("COPY t (a) FROM stdin;\n1\n\\.\n".repeat(SIZE / 29)).statements())
			.hasSize(SIZE / 29);
	}

	static Stream<String> fragments() {
		return Stream.of("$", "$a", "$a$", "$a$b$", "'", "''", "' '", "'a'\n", "'a' ", "E'\\'", "\"", "\"\"", "/*",
				"*/", "/* */", "/**/", "/", "*", "-", "--", "--\n", "- ", ";", "; ", "(", ")", "()", "a", "a ", "1",
				"1a", "\n", "\r", "\r\n", " ", "@", "@-", "\u00e4", "\ud83d\ude00", "BEGIN ", "BEGIN ATOMIC ", "END;",
				"CASE ", "CREATE FUNCTION BEGIN ATOMIC;", "COPY t FROM ", "COPY t FROM stdin",
				"SET standard_conforming_strings = off;", "password", "password ", "password=", "password='",
				"password=(", "password=a(", "password=(\\'", "password=(''", "password '\\'", "password=''\\\\",
				"password '", "password ''", "password=''a", "password $a", "password $$", "PASSWORD 'x'\n", "://",
				"://a", "://a:b", "://a:b/", "://a:b@", "a:", "a@", "connection '", "connection ", "\\");
	}

	/** Leaves all placeholders as they are. */
	private static final class Keeping implements Substitution {

		@Override
		public String prefix() {
			return "${";
		}

		@Override
		public String suffix() {
			return "}";
		}

		@Override
		public @Nullable String replace(String content, Surroundings surroundings, int line, int column) {
			return null;
		}

	}

	private static String repeated(String fragment) {
		return fragment.repeat(SIZE / fragment.length());
	}

}
