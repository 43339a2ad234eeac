package dev.tidemark.autoconfigure.output;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.run.preview.Preview;

/**
 * What a start would do in one schema.
 *
 * @param database the name of the database
 * @param preview what would run
 * @param allowed whether it may run; if not, a start is refused where something would
 * @since 0.1.0
 */
public record PlannedStart(String database, Preview preview, boolean allowed) {

	public PlannedStart verified() {
		return new PlannedStart(this.database, this.preview, false);
	}

	boolean isPending() {
		return this.preview.isPending();
	}

	boolean isBlocked() {
		return problems().stream().anyMatch(Problem::isError);
	}

	List<Problem> problems() {
		List<Problem> problems = new ArrayList<>(this.preview.problems());
		if (!this.allowed && isPending()) {
			problems.add(refusal());
		}
		return problems;
	}

	private static Problem refusal() {
		return Problem.error(ErrorCode.PENDING, null,
				"The database lacks what would run, and a start with mode=verify may not change it.",
				"Let an instance with tidemark.mode=migrate run it first.");
	}

	@Override
	public String toString() {
		return (!this.allowed && isPending()) ? this.preview + "\nProblem: " + refusal() + "\n"
				: this.preview.toString();
	}

}
