package dev.tidemark.autoconfigure.binding;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;

import dev.tidemark.autoconfigure.properties.TidemarkProperties;

/**
 * Properties below {@code tidemark} that others read: other modules of ours, which say so
 * in their metadata, and the application, by its metadata or its beans. To find them
 * takes its time, which is spent only if there is a name that is not ours.
 */
final class PropertiesOfOthers {

	static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final ConfigurationPropertyName TIDEMARK = ConfigurationPropertyName.of("tidemark");

	private final PropertyNames ours = PropertyNames.ofTidemark();

	/** Their elements joined, as variables part them otherwise. */
	private final Set<String> names = new HashSet<>();

	private PropertiesOfOthers() {
	}

	static PropertiesOfOthers in(ConfigurableListableBeanFactory beans) {
		PropertiesOfOthers others = new PropertiesOfOthers();
		for (String bean : beans.getBeanDefinitionNames()) {
			ConfigurationProperties properties = beans.findAnnotationOnBean(bean, ConfigurationProperties.class, false);
			if (properties != null && !TidemarkProperties.class.equals(beans.getType(bean, false))) {
				others.add(properties.prefix(), false);
			}
		}
		ClassLoader loader = beans.getBeanClassLoader();
		for (String name : metadata((loader != null) ? loader : ClassLoader.getSystemClassLoader())) {
			others.add(name, true);
		}
		return others;
	}

	/** What cannot be read names nothing. */
	private static List<String> metadata(ClassLoader loader) {
		List<URL> files = new ArrayList<>();
		try {
			loader.getResources(METADATA).asIterator().forEachRemaining(files::add);
		}
		catch (IOException ex) {
			return List.of();
		}
		List<String> names = new ArrayList<>();
		for (URL file : files) {
			try {
				names.addAll(metadata(file));
			}
			catch (IOException | JsonParseException ex) {
				continue;
			}
		}
		return names;
	}

	private static List<String> metadata(URL url) throws IOException {
		try (InputStream stream = url.openStream()) {
			String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			Object properties = text.contains("\"" + TIDEMARK + ".")
					? JsonParserFactory.getJsonParser().parseMap(text).get("properties") : null;
			return (properties instanceof List<?> list) ? list.stream()
				.map((property) -> (property instanceof Map<?, ?> map) ? String.valueOf(map.get("name")) : "")
				.toList() : List.of();
		}
	}

	private void add(String text, boolean withoutOurs) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(text, '.');
		if (!TIDEMARK.equals(name) && !TIDEMARK.isAncestorOf(name)) {
			return;
		}
		List<String> elements = new ArrayList<>();
		for (int i = 1; i < name.getNumberOfElements(); i++) {
			elements.add(name.getElement(i, Form.UNIFORM));
		}
		if (!withoutOurs || !this.ours.contain(elements)) {
			this.names.add(String.join("", elements));
		}
	}

	/**
	 * Return whether somebody else reads a property.
	 * @param elements what its name has below {@code tidemark}
	 */
	boolean contain(List<String> elements) {
		StringBuilder name = new StringBuilder();
		for (String element : elements) {
			if (this.names.contains(name.toString())) {
				return true;
			}
			name.append(element);
		}
		return this.names.contains(name.toString());
	}

}
