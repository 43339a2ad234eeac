package dev.tidemark.autoconfigure.binding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The properties that had another name once, with the one that each has now. Nothing
 * reads the old ones any more: who still sets one is told the new one. UPGRADING.md says
 * the same.
 *
 * @since 0.1.0
 */
public final class RenamedProperties {

	/** What the several databases were called. */
	private static final String OLD_DATABASES = "instances";

	private static final String DATABASES = "databases";

	/** New names by old ones, both below {@code tidemark}. */
	static final Map<String, String> NAMES = names();

	private final PropertyNames known;

	public RenamedProperties(PropertyNames known) {
		this.known = known;
	}

	private static Map<String, String> names() {
		Map<String, String> names = new LinkedHashMap<>();
		in(names, "connection", "url", "user", "password", "data-source", "role", "init-sql", "client-check-interval",
				"client-timeout");
		in(names, "files", "encoding", "exclude", "fail-on-missing-locations");
		names.put("filesystem-root", "files.root");
		in(names, "naming", "versioned-prefix", "repeatable-prefix", "undo-prefix", "baseline-prefix", "separator",
				"suffixes");
		names.put("placeholder-prefix", "placeholder.prefix");
		names.put("placeholder-suffix", "placeholder.suffix");
		names.put("placeholder-replacement", "placeholder.replacement");
		names.put("undeclared-placeholders", "placeholder.undeclared");
		names.put("history-table", "history.table");
		in(names, "history", "installed-by", "tag");
		names.put("lock-timeout", "locks.timeout");
		names.put("lock-retry.max-duration", "locks.max-duration");
		in(names, "locks", "wait-timeout");
		in(names, "run", "target", "cherry-pick", "skip", "environments", "statement-timeout", "asynchronous-commit");
		in(names, "validation", "out-of-order", "ignore-missing", "ignore-changed");
		names.put("report", "report.file");
		in(names, "report", "termination-log");
		names.put("inspection-timeout", "inspection.timeout");
		names.put("resolve.instance", "resolve.database");
		names.put("undo.instance", "undo.database");
		names.put(OLD_DATABASES, DATABASES);
		return Collections.unmodifiableMap(names);
	}

	private static void in(Map<String, String> names, String group, String... properties) {
		Stream.of(properties).forEach((property) -> names.put(property, group + "." + property));
	}

	/**
	 * Return the name that a property has now.
	 * @param elements the elements of the name that is set
	 * @param written the same as they are written
	 * @return the new name in the form of configuration files, or {@code null} if the
	 * name that is set is no old one
	 */
	@Nullable String newName(List<String> elements, List<String> written) {
		return newName(elements, written, false);
	}

	/**
	 * Return the name that a variable of the process's environment has now, in which an
	 * element may be a part of a name as well.
	 * @param elements the elements of the name that is set
	 * @param written the same as they are written
	 * @return the new name in the form of configuration files, or {@code null} if the
	 * name that is set is no old one
	 */
	public @Nullable String newNameOfVariable(List<String> elements, List<String> written) {
		return newName(elements, written, true);
	}

	private @Nullable String newName(List<String> elements, List<String> written, boolean variable) {
		String first = elements.get(0);
		if (elements.size() > 2 && (first.equals(DATABASES) || first.equals(OLD_DATABASES))) {
			List<String> below = written.subList(2, written.size());
			String renamed = newName(elements.subList(2, elements.size()), below, variable);
			return (renamed != null || first.equals(OLD_DATABASES))
					? DATABASES + "." + written.get(1) + "." + ((renamed != null) ? renamed : String.join(".", below))
					: null;
		}
		for (Map.Entry<String, String> name : NAMES.entrySet()) {
			int length = length(name.getKey(), elements, variable);
			if (length > 0 && !elements.subList(0, length).equals(uniform(name.getValue()))
					&& takes(name.getValue(), elements.subList(length, elements.size()))) {
				return name.getValue() + below(name.getValue(), written.subList(length, written.size()));
			}
		}
		return null;
	}

	/** Returns how many elements an old name takes, or 0 if it is not that one. */
	private static int length(String old, List<String> elements, boolean variable) {
		List<String> uniform = uniform(old);
		if (!variable) {
			return (elements.size() >= uniform.size() && elements.subList(0, uniform.size()).equals(uniform))
					? uniform.size() : 0;
		}
		StringBuilder name = new StringBuilder();
		for (int i = 0; i < elements.size(); i++) {
			if (name.append(elements.get(i)).toString().equals(String.join("", uniform))) {
				return i + 1;
			}
		}
		return 0;
	}

	/** A list has places, and a map has names; below all else there is nothing. */
	private boolean takes(String name, List<String> below) {
		return this.known.contain(Stream.concat(uniform(name).stream(), below.stream()).toList());
	}

	private String below(String name, List<String> below) {
		if (below.isEmpty()) {
			return "";
		}
		return takes(name, List.of("name")) ? "." + String.join(".", below) : "[" + below.get(0) + "]";
	}

	private static List<String> uniform(String name) {
		return List.of(name.replace("-", "").split("\\."));
	}

}
