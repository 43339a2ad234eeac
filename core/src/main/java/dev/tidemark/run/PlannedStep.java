package dev.tidemark.run;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A migration that would run, or be undone, cut into the parts that are committed
 * together.
 *
 * @param migration what would run
 * @param atomic whether the whole migration and its history row are one transaction
 * @param statementsTotal how many statements the migration has; code counts as one
 * @param statementsDone how many of them an earlier run has done for good
 * @param resumed the earlier run that this one continues, or {@code null}
 * @param segments the parts that are left, in order
 * @since 0.1.0
 */
public record PlannedStep(MigrationInfo migration, boolean atomic, int statementsTotal, int statementsDone,
		@Nullable Resumed resumed, List<Segment> segments) {

	/** Copies the list. */
	public PlannedStep {
		segments = List.copyOf(segments);
	}

	/**
	 * A part that is committed as a whole.
	 *
	 * @param transaction whether it runs in a transaction
	 * @param code whether it is code
	 * @param statements its statements, in order; none of code
	 * @since 0.1.0
	 */
	public record Segment(boolean transaction, boolean code, List<StatementInfo> statements) {

		/** Copies the list. */
		public Segment {
			statements = List.copyOf(statements);
		}

	}

	/**
	 * An earlier run that is continued.
	 *
	 * @param statementsTotal how many statements its file had
	 * @param statementsDone how many of them it has done for good
	 * @since 0.1.0
	 */
	public record Resumed(int statementsTotal, int statementsDone) {
	}

}
