package dev.tidemark.run.preview;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.PlannedStep;
import dev.tidemark.run.StatementInfo;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.sql.PlainText;

/**
 * Writes for people what a run would do, one part after another.
 */
final class PreviewText {

	private final StringBuilder text = new StringBuilder();

	void headline(DatabaseIdentity database, @Nullable MigrationVersion version, int steps, boolean blocked) {
		line(0, "Database " + database.name() + ", schema " + database.schema()
				+ ((version != null) ? ", version " + version : ", without a version") + ": "
				+ ((steps == 0) ? "nothing" : (steps == 1) ? "1 migration" : steps + " migrations")
				+ (blocked ? " would run, but a run is refused." : " would run."));
	}

	void running(LockHolder holder) {
		line(0, "Another instance is migrating now, so this may be out of date: " + holder);
	}

	void creates(List<String> creates) {
		if (!creates.isEmpty()) {
			line(0, "");
			creates.forEach((create) -> line(0, create + ";"));
		}
	}

	void marks(List<MigrationInfo> marks) {
		if (!marks.isEmpty()) {
			line(0, "");
			marks.forEach((mark) -> line(0, "Recorded without a run: " + inWords(mark) + ": " + mark.reason()));
		}
	}

	private static String inWords(MigrationInfo mark) {
		return mark.identity().inWords() + ((mark.state() != MigrationState.BASELINE) ? " as " + mark.state() : "");
	}

	/** Those that have the same reason share a line: a baseline covers many. */
	void passedOver(List<MigrationInfo> migrations) {
		Map<String, List<MigrationInfo>> byReason = migrations.stream()
			.collect(Collectors.groupingBy(PreviewText::reason, LinkedHashMap::new, Collectors.toList()));
		if (!byReason.isEmpty()) {
			line(0, "");
		}
		byReason.forEach((reason, entries) -> line(0,
				"Passed over: "
						+ entries.stream().map((entry) -> entry.identity().inWords()).collect(Collectors.joining(", "))
						+ " (" + reason + ")"));
	}

	void waiting(List<MigrationInfo> migrations) {
		if (!migrations.isEmpty()) {
			line(0, "");
		}
		migrations.forEach((migration) -> line(0, "Waiting: the " + migration.phase() + " of "
				+ migration.identity().inWords() + ", " + migration.script() + ": " + migration.reason()));
	}

	private static String reason(MigrationInfo entry) {
		return entry.state() + ((entry.reason() != null) ? ", as " + entry.reason() : "");
	}

	void step(PlannedStep step, @Nullable UndoSuggestion suggestion) {
		MigrationInfo migration = step.migration();
		line(0, "");
		line(0, migration.identity().inWords() + ", " + migration.script() + resumed(step.resumed())
				+ ((migration.reason() != null) ? " (again, as " + migration.reason() + ")" : ""));
		step.segments().forEach((segment) -> segment(segment, step.atomic()));
		if (migration.undoScript() != null) {
			line(1, "undone by " + migration.undoScript());
		}
		if (suggestion != null) {
			line(1, "cannot be undone without an undo file; " + suggestion.script() + " could hold:");
			suggestion.sql().lines().forEach((sql) -> line(2, sql));
		}
	}

	private static String resumed(PlannedStep.@Nullable Resumed resumed) {
		return (resumed != null)
				? " (goes on after " + resumed.statementsDone() + " of " + resumed.statementsTotal() + " statements)"
				: "";
	}

	private void segment(PlannedStep.Segment segment, boolean whole) {
		if (!segment.transaction()) {
			line(1, "outside of a transaction:");
		}
		else {
			line(1, whole ? "in one transaction with its history row:" : "in a transaction:");
		}
		if (segment.code()) {
			line(2, "-- code");
		}
		segment.statements().forEach(this::statement);
	}

	void callback(PlannedCallback callback) {
		line(0, "");
		line(0, "at " + callback.event() + ", " + callback.script());
		callback.statements().forEach(this::statement);
	}

	private void statement(StatementInfo statement) {
		(statement.sql() + ";").lines().forEach((sql) -> line(2, sql));
		if (statement.data()) {
			line(2, "-- with the rows of the file");
		}
	}

	void dataAtRisk(DataAtRisk risk) {
		line(0, "");
		line(0, (risk.unexamined() == null) ? "Data may be lost:"
				: "Data may be lost, by the text of the statements alone: " + risk.unexamined());
		risk.findings().forEach((finding) -> line(1, finding.toString()));
		line(1, "Restore point: "
				+ ((risk.obstacle() == null) ? "the run makes one before it begins" : "none, as " + risk.obstacle()));
		line(1, "Archive of the write-ahead log: " + risk.archive().inWords());
		risk.backups().forEach((backup) -> line(1, "Newest backup: " + backup));
		risk.unknownBackups().forEach((reason) -> line(1, "Newest backup: not known, as " + reason));
	}

	void problems(List<Problem> problems) {
		for (Problem problem : problems) {
			line(0, "");
			// Its lines are indented by itself.
			this.text.append(problem.isError() ? "Problem: " : "Warning: ").append(problem).append('\n');
		}
	}

	private void line(int depth, String content) {
		this.text.append("  ".repeat(depth)).append(PlainText.line(content)).append('\n');
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
