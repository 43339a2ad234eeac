package dev.tidemark.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.plan.Segment;
import dev.tidemark.plan.Step;
import dev.tidemark.source.Identity;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.SqlStatement;

/**
 * Writes a {@link Preview} for people.
 */
final class PreviewText {

	private final Preview preview;

	private final StringBuilder text = new StringBuilder();

	PreviewText(Preview preview) {
		this.preview = preview;
		headline(preview);
		if (preview.lockHolder() != null) {
			line(0, "Another instance is migrating now, so this may be out of date: " + preview.lockHolder());
		}
		if (!preview.creates().isEmpty()) {
			line(0, "");
			preview.creates().forEach((create) -> line(0, create + ";"));
		}
		if (!preview.plan().marks().isEmpty()) {
			line(0, "");
			preview.plan().marks().forEach((mark) -> line(0, "Recorded without a run: " + mark + ": " + mark.reason()));
		}
		passedOver();
		preview.plan().steps().forEach(this::step);
		preview.callbacks().forEach(this::callback);
		if (preview.dataAtRisk() != null) {
			dataAtRisk(preview.dataAtRisk());
		}
		problems(preview.plan().problems());
	}

	private void headline(Preview preview) {
		int steps = preview.plan().steps().size();
		MigrationVersion version = preview.currentVersion();
		line(0, "Database " + preview.database().name() + ", schema " + preview.database().schema()
				+ ((version != null) ? ", version " + version : ", without a version") + ": "
				+ ((steps == 0) ? "nothing" : (steps == 1) ? "1 migration" : steps + " migrations")
				+ (preview.isBlocked() ? " would run, but a run is refused." : " would run."));
	}

	/** Those that have the same reason share a line: a baseline covers many. */
	private void passedOver() {
		Map<String, List<PlanEntry>> byReason = this.preview.passedOver()
			.stream()
			.collect(Collectors.groupingBy(PreviewText::reason, LinkedHashMap::new, Collectors.toList()));
		if (!byReason.isEmpty()) {
			line(0, "");
		}
		byReason.forEach((reason, entries) -> line(0,
				"Passed over: "
						+ entries.stream().map((entry) -> entry.identity().inWords()).collect(Collectors.joining(", "))
						+ " (" + reason + ")"));
	}

	private static String reason(PlanEntry entry) {
		return entry.state() + ((entry.reason() != null) ? ", as " + entry.reason() : "");
	}

	private void step(Step step) {
		line(0, "");
		line(0, step.migration().identity().inWords() + ", " + step.migration().script() + resumed(step.resumed())
				+ again(step.migration().identity()));
		step.segments().forEach((segment) -> segment(segment, step.isAtomic()));
		undo(step.migration().identity());
	}

	private Stream<PlanEntry> entry(Identity identity) {
		return this.preview.plan().entries().stream().filter((entry) -> entry.identity().equals(identity));
	}

	private String again(Identity identity) {
		return entry(identity).flatMap((entry) -> Stream.ofNullable(entry.reason()))
			.map((reason) -> " (again, as " + reason + ")")
			.collect(Collectors.joining());
	}

	private void undo(Identity identity) {
		entry(identity).flatMap((entry) -> Stream.ofNullable(entry.undo()))
			.forEach((undo) -> line(1, "undone by " + undo.script()));
		this.preview.suggestion(identity).ifPresent((suggestion) -> {
			line(1, "cannot be undone without an undo file; " + suggestion.script() + " could hold:");
			suggestion.sql().lines().forEach((sql) -> line(2, sql));
		});
	}

	private static String resumed(@Nullable HistoryEntry resumed) {
		return (resumed != null)
				? " (goes on after " + resumed.statementsDone() + " of " + resumed.statementsTotal() + " statements)"
				: "";
	}

	private void segment(Segment segment, boolean whole) {
		if (!segment.isInTransaction()) {
			line(1, "outside of a transaction:");
		}
		else {
			line(1, whole ? "in one transaction with its history row:" : "in a transaction:");
		}
		if (segment instanceof Segment.Code) {
			line(2, "-- code");
		}
		segment.statements().forEach(this::statement);
	}

	private void callback(PlannedCallback callback) {
		line(0, "");
		line(0, "at " + callback.event() + ", " + callback.script());
		callback.statements().forEach(this::statement);
	}

	private void statement(SqlStatement statement) {
		(statement.listing() + ";").lines().forEach((sql) -> line(2, sql));
		if (statement.copyData() != null) {
			line(2, "-- with the rows of the file");
		}
	}

	private void dataAtRisk(DataAtRisk risk) {
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

	private void problems(List<Problem> problems) {
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
