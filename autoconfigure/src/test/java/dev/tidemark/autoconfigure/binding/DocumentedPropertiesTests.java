package dev.tidemark.autoconfigure.binding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the pages to properties that there are.
 */
class DocumentedPropertiesTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern NAME = Pattern.compile("(?<![\\w./-])tidemark\\.([a-z][\\w.-]*)(?![\\w(])");

	private static final Pattern VARIABLE = Pattern.compile("(?<!\\w)TIDEMARK_(\\w+)");

	private static final Pattern YAML = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```$");

	private static final Pattern SETTING = Pattern.compile("SettingNames\\.name\\(\"([^\"]+)\"\\)");

	private static final Pattern METER = Pattern.compile("(?m)^\\| `tidemark\\.([^`]+)` \\|");

	/**
	 * Placeholders, a file, parameters of the Maven plugin, properties of the test
	 * module, and examples of what is wrong.
	 */
	private static final Set<String> NO_PROPERTIES = Set.of("database", "timestamp", "version", "index", "index.skip",
			"folder", "test.clone.enabled", "test.clone.from", "user", "lock-timout",
			"DATABASES_ORDER_ARCHIVE_CONNECTION_PASSWORD");

	private final PropertyNames names = PropertyNames.ofTidemark();

	@Test
	void everyPropertyThatAPageNamesIsThere() throws IOException {
		Set<String> others = new TreeSet<>(NO_PROPERTIES);
		METER.matcher(Files.readString(ROOT.resolve("docs/reference/metrics.md")))
			.results()
			.forEach((meter) -> others.add(meter.group(1)));
		assertThat(found(NAME, (name) -> name.replaceAll("[.-]+$", "")).filter((name) -> !others.contains(name)))
			.isNotEmpty()
			.allMatch((name) -> this.names.contain(elements(name, '.')), "is a property");
	}

	@Test
	void everyVariableThatAPageNamesIsThere() {
		assertThat(found(VARIABLE, UnaryOperator.identity()).filter((name) -> !NO_PROPERTIES.contains(name)))
			.isNotEmpty()
			.allMatch((name) -> this.names.containVariable(elements(name, '_')), "is a variable");
	}

	@Test
	void everyPropertyInYamlIsThere() {
		assertThat(pages().stream()
			.flatMap((page) -> YAML.matcher(page).results())
			.map((block) -> block.group(1))
			.filter((yaml) -> yaml.startsWith("tidemark:") || yaml.contains("\ntidemark:"))
			.flatMap(DocumentedPropertiesTests::keys)
			.filter((key) -> key.startsWith("tidemark."))).hasSizeGreaterThan(20)
			.allMatch((key) -> this.names.contain(elements(key.substring("tidemark.".length()), '.')), "is a property");
	}

	@Test
	void everySettingThatAMessageOfTheEngineNamesIsThere() {
		assertThat(texts(Path.of("..", "core", "src", "main", "java"), ".java").stream()
			.flatMap((text) -> SETTING.matcher(text).results())
			.map((match) -> match.group(1))).hasSizeGreaterThan(80)
			.allMatch((name) -> this.names.contain(elements(name, '.')), "is a property");
	}

	private static Stream<String> keys(String yaml) {
		try {
			List<String> keys = new ArrayList<>();
			for (PropertySource<?> source : new YamlPropertySourceLoader().load("page",
					new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))) {
				keys.addAll(List.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
			}
			return keys.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<String> found(Pattern pattern, UnaryOperator<String> end) {
		return pages().stream()
			.flatMap((page) -> pattern.matcher(page).results())
			.map((MatchResult match) -> end.apply(match.group(1)))
			.distinct();
	}

	private static List<String> elements(String name, char separator) {
		ConfigurationPropertyName adapted = ConfigurationPropertyName.adapt(name.toLowerCase(Locale.ROOT), separator);
		List<String> elements = new ArrayList<>();
		for (int i = 0; i < adapted.getNumberOfElements(); i++) {
			elements.add(adapted.getElement(i, Form.UNIFORM));
		}
		return elements;
	}

	private static List<String> pages() {
		List<String> pages = new ArrayList<>(texts(ROOT.resolve("docs"), ".md"));
		pages.addAll(texts(ROOT.resolve("README.md"), ".md"));
		pages.addAll(texts(ROOT.resolve("sample-app/README.md"), ".md"));
		return pages;
	}

	private static List<String> texts(Path folder, String ending) {
		try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
			List<String> texts = new ArrayList<>();
			for (Path file : files.filter((path) -> path.toString().endsWith(ending)).toList()) {
				texts.add(Files.readString(file));
			}
			return texts;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
