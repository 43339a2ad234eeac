package dev.tidemark.autoconfigure.exit;

import java.util.List;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.error.Problem;

/**
 * How a process ends that was started for what it has done now.
 *
 * @param exitCode the number that it ends with
 * @param problems what it has found
 * @since 0.1.0
 */
public record Ending(int exitCode, List<Problem> problems) {

	public static final Ending DONE = new Ending(ExitCode.DONE.number(), List.of());

	/**
	 * Ends a process that has only looked.
	 * @param problems what it has found
	 * @param pending whether anything has yet to run
	 * @param pendingExitCode the exit code for that, if nothing stands in its way
	 */
	public static Ending of(List<Problem> problems, boolean pending, int pendingExitCode) {
		ExitCode found = ExitCode.of(problems);
		return new Ending((found == ExitCode.DONE && pending) ? pendingExitCode : found.number(), problems);
	}

	/** Return whether a problem decides the exit code. */
	public boolean isFailure() {
		return this.problems.stream().anyMatch(Problem::isError);
	}

}
