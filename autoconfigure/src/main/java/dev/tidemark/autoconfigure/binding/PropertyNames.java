package dev.tidemark.autoconfigure.binding;

import java.lang.reflect.Parameter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.error.NearestWord;

/**
 * The names of the properties of a record, as the record itself says them, down to the
 * last one. A name is a list of elements in Spring Boot's uniform form: in lower case and
 * without dashes.
 *
 * @since 0.1.0
 */
public final class PropertyNames {

	/** Nobody mistypes more letters of one name. */
	private static final int MOST_CHANGES = 3;

	private final Map<String, Property> properties;

	private PropertyNames(Map<String, Property> properties) {
		this.properties = properties;
	}

	/** Return the names of all properties of {@code tidemark.*}. */
	static PropertyNames ofTidemark() {
		PropertyNames each = ofDatabase();
		Map<String, Property> all = new LinkedHashMap<>(each.properties);
		all.put("databases", new Property("databases", new Databases(each)));
		return new PropertyNames(all);
	}

	/** Return the names of the properties of one database. */
	public static PropertyNames ofDatabase() {
		return of(TidemarkProperties.class);
	}

	/** Reads the constructor, as Spring does, also where a native image knows no more. */
	private static PropertyNames of(Class<?> type) {
		Map<String, Property> properties = new LinkedHashMap<>();
		for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
			properties.put(parameter.getName().toLowerCase(Locale.ROOT),
					new Property(parameter.getName(), below(parameter.getType())));
		}
		return new PropertyNames(properties);
	}

	private static Below below(Class<?> type) {
		if (type.isRecord() && type.getPackage().equals(TidemarkProperties.class.getPackage())) {
			return new Group(of(type));
		}
		if (Map.class.isAssignableFrom(type)) {
			return new Anything();
		}
		return Collection.class.isAssignableFrom(type) ? new Index() : new Nothing();
	}

	/**
	 * Return whether a property, or a group of properties, has this name.
	 * @param elements the elements of the name
	 */
	boolean contain(List<String> elements) {
		return contain(elements, 1);
	}

	/**
	 * Return whether a variable of the process's environment has this name, in which an
	 * element may be a part of a name as well.
	 * @param elements the elements of the name
	 */
	public boolean containVariable(List<String> elements) {
		return contain(elements, elements.size());
	}

	private boolean contain(List<String> elements, int most) {
		if (elements.isEmpty()) {
			return true;
		}
		StringBuilder name = new StringBuilder();
		for (int i = 1; i <= Math.min(most, elements.size()); i++) {
			Property property = this.properties.get(name.append(elements.get(i - 1)).toString());
			if (property != null && contain(property.below, elements.subList(i, elements.size()), most > 1)) {
				return true;
			}
		}
		return false;
	}

	private static boolean contain(Below below, List<String> elements, boolean variable) {
		if (below instanceof Group group) {
			return group.names.contain(elements, variable ? elements.size() : 1);
		}
		if (below instanceof Databases databases) {
			return elements.isEmpty()
					|| databases.names.contain(elements.subList(1, elements.size()), variable ? elements.size() : 1);
		}
		if (below instanceof Index) {
			return elements.isEmpty() || (elements.size() == 1 && elements.get(0).chars().allMatch(Character::isDigit));
		}
		return below instanceof Anything || elements.isEmpty();
	}

	/**
	 * Return the name that was probably meant by one that no property has.
	 * @param elements the elements of the name
	 * @param written the same as they are written
	 * @param others names of properties by other names that people may have meant
	 * @return the name in the form of configuration files, or {@code null} if none is
	 * near
	 */
	@Nullable String nearest(List<String> elements, List<String> written, Map<String, String> others) {
		Property first = this.properties.get(elements.get(0));
		if (first != null && first.below instanceof Databases databases && elements.size() > 2) {
			String meant = databases.names.nearest(elements.subList(2, elements.size()),
					written.subList(2, written.size()), others);
			return (meant != null) ? first.dashed() + "." + written.get(1) + "." + meant : null;
		}
		Map<String, String> known = values().collect(Collectors.toMap(PropertyNames::joined, (name) -> name));
		others.forEach((old, name) -> known.putIfAbsent(joined(old), name));
		String nearest = nearest(String.join("", elements), known.keySet());
		return (nearest != null) ? known.get(nearest) : nearestMap(elements, written);
	}

	/** What stands in front of names that people choose themselves may be mistyped. */
	private @Nullable String nearestMap(List<String> elements, List<String> written) {
		if (written.size() < 2) {
			return null;
		}
		List<String> below = written.subList(1, written.size());
		Property first = this.properties.get(elements.get(0));
		if (first != null && first.below instanceof Group group) {
			String meant = group.names.nearestMap(elements.subList(1, elements.size()), below);
			if (meant != null) {
				return first.dashed() + "." + meant;
			}
		}
		List<String> maps = this.properties.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().hasChosenNames())
			.map(Map.Entry::getKey)
			.toList();
		String nearest = nearest(elements.get(0), maps);
		return (nearest != null) ? nearest + "." + String.join(".", below) : null;
	}

	private static @Nullable String nearest(String word, Collection<String> known) {
		return NearestWord.of(word, known, Math.max(1, Math.min(MOST_CHANGES, word.length() / 3)));
	}

	/** Returns the names of all that have a value. */
	private Stream<String> values() {
		return this.properties.values()
			.stream()
			.filter((property) -> !property.hasChosenNames())
			.flatMap((property) -> (property.below instanceof Group group)
					? group.names.values().map((name) -> property.dashed() + "." + name)
					: Stream.of(property.dashed()));
	}

	private static String joined(String name) {
		return name.replace("-", "").replace(".", "");
	}

	private record Property(String name, Below below) {

		/** Tells whether people choose what stands below it. */
		boolean hasChosenNames() {
			return this.below instanceof Anything || this.below instanceof Databases;
		}

		/** Returns the name in the form of configuration files. */
		String dashed() {
			return this.name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
		}

	}

	/** What may stand below a name. */
	private sealed interface Below permits Nothing, Index, Anything, Group, Databases {

	}

	private record Nothing() implements Below {
	}

	/** Places in a list. */
	private record Index() implements Below {
	}

	/** Names that people choose. */
	private record Anything() implements Below {
	}

	private record Group(PropertyNames names) implements Below {
	}

	/** Names that people choose, and below them always the same. */
	private record Databases(PropertyNames names) implements Below {
	}

}
