package dev.tidemark.catalogue;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where the server looks for a name.
 *
 * @param schemas the schemas in their order, {@code $user} and {@code pg_temp} as such;
 * {@code null} for the search path that the session has
 */
record SearchPath(@Nullable List<String> schemas) {

	/** The one that the session has. */
	static final SearchPath SESSION = new SearchPath(null);

	/** Copies what it is given. */
	SearchPath {
		schemas = (schemas != null) ? List.copyOf(schemas) : null;
	}

	/** For a name that says its schema. */
	static SearchPath of(String schema) {
		return new SearchPath(List.of(schema));
	}

	/** What a statement sets, with what the server searches besides. */
	static SearchPath set(List<String> values) {
		List<String> schemas = new ArrayList<>();
		if (!values.contains("pg_temp")) {
			schemas.add("pg_temp");
		}
		if (!values.contains("pg_catalog")) {
			schemas.add("pg_catalog");
		}
		schemas.addAll(values);
		return new SearchPath(schemas);
	}

}
