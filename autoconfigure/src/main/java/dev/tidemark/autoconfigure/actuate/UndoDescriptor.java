package dev.tidemark.autoconfigure.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.tidemark.error.Place;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.UndoResult;
import dev.tidemark.safety.Finding;
import dev.tidemark.sql.PlainText;

/**
 * What an undo did.
 *
 * @param deploymentId what the history rows of the undo share
 * @param currentVersion the newest version in the database now, or {@code null}
 * @param undone the migrations that were undone, in order
 * @param dataLoss what was lost, or may have been, as it was allowed
 * @param problems what was found, but stopped nothing
 * @since 0.1.0
 */
public record UndoDescriptor(String deploymentId, @Nullable String currentVersion, List<UndoneDescriptor> undone,
		List<FindingDescriptor> dataLoss, List<ProblemDescriptor> problems) implements OperationResponseBody {

	/** Makes the texts fit to be shown, whoever has written them. */
	public UndoDescriptor {
		deploymentId = PlainText.line(deploymentId);
		currentVersion = PlainText.lineOrNull(currentVersion);
	}

	static UndoDescriptor of(UndoResult result) {
		return new UndoDescriptor(result.deploymentId(),
				(result.currentVersion() != null) ? result.currentVersion().toString() : null,
				result.undone().stream().map(UndoneDescriptor::of).toList(),
				result.dataLoss().stream().map(FindingDescriptor::of).toList(),
				ProblemDescriptor.of(result.warnings()));
	}

	/**
	 * A migration that was undone.
	 *
	 * @param version its version
	 * @param description the description of its undo file
	 * @param script its undo file
	 * @param statements how many statements ran
	 * @param durationMillis how long it took, in milliseconds
	 * @since 0.1.0
	 */
	public record UndoneDescriptor(String version, String description, String script, int statements,
			long durationMillis) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public UndoneDescriptor {
			version = PlainText.line(version);
			description = PlainText.line(description);
			script = PlainText.line(script);
		}

		static UndoneDescriptor of(MigrationResult result) {
			return new UndoneDescriptor(result.identity().toString(), result.description(), result.script(),
					result.statements(), result.duration().toMillis());
		}

	}

	/**
	 * Data that was lost, or may have been.
	 *
	 * @param rule which rule found it, such as {@code drop-table}
	 * @param where the file and the statement
	 * @param what what happened to it
	 * @param table the table, or {@code null}
	 * @param rows about how many rows the table had, or {@code null}
	 * @since 0.1.0
	 */
	public record FindingDescriptor(String rule, Place where, String what, @Nullable String table,
			@Nullable Long rows) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public FindingDescriptor {
			rule = PlainText.line(rule);
			what = PlainText.line(what);
			table = PlainText.lineOrNull(table);
		}

		static FindingDescriptor of(Finding finding) {
			return new FindingDescriptor(finding.rule().toString(), finding.place().plain(), finding.what(),
					(finding.table() != null) ? finding.table().toString() : null, finding.rows());
		}

	}

}
