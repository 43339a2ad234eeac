package dev.tidemark.autoconfigure.binding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The names that begin as ours do in an environment, and that no property of ours has.
 * Only names are read, as values may be secrets.
 */
final class MisspeltProperties {

	private static final String TIDEMARK = "tidemark";

	private static final String SPRING = "spring";

	/** What Kubernetes and Docker set for a service of our name. */
	private static final Pattern OF_A_SERVICE = Pattern
		.compile("(?i).*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

	/** Most starts set none of ours, or few. */
	private @Nullable PropertyNames names;

	private final Map<List<String>, Misspelt> found = new LinkedHashMap<>();

	private MisspeltProperties() {
	}

	/**
	 * A property that is set, and that nothing of ours reads.
	 *
	 * @param name the name as it is written
	 * @param elements what its name has below {@code tidemark}
	 * @param origin where it is set
	 * @param meant the name that was probably meant, or {@code null} if none is near
	 * @param renamed whether that is what the property is called now
	 */
	record Misspelt(String name, List<String> elements, String origin, @Nullable String meant, boolean renamed) {
	}

	/** Return what is misspelt, each of which is found once, where it counts. */
	static List<Misspelt> in(ConfigurableEnvironment environment) {
		MisspeltProperties properties = new MisspeltProperties();
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				for (String name : enumerable.getPropertyNames()) {
					properties.look(name, enumerable);
				}
			}
		}
		return List.copyOf(properties.found.values());
	}

	/** Nearly all names are of others, and cost one comparison. */
	private void look(String name, PropertySource<?> source) {
		int prefix = startsWith(name, TIDEMARK, 0) ? 1
				: (startsWith(name, SPRING, 0) && startsWith(name, TIDEMARK, SPRING.length() + 1)) ? 2 : 0;
		if (prefix == 0) {
			return;
		}
		boolean variable = source instanceof SystemEnvironmentPropertySource;
		ConfigurationPropertyName adapted = ConfigurationPropertyName.adapt(name, variable ? '_' : '.');
		List<String> elements = elements(adapted, Form.UNIFORM);
		if (elements.size() <= prefix || !elements.get(prefix - 1).equals(TIDEMARK)) {
			return;
		}
		List<String> below = elements.subList(prefix, elements.size());
		List<String> written = elements(adapted, Form.ORIGINAL).subList(prefix, elements.size());
		RenamedProperties renamed = new RenamedProperties(known());
		String now = variable ? renamed.newNameOfVariable(below, written) : renamed.newName(below, written);
		boolean ours = now == null && (variable ? known().containVariable(below) : known().contain(below));
		if (ours && prefix == 1 || variable && OF_A_SERVICE.matcher(name).matches()) {
			return;
		}
		String meant = (now != null) ? now
				: ours ? String.join(".", written) : known().nearest(below, written, RenamedProperties.NAMES);
		if (meant != null || !isShared(source)) {
			this.found.putIfAbsent(elements, new Misspelt(name, below, origin(source, name),
					(meant != null) ? written(meant, variable) : null, now != null));
		}
	}

	private PropertyNames known() {
		PropertyNames known = (this.names != null) ? this.names : PropertyNames.ofTidemark();
		this.names = known;
		return known;
	}

	private static boolean startsWith(String name, String word, int from) {
		return name.regionMatches(true, from, word, 0, word.length());
	}

	private static List<String> elements(ConfigurationPropertyName name, Form form) {
		List<String> elements = new ArrayList<>();
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			elements.add(name.getElement(i, form));
		}
		return elements;
	}

	/**
	 * Where other programs, and the build, leave names of theirs, one that is like none
	 * of ours is theirs.
	 */
	private static boolean isShared(PropertySource<?> source) {
		return source instanceof SystemEnvironmentPropertySource
				|| source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
	}

	private static String origin(PropertySource<?> source, String name) {
		Origin origin = (source instanceof OriginLookup<?>) ? OriginLookup.getOrigin(source, name) : null;
		return (origin != null) ? origin.toString() : source.getName();
	}

	private static String written(String property, boolean variable) {
		String name = TIDEMARK + "." + property;
		return variable ? name.replaceAll("[-\\]]", "").replaceAll("[.\\[]", "_").toUpperCase(Locale.ROOT) : name;
	}

}
