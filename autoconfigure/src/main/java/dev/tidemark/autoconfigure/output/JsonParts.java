package dev.tidemark.autoconfigure.output;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter;

import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.migration.Identity;
import dev.tidemark.sql.PlainText;

/**
 * What the JSON of plan, status and report have in common, in the words of the endpoint.
 * What is not known is left out.
 */
final class JsonParts {

	private static final JsonWriter<Object> WRITER = JsonWriter.standard();

	private JsonParts() {
	}

	/** Returns a whole document, on one line. */
	static String document(Map<String, Object> members) {
		return WRITER.writeToString(members) + "\n";
	}

	static Map<String, Object> members(@Nullable Object... namesAndValues) {
		return with(new LinkedHashMap<>(), namesAndValues);
	}

	static Map<String, Object> with(Map<String, Object> members, @Nullable Object... namesAndValues) {
		for (int i = 0; i < namesAndValues.length; i += 2) {
			Object value = namesAndValues[i + 1];
			if (value != null) {
				members.put(String.valueOf(namesAndValues[i]), plain(value));
			}
		}
		return members;
	}

	/** Names and texts of others are fit for the terminal of whoever reads them. */
	private static Object plain(Object value) {
		if (value instanceof List<?> list) {
			return list.stream().map(JsonParts::plain).toList();
		}
		return (value instanceof String text) ? PlainText.lines(text) : value;
	}

	static Map<String, Object> identity(Identity identity) {
		return members((identity.version() != null) ? "version" : "name",
				text((identity.version() != null) ? identity.version() : identity), "kind", identity.kind());
	}

	static List<Map<String, Object>> problems(Collection<Problem> problems) {
		return problems.stream().map(JsonParts::problem).toList();
	}

	private static Map<String, Object> problem(Problem problem) {
		return members("code", problem.code().code(), "severity", problem.severity().name().toLowerCase(Locale.ROOT),
				"what", problem.what(), "where", (problem.place() != null) ? place(problem.place()) : null, "server",
				text(problem.server()), "state", problem.state(), "remedy", problem.remedy());
	}

	private static Map<String, Object> place(Place place) {
		return members("script", place.script(), "statement", place.statement(), "line", place.line(), "column",
				place.column(), "excerpt", place.excerpt());
	}

	static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	static @Nullable Long millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : null;
	}

}
