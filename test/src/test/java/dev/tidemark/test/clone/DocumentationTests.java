package dev.tidemark.test.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/tasks/test-with-migrations.md} equal to the properties.
 */
class DocumentationTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tidemark\\.test\\.[^`]+)` \\|");

	private static final Pattern METADATA = Pattern.compile("\"name\": \"([^\"]+)\"");

	@Test
	void thePageListsEveryPropertyAndNoOther() throws IOException {
		assertThat(matches(ROW, Path.of("../docs/tasks/test-with-migrations.md"))).isNotEmpty()
			.isEqualTo(matches(METADATA, Path.of("target/classes/META-INF/spring-configuration-metadata.json")));
	}

	private static List<String> matches(Pattern pattern, Path file) throws IOException {
		return pattern.matcher(Files.readString(file)).results().map((MatchResult match) -> match.group(1)).toList();
	}

}
