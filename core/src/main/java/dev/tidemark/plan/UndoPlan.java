package dev.tidemark.plan;

import java.util.List;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.plan.step.Step;

/**
 * What an undo would run, and what stands in its way.
 *
 * @param steps the undo files that will run, in order
 * @param suggestions what files that are missing could look like
 * @param backfills the backfills that have begun above or with what is undone: they are
 * stopped first, and forgotten with it
 * @param problems what is wrong
 * @since 0.1.0
 */
public record UndoPlan(List<Step> steps, List<UndoSuggestion> suggestions, List<BackfillRecord> backfills,
		List<Problem> problems) {

	/** Copies the lists. */
	public UndoPlan {
		steps = List.copyOf(steps);
		suggestions = List.copyOf(suggestions);
		backfills = List.copyOf(backfills);
		problems = List.copyOf(problems);
	}

	/**
	 * Returns the plan with its steps cut in another way.
	 * @param cut the steps, in the same order
	 * @return the plan
	 */
	public UndoPlan withSteps(List<Step> cut) {
		return new UndoPlan(cut, this.suggestions, this.backfills, this.problems);
	}

	/**
	 * Tells whether each file, and so all of them, can run in one transaction.
	 * @return {@code false} if a file commits in between
	 */
	public boolean isAtomic() {
		return this.steps.stream().allMatch(Step::isAtomic);
	}

	/**
	 * Throws all errors at once.
	 * @throws TidemarkException if there is an error
	 */
	public void requireNoErrors() {
		List<Problem> errors = this.problems.stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
	}

}
