package dev.tidemark.run;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.plan.Segment;
import dev.tidemark.plan.Step;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.sql.SqlStatement;

/**
 * Writes a {@link Preview} for people.
 */
final class PreviewText {

	private final StringBuilder text = new StringBuilder();

	PreviewText(Preview preview) {
		headline(preview);
		if (preview.lockHolder() != null) {
			line(0, "Another instance is migrating now, so this may be out of date: " + preview.lockHolder());
		}
		if (!preview.creates().isEmpty()) {
			line(0, "");
			preview.creates().forEach((create) -> line(0, create + ";"));
		}
		preview.plan().steps().forEach(this::step);
		preview.callbacks().forEach(this::callback);
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

	private void step(Step step) {
		line(0, "");
		line(0, step.migration().identity().inWords() + ", " + step.migration().script() + resumed(step.resumed()));
		step.segments().forEach((segment) -> segment(segment, step.isAtomic()));
	}

	private static String resumed(@Nullable HistoryEntry resumed) {
		return (resumed != null)
				? " (goes on after " + resumed.statementsDone() + " of " + resumed.statementsTotal() + " statements)"
				: "";
	}

	private void segment(Segment segment, boolean whole) {
		if (segment instanceof Segment.Alone) {
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

	private void problems(List<Problem> problems) {
		for (Problem problem : problems) {
			line(0, "");
			line(0, (problem.isError() ? "Problem: " : "Warning: ") + problem);
		}
	}

	private void line(int depth, String content) {
		this.text.append("  ".repeat(depth)).append(content).append('\n');
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
