package dev.tidemark.plan.step;

import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Migration;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.TransactionUse;
import dev.tidemark.statement.parse.SessionEffects;
import dev.tidemark.statement.parse.Statements;

/**
 * A person's word that the statement at which a run stopped is done, so that the next one
 * goes on behind it. It holds for one statement only, and only while it is known which
 * one that is.
 *
 * @param stopped the run
 * @param migration its file, as it is now
 * @param step the file, cut as the run did it
 * @param cut cuts what is left of it as the next run will
 * @since 0.1.0
 */
public record Continuation(HistoryRow stopped, Migration migration, Step step, UnaryOperator<Step> cut) {

	/** The end of an excerpt that is not the whole statement. */
	private static final String CUT_OFF = "\u2026";

	/** What stands in an excerpt for a secret. */
	private static final String MASKED = "***";

	private static final String CORRECT = "Correct the file if need be, and start again. "
			+ "If all that is left of it is done by hand, say so with ";

	/**
	 * Returns what the history has to know then.
	 * @param rank the rank of its row
	 * @throws TidemarkException if that cannot be said of this run
	 */
	public HistoryEntry entry(int rank) {
		requirePossible();
		HistoryEntry entry = this.stopped.entry();
		int done = entry.statementsDone() + 1;
		List<String> texts = this.step.statements().stream().limit(done).map(SqlStatement::source).toList();
		Checksum checksum = this.migration.checksum();
		return new HistoryEntry(rank, entry.identity(), entry.phase(), entry.description(), entry.script(),
				(checksum != null) ? checksum.value() : null, MigrationState.FAILED, this.step.statementCount(), done,
				HistoryEntry.journal(entry.ranAlone(), Checksum.of(texts).value(), this.step.basis(done),
						entry.session()),
				entry.undo(), null);
	}

	private void requirePossible() {
		HistoryEntry entry = this.stopped.entry();
		String obstacle = HalfDone.obstacle(this.step, entry);
		if (obstacle != null) {
			throw refused(obstacle,
					"Restore the file and the values of its placeholders as they were, or decide in " + "another way.");
		}
		Segment next = next();
		if (next == null) {
			throw refused("All of its statements are done, so there is none to go on behind.",
					"Start again; or say with tidemark.resolve.as=retry that nothing else has to be decided.");
		}
		SqlStatement statement = next.statements().get(0);
		if (next.statements().size() > 1) {
			throw refused("It stopped in a transaction that has statements " + statement.number() + " to "
					+ next.statements().get(next.statements().size() - 1).number()
					+ ": that was rolled back, so no single one of them is done.", CORRECT + whole() + ".");
		}
		if (Statements.of(statement).transactionUse() == TransactionUse.CONTROL) {
			throw refused(
					"Statement " + statement.number()
							+ " begins or ends a transaction of the file itself, which was rolled back.",
					CORRECT + whole() + ".");
		}
		if (SessionEffects.of(statement).setsOnly()) {
			throw refused(
					"Statement " + statement.number() + " does nothing but set up its session, which has ended, so it "
							+ "has to run again in the next one.",
					"Say tidemark.resolve.as=retry.");
		}
		if (!isStill(statement)) {
			throw refused(
					"The file was changed since, and nobody can tell whether its statement " + statement.number()
							+ " is still the one at which the run stopped.",
					"Restore that statement, and start again; or say tidemark.resolve.as=retry to run it as it is now.");
		}
	}

	/** Returns what comes first of what is left, or {@code null} if nothing does. */
	private @Nullable Segment next() {
		List<Segment> left = this.cut.apply(this.step.resume(this.stopped.entry())).segments();
		return (left.isEmpty() || left.get(0).statements().isEmpty()) ? null : left.get(0);
	}

	/**
	 * What comes behind the statement may be corrected already. An excerpt that leaves
	 * something out says nothing of that.
	 */
	private boolean isStill(SqlStatement statement) {
		HistoryRow.Failure failure = this.stopped.failure();
		String excerpt = statement.excerpt();
		return this.migration.isContentOf(this.stopped.entry().checksum()) || (failure != null
				&& excerpt.equals(failure.statement()) && !excerpt.endsWith(CUT_OFF) && !excerpt.contains(MASKED));
	}

	private String whole() {
		return "tidemark.resolve.as=" + (this.stopped.entry().undo() ? "undone" : "applied");
	}

	private TidemarkException refused(String reason, String remedy) {
		return refused(this.stopped.entry(), reason, remedy);
	}

	public static TidemarkException refused(HistoryEntry entry, String reason, String remedy) {
		return new TidemarkException(Problem
			.error(ErrorCode.NOT_CONTINUABLE, Place.file(entry.script()),
					"The " + (entry.undo() ? "undo" : "run") + " of " + entry.identity().inWords() + " with rank "
							+ entry.rank() + " cannot go on behind the statement at which it stopped. " + reason,
					remedy)
			.withState("Nothing was changed, and no decision was recorded. " + HalfDone.progress(entry)));
	}

}
