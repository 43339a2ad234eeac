package dev.tidemark.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter;

import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.plan.Mark;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.plan.Segment;
import dev.tidemark.plan.Step;
import dev.tidemark.source.UndoSuggestion;
import dev.tidemark.run.PlannedCallback;
import dev.tidemark.run.Preview;
import dev.tidemark.source.Identity;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.SqlStatement;

/**
 * Writes plans as JSON, in the words of the endpoint. What is not known is left out.
 */
final class PlanJson {

	private static final JsonWriter<Object> WRITER = JsonWriter.standard();

	private PlanJson() {
	}

	static String of(List<PlannedStart> starts) {
		return WRITER.writeToString(members("databases", starts.stream().map(PlanJson::database).toList())) + "\n";
	}

	private static Map<String, Object> database(PlannedStart start) {
		Preview preview = start.preview();
		return members("tidemark", start.instance(), "state", state(start), "database", preview.database().name(),
				"schema", preview.database().schema(), "user", preview.database().user(), "historyTable",
				preview.historyTable(), "currentVersion", text(preview.currentVersion()), "lockHolder",
				text(preview.lockHolder()), "creates", preview.creates(), "records",
				preview.plan().marks().stream().map(PlanJson::mark).toList(), "steps",
				preview.plan().steps().stream().map((step) -> step(step, preview)).toList(), "passedOver",
				preview.passedOver().stream().map(PlanJson::passedOver).toList(), "callbacks",
				preview.callbacks().stream().map(PlanJson::callback).toList(), "problems",
				start.problems().stream().map(PlanJson::problem).toList());
	}

	private static String state(PlannedStart start) {
		Preview preview = start.preview();
		if (start.isBlocked()) {
			return "blocked";
		}
		if (preview.lockHolder() != null) {
			return "running";
		}
		return preview.isPending() ? "pending" : "up-to-date";
	}

	private static Map<String, Object> mark(Mark mark) {
		return with(identity(mark.identity()), "state", mark.state().toString(), "reason", mark.reason());
	}

	private static Map<String, Object> passedOver(PlanEntry entry) {
		return with(identity(entry.identity()), "script", entry.script(), "state", entry.state().toString(), "reason",
				entry.reason());
	}

	private static Map<String, Object> step(Step step, Preview preview) {
		Identity identity = step.migration().identity();
		Optional<PlanEntry> entry = preview.plan()
			.entries()
			.stream()
			.filter((candidate) -> candidate.identity().equals(identity))
			.findFirst();
		return with(identity(identity), "description",
				(identity.version() != null) ? step.migration().description() : null, "script",
				step.migration().script(), "checksum", text(step.migration().checksum()), "state",
				entry.map((found) -> found.state().toString()).orElse(null), "reason",
				entry.map(PlanEntry::reason).orElse(null), "statementsTotal", step.statementCount(), "statementsDone",
				step.done().size(), "segments", step.segments().stream().map(PlanJson::segment).toList(), "undo",
				entry.map(PlanEntry::undo)
					.map((undo) -> members("script", undo.script()))
					.or(() -> preview.suggestion(identity).map(PlanJson::suggestion))
					.orElse(null));
	}

	private static Map<String, Object> suggestion(UndoSuggestion suggestion) {
		return members("script", suggestion.script(), "suggestion", suggestion.sql());
	}

	private static Map<String, Object> identity(Identity identity) {
		return members((identity.version() != null) ? "version" : "name",
				text((identity.version() != null) ? identity.version() : identity), "kind", identity.kind());
	}

	private static Map<String, Object> segment(Segment segment) {
		return members("transaction", segment.isInTransaction(), "statements",
				segment.statements().stream().map(PlanJson::statement).toList());
	}

	private static Map<String, Object> callback(PlannedCallback callback) {
		return members("event", callback.event().toString(), "script", callback.script(), "statements",
				callback.statements().stream().map(PlanJson::statement).toList());
	}

	private static Map<String, Object> statement(SqlStatement statement) {
		return members("number", statement.number(), "line", statement.line(), "command", statement.command(), "sql",
				statement.listing());
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

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	private static Map<String, Object> members(@Nullable Object... namesAndValues) {
		return with(new LinkedHashMap<>(), namesAndValues);
	}

	private static Map<String, Object> with(Map<String, Object> members, @Nullable Object... namesAndValues) {
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
			return list.stream().map(PlanJson::plain).toList();
		}
		return (value instanceof String text) ? PlainText.lines(text) : value;
	}

}
