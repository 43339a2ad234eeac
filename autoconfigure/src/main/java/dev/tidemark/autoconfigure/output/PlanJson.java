package dev.tidemark.autoconfigure.output;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.PlannedStep;
import dev.tidemark.run.StatementInfo;
import dev.tidemark.run.preview.Backup;
import dev.tidemark.run.preview.DataAtRisk;
import dev.tidemark.run.preview.PlannedCallback;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.run.preview.WalArchive;
import dev.tidemark.safety.Finding;

/**
 * Writes plans as JSON, in the words of the endpoint. What is not known is left out.
 */
final class PlanJson {

	private PlanJson() {
	}

	static String of(List<PlannedStart> starts) {
		return JsonParts.document(JsonParts.members("databases", starts.stream().map(PlanJson::database).toList()));
	}

	private static Map<String, Object> database(PlannedStart start) {
		Preview preview = start.preview();
		return JsonParts.members("tidemark", start.database(), "state", state(start), "database",
				preview.database().name(), "schema", preview.database().schema(), "user", preview.database().user(),
				"historyTable", preview.historyTable(), "currentVersion", JsonParts.text(preview.currentVersion()),
				"lockHolder", JsonParts.text(preview.lockHolder()), "creates", preview.creates(), "records",
				preview.marks().stream().map(PlanJson::mark).toList(), "steps",
				preview.steps().stream().map((step) -> step(step, preview)).toList(), "passedOver",
				preview.passedOver().stream().map(PlanJson::passedOver).toList(), "waiting",
				preview.waiting().stream().map(PlanJson::waiting).toList(), "callbacks",
				preview.callbacks().stream().map(PlanJson::callback).toList(), "dataAtRisk",
				(preview.dataAtRisk() != null) ? dataAtRisk(preview.dataAtRisk()) : null, "problems",
				JsonParts.problems(start.problems()));
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

	private static Map<String, Object> dataAtRisk(DataAtRisk risk) {
		return JsonParts.members("findings", risk.findings().stream().map(PlanJson::finding).toList(), "unexamined",
				risk.unexamined(), "restorePoint",
				JsonParts.members("made", risk.obstacle() == null, "obstacle", risk.obstacle()), "archive",
				archive(risk.archive()), "backups", risk.backups().stream().map(PlanJson::backup).toList(),
				"backupsUnknown", risk.unknownBackups());
	}

	private static Map<String, Object> finding(Finding finding) {
		return JsonParts.members("rule", finding.rule().toString(), "where", finding.place().toString(), "what",
				finding.what(), "table", JsonParts.text(finding.table()), "rows", finding.rows());
	}

	private static Map<String, Object> archive(WalArchive archive) {
		if (archive instanceof WalArchive.On on) {
			return JsonParts.members("state", "on", "ageSeconds", (on.age() != null) ? on.age().toSeconds() : null,
					"failing", on.failing());
		}
		if (archive instanceof WalArchive.Unknown unknown) {
			return JsonParts.members("state", "unknown", "reason", unknown.reason());
		}
		return JsonParts.members("state", "off");
	}

	private static Map<String, Object> backup(Backup backup) {
		return JsonParts.members("name", backup.name(), "takenAt", backup.takenAt().toString(), "location",
				backup.location());
	}

	private static Map<String, Object> mark(MigrationInfo mark) {
		return JsonParts.with(JsonParts.identity(mark.identity()), "state", mark.state().toString(), "reason",
				mark.reason());
	}

	private static Map<String, Object> passedOver(MigrationInfo entry) {
		return JsonParts.with(JsonParts.identity(entry.identity()), "script", entry.script(), "state",
				entry.state().toString(), "reason", entry.reason());
	}

	private static Map<String, Object> waiting(MigrationInfo entry) {
		return JsonParts.with(JsonParts.identity(entry.identity()), "phase", entry.phase().toString(), "script",
				entry.script(), "reason", entry.reason());
	}

	private static Map<String, Object> step(PlannedStep step, Preview preview) {
		MigrationInfo migration = step.migration();
		return JsonParts.with(JsonParts.identity(migration.identity()), "description",
				(migration.version() != null) ? migration.description() : null, "script", migration.script(),
				"checksum", migration.checksum(), "state", migration.state().toString(), "reason", migration.reason(),
				"statementsTotal", step.statementsTotal(), "statementsDone", step.statementsDone(), "segments",
				step.segments().stream().map(PlanJson::segment).toList(), "undo", undo(migration, preview));
	}

	private static @Nullable Map<String, Object> undo(MigrationInfo migration, Preview preview) {
		return (migration.undoScript() != null) ? JsonParts.members("script", migration.undoScript())
				: preview.suggestion(migration.identity()).map(PlanJson::suggestion).orElse(null);
	}

	private static Map<String, Object> suggestion(UndoSuggestion suggestion) {
		return JsonParts.members("suggestedScript", suggestion.script(), "suggestion", suggestion.sql());
	}

	private static Map<String, Object> segment(PlannedStep.Segment segment) {
		return JsonParts.members("transaction", segment.transaction(), "statements",
				segment.statements().stream().map(PlanJson::statement).toList());
	}

	private static Map<String, Object> callback(PlannedCallback callback) {
		return JsonParts.members("event", callback.event().toString(), "script", callback.script(), "statements",
				callback.statements().stream().map(PlanJson::statement).toList());
	}

	private static Map<String, Object> statement(StatementInfo statement) {
		return JsonParts.members("number", statement.number(), "line", statement.line(), "command", statement.command(),
				"sql", statement.sql());
	}

}
