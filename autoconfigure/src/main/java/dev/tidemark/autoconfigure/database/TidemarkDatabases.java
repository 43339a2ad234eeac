package dev.tidemark.autoconfigure.database;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import dev.tidemark.autoconfigure.binding.UnusableValueHandler;
import dev.tidemark.autoconfigure.binding.VersionConverter;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;

/**
 * The databases of {@code tidemark.databases.<name>.*}. What one does not say is what
 * {@code tidemark.*} says, except for what makes a database what it is: which database it
 * is about is inherited as a whole or not at all, and tenants never are.
 *
 * @since 0.1.0
 */
public final class TidemarkDatabases {

	public static final String PREFIX = "tidemark.databases";

	private static final Set<ConfigurationPropertyName> CONNECTION = Set
		.of(ConfigurationPropertyName.of("connection.url"), ConfigurationPropertyName.of("connection.data-source"));

	private static final Set<ConfigurationPropertyName> TENANTS = Set
		.of(ConfigurationPropertyName.of("tenants.schemas"), ConfigurationPropertyName.of("tenants.provider"));

	/** Of tenants nothing is redone: what is said for others is not meant for them. */
	private static final ConfigurationPropertyName REDO = ConfigurationPropertyName.of("dev.redo");

	/** What the start as a whole is told. */
	private static final List<String> OF_ALL = List.of("resolve", "undo", "plan", "status", "background", "inspection",
			"report");

	/** Those of which nothing is a value, or wrong. */
	private static final Set<ConfigurationPropertyName> MAY_BE_EMPTY = Set.of(
			ConfigurationPropertyName.of("placeholders"), ConfigurationPropertyName.of("run.skip"),
			ConfigurationPropertyName.of("naming.versioned-prefix"));

	private static final ConfigurationPropertyName ALL = ConfigurationPropertyName.of(PREFIX);

	/** Where the name stands in a property. */
	private static final int NAME = ALL.getNumberOfElements();

	private final Environment environment;

	private final PropertySourcesPlaceholdersResolver placeholders;

	private final ApplicationConversionService conversions = new ApplicationConversionService();

	public TidemarkDatabases(Environment environment) {
		this.environment = environment;
		this.placeholders = new PropertySourcesPlaceholdersResolver(environment);
		this.conversions.addConverter(new VersionConverter());
	}

	/**
	 * Returns the names of all databases in the order in which they run. A name has the
	 * spelling of the configuration files, as variables of the process's environment know
	 * neither dashes nor upper case.
	 * @throws UnusablePropertyException if there is a name that no database can have
	 */
	public List<String> names() {
		Map<String, String> spellings = new HashMap<>();
		List<ConfigurationPropertyName> variables = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			boolean files = !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource);
			for (ConfigurationPropertyName property : propertiesOfAll(source)) {
				if (files) {
					spellings.put(property.getElement(NAME, Form.UNIFORM), usableName(property));
				}
				else {
					variables.add(property);
				}
			}
		}
		Set<String> inFiles = Set.copyOf(spellings.keySet());
		for (ConfigurationPropertyName variable : variables) {
			String name = variable.getElement(NAME, Form.UNIFORM);
			if (!inFiles.contains(name)) {
				DatabaseVariables.requireProperty(variable, NAME + 1);
			}
			spellings.putIfAbsent(name, name);
		}
		List<String> ordered = new ArrayList<>(new TreeSet<>(spellings.values()));
		// The tenants may be listed in a table that another database's files make.
		ordered.sort((left, right) -> Boolean.compare(hasTenants(left), hasTenants(right)));
		return ordered;
	}

	/** What is set to nothing makes no database. */
	private List<ConfigurationPropertyName> propertiesOfAll(ConfigurationPropertySource source) {
		return (source instanceof IterableConfigurationPropertySource iterable) ? iterable.stream()
			.filter(ALL::isAncestorOf)
			.filter((property) -> property.getNumberOfElements() == NAME + 1 || !isEmpty(source, property))
			.toList() : List.of();
	}

	private static String usableName(ConfigurationPropertyName property) {
		String name = property.getElement(NAME, Form.ORIGINAL);
		if (property.chop(NAME + 1).isLastElementIndexed()) {
			throw new UnusablePropertyException(PREFIX + "[" + name + "]", "its name",
					"The name of a database consists of letters, digits and dashes, without brackets: "
							+ "tidemark.databases.orders.");
		}
		return name;
	}

	/** Tells whether a database is about many schemas. */
	public boolean hasTenants(String name) {
		return TENANTS.stream().anyMatch((property) -> isSet(name, property));
	}

	/** Tells whether a database says itself which database it is about. */
	boolean namesDatabase(String name) {
		return CONNECTION.stream().anyMatch((property) -> isSet(name, property));
	}

	/**
	 * Returns the settings of a database.
	 * @throws UnusablePropertyException if it has one that only the application as a
	 * whole can have
	 */
	public TidemarkProperties properties(String name) {
		for (String property : OF_ALL) {
			if (isSet(name, ConfigurationPropertyName.of(property))) {
				throw new UnusablePropertyException(property(name, property), "of its own",
						"It is said for the application as a whole, as tidemark." + property + ".");
			}
		}
		boolean own = namesDatabase(name);
		boolean tenants = hasTenants(name);
		Predicate<ConfigurationPropertyName> inherited = (property) -> !(own && CONNECTION.contains(property))
				&& !(tenants && REDO.equals(property))
				&& TENANTS.stream().noneMatch((other) -> other.equals(property) || other.isAncestorOf(property));
		List<ConfigurationPropertySource> sources = own(name);
		sources("tidemark").forEach((source) -> sources.add(source.filter(inherited)));
		return binder(sources).bindOrCreate("", Bindable.of(TidemarkProperties.class),
				UnusableValueHandler.withoutPrefix());
	}

	/**
	 * Returns the mode of a database.
	 * @param name its name, or that of any other {@code Tidemark}
	 * @return its mode if it has one of its own, else {@code null}
	 * @throws UnusablePropertyException if it is one that only the application as a whole
	 * can have
	 */
	public @Nullable Mode mode(String name) {
		Mode mode = binder(own(name)).bind("mode", Bindable.of(Mode.class), UnusableValueHandler.withoutPrefix())
			.orElse(null);
		if (mode == null || mode == Mode.VERIFY || mode == Mode.OFF) {
			return mode;
		}
		Mode all = binder(sources("tidemark"))
			.bind("mode", Bindable.of(Mode.class), UnusableValueHandler.withoutPrefix())
			.orElse(Mode.MIGRATE);
		if (mode == Mode.MIGRATE && all != Mode.VERIFY && all != Mode.OFF) {
			return mode;
		}
		throw new UnusablePropertyException(property(name, "mode"), mode,
				"Of its own a database can have the modes verify and off, and migrate where tidemark.mode (now "
						+ all.name().toLowerCase(Locale.ROOT).replace('_', '-')
						+ ") lets it; set any other as tidemark.mode.");
	}

	private boolean isSet(String name, ConfigurationPropertyName property) {
		return own(name).stream()
			.anyMatch((source) -> source.getConfigurationProperty(property) != null
					|| source.containsDescendantOf(property) == ConfigurationPropertyState.PRESENT);
	}

	/** Returns the name of a property of a database, as people write it. */
	static String property(String name, String property) {
		return PREFIX + "." + name + "." + property;
	}

	/** Returns what is said of a database. */
	private List<ConfigurationPropertySource> own(String name) {
		List<ConfigurationPropertySource> sources = sources(
				ALL + "." + ConfigurationPropertyName.adapt(name, '.').getLastElement(Form.DASHED));
		sources.replaceAll((source) -> source.filter((property) -> isValue(source, property)));
		return sources;
	}

	/** What is set to nothing does not take the place of what is said of all. */
	private boolean isValue(ConfigurationPropertySource source, ConfigurationPropertyName property) {
		return !isEmpty(source, property)
				|| MAY_BE_EMPTY.stream().anyMatch((other) -> other.equals(property) || other.isAncestorOf(property));
	}

	private boolean isEmpty(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return property != null && this.placeholders.resolvePlaceholders(property.getValue()) instanceof String text
				&& text.isBlank();
	}

	private List<ConfigurationPropertySource> sources(String prefix) {
		List<ConfigurationPropertySource> sources = new ArrayList<>();
		ConfigurationPropertySources.get(this.environment).forEach((source) -> sources.add(source.withPrefix(prefix)));
		return sources;
	}

	private Binder binder(List<ConfigurationPropertySource> sources) {
		return new Binder(sources, this.placeholders, this.conversions);
	}

}
