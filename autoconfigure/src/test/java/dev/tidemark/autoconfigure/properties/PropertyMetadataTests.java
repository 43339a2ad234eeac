package dev.tidemark.autoconfigure.properties;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.StringUtils;

import dev.tidemark.autoconfigure.fixture.Runners;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What editors know of the properties: what each may be set to, and which beans it names.
 */
class PropertyMetadataTests {

	private static final Path REFERENCE = Path.of("..", "docs", "reference");

	private final JsonNode metadata = JsonMapper.shared()
		// Other jars have a resource of the same name.
		.readTree(Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json").toFile());

	@Test
	void everyValueOfAnEnumIsDescribed() {
		Map<String, Set<String>> constants = new TreeMap<>();
		properties((property) -> type(property).isEnum())
			.forEach((property) -> constants.put(name(property), constants(type(property))));
		Map<String, Set<String>> described = new TreeMap<>();
		constants.keySet().forEach((name) -> described.put(name, new TreeSet<>(descriptions(name).keySet())));
		assertThat(described).isEqualTo(constants);
	}

	@Test
	void everyDescriptionIsASentence() {
		assertThat(this.metadata.path("hints")
			.valueStream()
			.flatMap((hint) -> hint.path("values").valueStream())
			.map((value) -> value.path("description").asString(""))).isNotEmpty()
			.allMatch((text) -> text.matches("[A-Z].*\\."));
	}

	@Test
	void theReferenceDescribesValuesInTheSameWords() throws IOException {
		String values = plain(Files.readString(REFERENCE.resolve("properties.md")));
		String modes = plain(Files.readString(REFERENCE.resolve("modes.md")));
		properties((property) -> type(property).isEnum())
			.forEach((property) -> descriptions(name(property)).forEach((value, description) -> {
				if (type(property) == Mode.class) {
					assertThat(modes).contains("| " + value + " |");
				}
				else {
					assertThat(values.replace(" (or true)", "").replace(" (or false)", ""))
						.contains(value + ": " + StringUtils.uncapitalize(plain(description)));
				}
			}));
	}

	private static String plain(String text) {
		return text.replaceAll("\\[([^]]+)]\\([^)]+\\)", "$1").replace("`", "").replace("\"", "");
	}

	@Test
	void everyHintIsAboutAProperty() {
		Set<String> names = properties((property) -> true).stream()
			.map((property) -> name(property) + (isMap(property) ? ".keys" : ""))
			.collect(Collectors.toSet());
		assertThat(this.metadata.path("hints").valueStream().map(PropertyMetadataTests::name)).isSubsetOf(names);
	}

	@Test
	void keysOfMapsMayBeAnything() {
		assertThat(properties(PropertyMetadataTests::isMap)).isNotEmpty()
			.allSatisfy((property) -> assertThat(providers(name(property) + ".keys")).containsOnlyKeys("any"));
	}

	@Test
	void namesOfBeansLeadToTheirTypes() throws ClassNotFoundException {
		for (String property : List.of("tidemark.connection.data-source", "tidemark.tenants.provider")) {
			String target = providers(property).get("spring-bean-reference").path("target").asString("");
			assertThat(Class.forName(target)).isInterface();
		}
	}

	@Test
	void whateverHasADefaultSaysIt() {
		Set<String> withDefault = properties((property) -> property.has("defaultValue")).stream()
			.map(PropertyMetadataTests::name)
			.collect(Collectors.toSet());
		TidemarkProperties[] bound = new TidemarkProperties[1];
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=jdbc:postgresql://nowhere.invalid/x", "tidemark.mode=off")
			.run((context) -> bound[0] = context.getBean(TidemarkProperties.class));
		Set<String> defaults = defaults("tidemark.", bound[0]);
		// Set above, so that there is something to bind.
		defaults.remove("tidemark.connection.url");
		assertThat(defaults).isNotEmpty().isSubsetOf(withDefault);
	}

	private static Set<String> defaults(String prefix, Record bound) {
		Set<String> names = new TreeSet<>();
		for (RecordComponent component : bound.getClass().getRecordComponents()) {
			String name = prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			Object value = value(component, bound);
			if (value instanceof Record group && NESTED.test(group)) {
				names.addAll(defaults(name + ".", group));
			}
			else if (value != null && !isEmpty(value)) {
				names.add(name);
			}
		}
		return names;
	}

	private static final Predicate<Record> NESTED = (
			value) -> value.getClass().getPackage().equals(TidemarkProperties.class.getPackage());

	private static boolean isEmpty(Object value) {
		return value instanceof Collection<?> collection && collection.isEmpty()
				|| value instanceof Map<?, ?> map && map.isEmpty();
	}

	private static Object value(RecordComponent component, Record bound) {
		try {
			return component.getAccessor().invoke(bound);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void theHealthAndTheEndpointOfTheMigrationsHaveTheirs() {
		assertThat(this.metadata.path("properties").valueStream().map(PropertyMetadataTests::name)).contains(
				"management.health.migrations.enabled", "management.endpoint.migrations.access",
				"management.endpoint.migrations.cache.time-to-live");
	}

	@Test
	void everyPropertyHasATypeThatThereIs() {
		assertThat(properties((property) -> type(property) == Void.class)).isEmpty();
	}

	private List<JsonNode> properties(Predicate<JsonNode> wanted) {
		return this.metadata.path("properties")
			.valueStream()
			.filter((property) -> name(property).startsWith("tidemark."))
			.filter(wanted)
			.toList();
	}

	private Map<String, String> descriptions(String name) {
		return hint(name).path("values")
			.valueStream()
			.collect(Collectors.toMap((value) -> value.path("value").asString(""),
					(value) -> value.path("description").asString("")));
	}

	private Map<String, JsonNode> providers(String name) {
		return hint(name).path("providers")
			.valueStream()
			.collect(Collectors.toMap(PropertyMetadataTests::name, (provider) -> provider.path("parameters")));
	}

	private JsonNode hint(String name) {
		return this.metadata.path("hints")
			.valueStream()
			.filter((hint) -> name(hint).equals(name))
			.findFirst()
			.orElseGet(() -> JsonMapper.shared().createObjectNode());
	}

	private static String name(JsonNode node) {
		return node.path("name").asString("");
	}

	private static boolean isMap(JsonNode property) {
		return type(property) == Map.class;
	}

	/** Returns the class of a property, or {@code Void} if there is none of that name. */
	private static Class<?> type(JsonNode property) {
		try {
			return Class.forName(property.path("type").asString("").replaceAll("<.*", ""));
		}
		catch (ClassNotFoundException ex) {
			return Void.class;
		}
	}

	private static Set<String> constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
