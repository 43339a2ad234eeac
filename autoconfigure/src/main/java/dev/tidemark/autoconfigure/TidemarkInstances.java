package dev.tidemark.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.env.Environment;

/**
 * The instances of {@code tidemark.instances.<name>.*}. What one does not say is what
 * {@code tidemark.*} says, except for what makes an instance what it is: which database
 * it is about is inherited as a whole or not at all, and tenants never are.
 */
final class TidemarkInstances {

	static final String PREFIX = "tidemark.instances";

	private static final Set<ConfigurationPropertyName> CONNECTION = Set.of(ConfigurationPropertyName.of("url"),
			ConfigurationPropertyName.of("data-source"));

	private static final Set<ConfigurationPropertyName> TENANTS = Set
		.of(ConfigurationPropertyName.of("tenants.schemas"), ConfigurationPropertyName.of("tenants.provider"));

	/** What the start as a whole is told. */
	private static final List<String> OF_ALL = List.of("resolve", "undo", "plan", "background", "inspection-timeout");

	private final Environment environment;

	private final ApplicationConversionService conversions = new ApplicationConversionService();

	TidemarkInstances(Environment environment) {
		this.environment = environment;
		this.conversions.addConverter(new VersionConverter());
	}

	/** Returns the names of all instances in the order in which they run. */
	List<String> names() {
		Set<String> names = new TreeSet<>(Binder.get(this.environment)
			.bind(PREFIX, Bindable.mapOf(String.class, Object.class))
			.map(Map::keySet)
			.orElse(Set.of()));
		List<String> ordered = new ArrayList<>(names);
		// The tenants may be listed in a table that another instance makes.
		ordered.sort((left, right) -> Boolean.compare(hasTenants(left), hasTenants(right)));
		return ordered;
	}

	/** Tells whether an instance is about many schemas. */
	boolean hasTenants(String name) {
		return TENANTS.stream().anyMatch((property) -> isSet(name, property));
	}

	/**
	 * Returns the settings of an instance.
	 * @throws InvalidConfigurationPropertyValueException if it has one that only the
	 * application as a whole can have
	 */
	TidemarkProperties properties(String name) {
		for (String property : OF_ALL) {
			if (isSet(name, ConfigurationPropertyName.of(property))) {
				throw new InvalidConfigurationPropertyValueException(prefix(name) + "." + property, "of its own",
						"It is said for the application as a whole, as tidemark." + property + ".");
			}
		}
		boolean own = CONNECTION.stream().anyMatch((property) -> isSet(name, property));
		Predicate<ConfigurationPropertyName> inherited = (property) -> !(own && CONNECTION.contains(property))
				&& TENANTS.stream().noneMatch((other) -> other.equals(property) || other.isAncestorOf(property));
		List<ConfigurationPropertySource> sources = new ArrayList<>(sources(prefix(name)));
		sources("tidemark").forEach((source) -> sources.add(source.filter(inherited)));
		return binder(sources).bindOrCreate("", Bindable.of(TidemarkProperties.class));
	}

	/**
	 * Returns the mode of an instance.
	 * @param name its name, or that of any other {@code Tidemark}
	 * @return its mode if it has one of its own, else {@code null}
	 * @throws InvalidConfigurationPropertyValueException if it is one that only the
	 * application as a whole can have
	 */
	@Nullable Mode mode(String name) {
		Mode mode = binder(sources(prefix(name))).bind("mode", Mode.class).orElse(null);
		if (mode == null || mode == Mode.VERIFY || mode == Mode.OFF) {
			return mode;
		}
		Mode all = binder(sources("tidemark")).bind("mode", Mode.class).orElse(Mode.MIGRATE);
		if (mode == Mode.MIGRATE && all != Mode.VERIFY && all != Mode.OFF) {
			return mode;
		}
		throw new InvalidConfigurationPropertyValueException(prefix(name) + ".mode", mode,
				"Of its own an instance can have the modes verify and off, and migrate where tidemark.mode (now "
						+ all.name().toLowerCase(Locale.ROOT).replace('_', '-')
						+ ") lets it; set any other as tidemark.mode.");
	}

	private boolean isSet(String name, ConfigurationPropertyName property) {
		return sources(prefix(name)).stream()
			.anyMatch((source) -> source.getConfigurationProperty(property) != null
					|| source.containsDescendantOf(property) == ConfigurationPropertyState.PRESENT);
	}

	/**
	 * Returns the name of an instance's properties, which has dashes where people like.
	 */
	static String prefix(String name) {
		return PREFIX + "." + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	private List<ConfigurationPropertySource> sources(String prefix) {
		List<ConfigurationPropertySource> sources = new ArrayList<>();
		ConfigurationPropertySources.get(this.environment).forEach((source) -> sources.add(source.withPrefix(prefix)));
		return sources;
	}

	private Binder binder(List<ConfigurationPropertySource> sources) {
		return new Binder(sources, new PropertySourcesPlaceholdersResolver(this.environment), this.conversions);
	}

}
