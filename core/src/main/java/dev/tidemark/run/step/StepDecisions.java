package dev.tidemark.run.step;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Severity;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.script.SqlStatement;

/**
 * What a person has to decide about a file that is half done.
 *
 * @param row the row of the run
 */
record StepDecisions(StepRow row) {

	private static final String NAMES = " Of several databases or tenants, tidemark.resolve.database and"
			+ " tidemark.resolve.tenant name the one.";

	/**
	 * Nobody can tell what became of a statement.
	 * @param seen what was found, without secrets
	 * @param options the ways to decide, without secrets
	 */
	Problem aboutStatement(SqlStatement statement, String seen, String options) {
		return new Problem(ErrorCode.INTERRUPTED, Severity.ERROR,
				"The last run of " + this.row.inWords()
						+ " was interrupted, and what became of its last statement cannot be decided safely: " + seen,
				this.row.origin().place(statement), null, this.row.position().progress(),
				"Decide, by one of these ways:\n" + options + "\nThen " + start()
						+ "continue to go on after the statement, with"
						+ " tidemark.resolve.as=retry to run the statement again, or with tidemark.resolve.as="
						+ this.row.done() + " if all that is left of the file, the statement included, is done by hand."
						+ NAMES);
	}

	/**
	 * What the statements that are done have made of their session cannot be made again.
	 * @param differences what is not as it was
	 */
	Problem aboutSession(List<String> differences) {
		Integer next = statementInDoubt();
		return new Problem(ErrorCode.INTERRUPTED, Severity.ERROR, "The last run of " + this.row.inWords()
				+ " ended half-way, and what the statements that are done have made of its session cannot be made"
				+ " again: " + String.join("; ", differences)
				+ ". What is left of the file could act on something else than it should.", this.row.origin().place(),
				null, this.row.position().done(),
				"Decide, by one of these ways:\n"
						+ "-- if what is left does not depend on that, or you have put it right: go on\n"
						+ "-- if it does: do what is left by hand, or undo by hand what is done\n" + "Then " + start()
						+ "retry to go on in a session as near to it as can be, and there run"
						+ " the statement again at which the last run ended, unless the catalogue tells that it is"
						+ " done;"
						+ ((next == null) ? ""
								: " with tidemark.resolve.as=continue to go on behind statement " + next
										+ ", if that is done by hand;")
						+ " with tidemark.resolve.as=" + this.row.done()
						+ " if all that is left of the file is done by hand." + NAMES);
	}

	/** Returns the only statement that the last run may have been at, if there is one. */
	private @Nullable Integer statementInDoubt() {
		Step step = this.row.step();
		List<Segment> left = step.segments();
		return (left.isEmpty() || left.get(0).statements().size() != 1) ? null
				: left.get(0).statements().get(0).number();
	}

	/** Nobody but the procedure knows what it had committed when it failed. */
	Problem aboutProcedure(Problem problem, SqlStatement statement) {
		int number = statement.number();
		StepPosition position = this.row.position();
		return problem.withState(position.done() + " Of statement " + number
				+ " a part may be committed: it may end transactions itself, and no catalogue tells how far it came.")
			.withRemedy("Look what of statement " + number + " is there, and decide, by one of these ways:\n"
					+ "-- if nothing of it is there, or you have taken back the part that is: correct it if need be,"
					+ ((position.committed() > 0) ? " leave " + position.doneStatements() + " as it is," : "")
					+ " and have it run again as a whole\n" + "-- if all of statement " + number
					+ " is done, by it or by hand: go on behind it\n"
					+ "-- if all that is left of the file, the statement included, is done by hand: pass it over\n"
					+ "Then " + start() + "retry to run statement " + number
					+ " again, with tidemark.resolve.as=continue to go on behind it, or with tidemark.resolve.as="
					+ this.row.done() + " to pass over what is left." + NAMES);
	}

	/** The words with which a person's decision about this run begins. */
	private String start() {
		return "start once with tidemark.resolve.migration=" + this.row.step().migration().identity().typed()
				+ " tidemark.resolve.rank=" + this.row.rank() + " and tidemark.resolve.as=";
	}

}
