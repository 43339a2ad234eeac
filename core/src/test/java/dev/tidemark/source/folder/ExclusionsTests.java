package dev.tidemark.source.folder;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ExclusionsTests {

	@ParameterizedTest
	@CsvSource({ "rollback/**,rollback/a.sql", "rollback/**,rollback/2024/a.sql", "/rollback/,rollback/a.sql",
			"rollback\\**,rollback/a.sql", "**/*.md.sql,a.md.sql", "**/*.md.sql,a/b/c.md.sql", "*.sql,a.sql",
			"**/old/*,a/old/V1__x.sql", "a?.sql,ab.sql", "a.sql,a.sql.conf", "a.sql,a.sql" })
	void theseAreExcluded(String pattern, String path) {
		assertThat(Exclusions.of(pattern).exclude(path)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "rollback/**,undo/rollback/a.sql", "*.sql,a/b.sql", "rollback/*,rollback/2024/a.sql",
			"Rollback/**,rollback/a.sql", "a.sql,a.sql.txt" })
	void theseAreNot(String pattern, String path) {
		assertThat(Exclusions.of(pattern).exclude(path)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "/", "classpath:db/migration/rollback/**", "C:/a", "{a,b}/**", "a/{x:[}" })
	void whatIsNoPatternIsRefused(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> Exclusions.of(pattern))
			.withMessageContaining("is no pattern");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rollback/1.0__x.sql", "a b/[x]{y}*?.sql", "a,b.sql", "it's.sql", " x .sql", "ü/ø.sql" })
	void thePatternThatIsSuggestedForAPathExcludesItInAListToo(String path) {
		String pattern = Exclusions.literal(path);

		assertThat(new Exclusions(List.of(("other/**," + pattern).split(","))).exclude(path)).isTrue();
	}

}
