package dev.tidemark.migration;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is not linear takes minutes of a processor here, and what is linear a second, also
 * on a machine that is busy with other work.
 */
class HugePlaceholderTests {

	private static final int SIZE = 600_000;

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

	private static String repeated(String fragment) {
		return fragment.repeat(SIZE / fragment.length());
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "abcdefg", "ab ", "a\n", "'", "\\", "abcdefghij klmnop\n" })
	void aValueThatRepeatsItselfIsMasked(String fragment) {
		String value = repeated(fragment) + "x";
		UnaryOperator<String> mask = Placeholders.of(Map.of("body_secret", value, "other", "7")).mask();

		assertThat(mask.apply("no " + value + " at 7")).isEqualTo("no ${body_secret} at ${other}");
		assertThat(mask.apply("no " + repeated(fragment))).startsWith("no ");
		for (int i = 0; i < 1000; i++) {
			assertThat(mask.apply("one notice of many, " + i)).startsWith("one notice");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "${", "${a:", "${:", "${a:b:c:", "${a", "${flyway:", "${tidemark.x:" })
	void placeholdersThatDoNotEndAreRead(String fragment) {
		for (String text : new String[] { "SELECT '" + repeated(fragment) + "}'",
				"DO $$ " + repeated(fragment) + "} $$", "SELECT " + repeated(fragment) }) {
			FilePlaceholders placeholders = new FilePlaceholders(Placeholders.of(Map.of("x", "V")), null, "V1__a.sql",
					null, PlaceholderReplacement.AUTO);
			try {
				assertThat(SqlScript.parse(text, placeholders).statements()).isNotEmpty();
			}
			catch (SqlSyntaxException ex) {
				assertThat(ex.line()).isPositive();
			}
		}
	}

}
