package dev.tidemark.plan;

import java.util.List;
import java.util.stream.Stream;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.step.Step;

/**
 * What would run now, and what stands in the way. The run executes this very object, and
 * the endpoint shows it.
 *
 * @param entries all migrations that files or history know, in order
 * @param marks what will be recorded without running, before the steps
 * @param steps what will run, in order
 * @param problems what is wrong
 * @param first whether it brings all to a database that holds nothing else
 * @since 0.1.0
 */
public record Plan(List<PlanEntry> entries, List<RecordedDecision> marks, List<Step> steps, List<Problem> problems,
		boolean first) {

	/** Copies the lists. */
	public Plan {
		entries = List.copyOf(entries);
		marks = List.copyOf(marks);
		steps = List.copyOf(steps);
		problems = List.copyOf(problems);
	}

	/**
	 * Tells whether there is nothing to do.
	 * @return {@code true} if nothing will run and nothing be recorded
	 */
	public boolean isEmpty() {
		return this.steps.isEmpty() && this.marks.isEmpty();
	}

	/**
	 * Returns the problems that stop the run.
	 * @return the errors
	 */
	public List<Problem> errors() {
		return this.problems.stream().filter(Problem::isError).toList();
	}

	/**
	 * Returns the problems that do not stop the run.
	 * @return the warnings
	 */
	public List<Problem> warnings() {
		return this.problems.stream().filter((problem) -> !problem.isError()).toList();
	}

	/**
	 * Returns the plan with further problems.
	 * @param further what else is wrong
	 * @return the plan
	 */
	public Plan with(List<Problem> further) {
		return new Plan(this.entries, this.marks, this.steps,
				Stream.concat(this.problems.stream(), further.stream()).toList(), this.first);
	}

	/**
	 * Returns the plan with its steps cut in another way.
	 * @param cut the steps, in the same order
	 * @return the plan
	 */
	public Plan withSteps(List<Step> cut) {
		return new Plan(this.entries, this.marks, cut, this.problems, this.first);
	}

	/**
	 * Returns the plan as it looks while another instance migrates: what would be
	 * interrupted otherwise is running.
	 * @return the plan
	 */
	public Plan whileRunning() {
		return new Plan(this.entries.stream().map(Plan::running).toList(), this.marks,
				this.steps.stream().filter(Plan::isNotRunning).toList(),
				this.problems.stream().filter((problem) -> problem.code() != ErrorCode.INTERRUPTED).toList(),
				this.first);
	}

	private static boolean isNotRunning(Step step) {
		return step.resumed() == null || step.resumed().state() == MigrationState.FAILED;
	}

	private static PlanEntry running(PlanEntry entry) {
		return (entry.state() == MigrationState.INTERRUPTED) ? new PlanEntry(entry.identity(), MigrationState.RUNNING,
				entry.migration(), entry.undo(), entry.history(), null) : entry;
	}

	/**
	 * Throws all errors at once.
	 * @throws TidemarkException if there is an error
	 */
	public void requireNoErrors() {
		List<Problem> errors = errors();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
	}

}
