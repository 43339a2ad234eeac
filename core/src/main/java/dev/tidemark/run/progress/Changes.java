package dev.tidemark.run.progress;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * What a run has changed so far, for those who are told that it ends before its end: what
 * stops it changes nothing itself, but what came before it stays.
 *
 * @since 0.1.0
 */
public final class Changes {

	/** A list that is longer is a number. */
	private static final int MANY = 10;

	private final List<String> changes = new ArrayList<>();

	public void add(String change) {
		this.changes.add(change);
	}

	/**
	 * Says instead of "nothing was changed" what was, if the run has changed anything.
	 */
	public TidemarkException toldIn(TidemarkException failure) {
		if (this.changes.isEmpty() || failure.getClass() != TidemarkException.class
				|| failure.problems().stream().noneMatch((problem) -> problem.state().equals(Problem.UNCHANGED))) {
			return failure;
		}
		TidemarkException told = new TidemarkException(failure.problems().stream().map(this::told).toList(),
				failure.getCause());
		told.setStackTrace(failure.getStackTrace());
		return told;
	}

	private Problem told(Problem problem) {
		return problem.state().equals(Problem.UNCHANGED) ? problem.withState(toString()) : problem;
	}

	/**
	 * Returns the state of the database where something that was going on is rolled back.
	 */
	public String rolledBack() {
		return this.changes.isEmpty() ? Problem.UNCHANGED : "It was rolled back. " + before();
	}

	/** Returns what was done, as something of which it is not said that it stays. */
	public String before() {
		return "What it had done before it ended: " + listed() + ".";
	}

	@Override
	public String toString() {
		return "What this run has done before stays: " + listed() + ".";
	}

	private String listed() {
		int size = this.changes.size();
		String before = String.join(", ", this.changes.subList(Math.max(0, size - MANY), size));
		return ((size > MANY) ? (size - MANY) + " changes, then " : "") + before;
	}

}
