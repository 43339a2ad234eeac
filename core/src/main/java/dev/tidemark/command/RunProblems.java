package dev.tidemark.command;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.Severity;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.RecordedDecision;
import dev.tidemark.plan.step.Step;

/**
 * What stands in the way of a run, whichever verb it is.
 *
 * @since 0.1.0
 */
public final class RunProblems {

	private RunProblems() {
	}

	/** Another instance has written the history, in spite of the lock. */
	public static Problem conflict(HistoryTable table) {
		return new Problem(ErrorCode.HISTORY_CONFLICT, Severity.ERROR,
				"Another instance has written the history " + table.qualifiedName() + " while this one held the lock.",
				null, null, "What this instance had begun was rolled back.",
				"Check that all instances connect directly and not through a pooler in transaction mode, and start again:"
						+ " the history decides.");
	}

	/** On a standby nothing can run, so it is only checked that nothing has to. */
	static void requireNothingToDo(Plan plan) {
		List<Problem> problems = new ArrayList<>(plan.errors());
		plan.marks().forEach((mark) -> problems.add(pendingOnStandby(mark)));
		plan.steps().forEach((step) -> problems.add(pendingOnStandby(step)));
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
	}

	private static Problem pendingOnStandby(RecordedDecision mark) {
		return Problem.error(ErrorCode.PENDING, null,
				"It is not recorded yet, and the server is a standby, which accepts no writes: " + mark + ".",
				"Let an instance that is connected to the primary run with the same settings first; replication brings "
						+ "it here.");
	}

	private static Problem pendingOnStandby(Step step) {
		return Problem.error(ErrorCode.PENDING, Place.file(step.migration().script()),
				"The database lacks " + step.migration().identity().inWords()
						+ ", and its server is a standby, which accepts no writes.",
				"Let an instance that is connected to the primary run it first; replication brings it here. If this "
						+ "instance is to run it, point " + SettingNames.name("connection.url") + " at the primary.");
	}

}
