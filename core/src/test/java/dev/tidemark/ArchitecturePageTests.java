package dev.tidemark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/contributing/architecture.md} and its picture equal to the house.
 */
class ArchitecturePageTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(dev\\.tidemark[\\w.]*)` \\|");

	private static final Pattern BAND = Pattern.compile("<text class=\"room\"[^>]*>([^<]+)</text>");

	private static final Pattern ROOM = Pattern
		.compile("^(dev\\.tidemark(?:\\.run(?:\\.step|\\.recovery)?|\\.\\w+)?)(?:\\..*)?$");

	@Test
	void thePageNamesTheRoomsOfAllPackagesAndNoOther() throws IOException {
		assertThat(packages().stream().map(ArchitecturePageTests::roomOf)).hasSameElementsAs(named());
	}

	@Test
	void thePageNamesTheRoomsInTheOrderOfTheWalls() throws IOException {
		List<String> walls = Files.readAllLines(Path.of("src/test/resources/rooms.txt"))
			.stream()
			.filter((line) -> line.startsWith("dev."))
			.map(ArchitecturePageTests::roomOf)
			.distinct()
			.toList();

		assertThat(named()).containsExactlyElementsOf(walls);
	}

	@Test
	void thePictureShowsTheRoomsOfThePage() throws IOException {
		List<String> shown = find(BAND, "../docs/images/rooms.svg").stream()
			.map((room) -> room.equals("dev.tidemark") ? room : "dev.tidemark." + room)
			.toList();

		assertThat(shown).containsExactlyElementsOf(named());
	}

	/** Whatever lies below a room belongs to it, but for what a run consists of. */
	private static String roomOf(String name) {
		return ROOM.matcher(name).replaceFirst("$1");
	}

	private static List<String> named() throws IOException {
		return find(ROW, "../docs/contributing/architecture.md");
	}

	private static List<String> find(Pattern pattern, String file) throws IOException {
		return pattern.matcher(Files.readString(Path.of(file))).results().map((match) -> match.group(1)).toList();
	}

	private static List<String> packages() throws IOException {
		Path sources = Path.of("src/main/java");
		try (Stream<Path> files = Files.walk(sources)) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.map((file) -> sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.'))
				.distinct()
				.toList();
		}
	}

}
