package dev.tidemark.plan.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Severity;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Checksum;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Says what stands in the way when a run, or an undo, has ended half-way.
 *
 * @since 0.1.0
 */
public final class HalfDone {

	private static final String RETRY = "retry (what is recorded as done is done, and nothing else: what comes after "
			+ "it runs)";

	private static final String CONTINUE = "continue (what is recorded as done is done, and the statement after it)";

	private HalfDone() {
	}

	/** Returns the state of what is half done: nobody runs it any more. */
	public static MigrationState state(HistoryEntry entry) {
		return (entry.state() == MigrationState.RUNNING) ? MigrationState.INTERRUPTED : entry.state();
	}

	/**
	 * Returns the ways to let a run go on.
	 * @param entry what it has left
	 * @param code whether the migration is code, which has no statements to go on behind
	 */
	public static List<String> waysOn(HistoryEntry entry, boolean code) {
		return (code || entry.statementsDone() >= entry.statementsTotal()) ? List.of(RETRY) : List.of(RETRY, CONTINUE);
	}

	/** Says why a run that has ended by itself cannot go on. */
	public static String decision(HistoryEntry entry) {
		return "What it left needs a decision: the first statement that is not recorded as done may have had its"
				+ " effect, as a whole or in part, or needs what only its session had. What ended the run, the"
				+ " history tells in error_message of rank " + entry.rank() + ".";
	}

	/**
	 * Says why a run cannot go on with a step by itself.
	 * @param step the step, cut as the run did it
	 * @param entry what the run has left
	 * @return a sentence, or {@code null} if it can go on
	 */
	public static @Nullable String obstacle(Step step, HistoryEntry entry) {
		int done = entry.statementsDone();
		List<String> texts = step.statements().stream().limit(done).map(SqlStatement::source).toList();
		if (texts.size() < done || !Checksum.of(texts).value().equals(entry.doneChecksum())) {
			return "The statements that are done were edited since, so it cannot go on by itself; with their text of before it does.";
		}
		if (entry.hasUnknownSession()) {
			return "A newer version of Tidemark has recorded what its session was like, so this one cannot go on with it.";
		}
		// The statement that an instance ran when it went away may be done in part.
		boolean failed = entry.state() == MigrationState.FAILED;
		if (!hasSameValues(step, done + 1, entry) && !(failed && hasSameValues(step, done, entry))) {
			return "A placeholder of what has run has another value now (" + step.used(failed ? done : done + 1)
					+ "), so its halves would not fit together; with the values of before it goes on by itself.";
		}
		return null;
	}

	private static boolean hasSameValues(Step step, int begun, HistoryEntry entry) {
		return Objects.equals(step.basis(begun).values(), entry.basis().values());
	}

	/**
	 * Says that a run cannot go on by itself.
	 * @param entry what it has left
	 * @param reason why it cannot
	 * @param waysOn the ways to let it go on, if there are any
	 */
	public static Problem run(HistoryEntry entry, String reason, List<String> waysOn) {
		return problem(entry, "The last run of " + entry.identity().inWords(), reason, decide(entry, "its", waysOn));
	}

	/** Says that an undo cannot go on by itself. */
	public static Problem undo(HistoryEntry entry, String reason, List<String> waysOn) {
		return problem(entry, "The undo of " + entry.identity().inWords(), reason,
				decide(entry, "the migration's", waysOn));
	}

	/** Says that an undo has to come to its end before anything else runs. */
	public static Problem undo(HistoryEntry entry) {
		return problem(entry, "The undo of " + entry.identity().inWords(), "It has to come to its end first.",
				"Let it go on: start once with tidemark.mode=undo and tidemark.undo.from=" + entry.identity() + ". Or l"
						+ decide(entry, "the migration's", waysOn(entry, false)).substring(1));
	}

	private static String decide(HistoryEntry entry, String whose, List<String> waysOn) {
		List<String> ways = new ArrayList<>(
				List.of("applied (" + whose + " whole effect is there)", "undone (nothing of it is there)"));
		ways.addAll(waysOn);
		String last = ways.remove(ways.size() - 1);
		return "Look at the database, decide, and start once with tidemark.resolve.migration="
				+ entry.identity().typed() + " tidemark.resolve.rank=" + entry.rank() + " and tidemark.resolve.as="
				+ String.join(", ", ways) + " or " + last
				+ ". Of several databases or tenants, tidemark.resolve.database and tidemark.resolve.tenant name the one.";
	}

	private static Problem problem(HistoryEntry entry, String what, String reason, String remedy) {
		boolean failed = entry.state() == MigrationState.FAILED;
		return new Problem(failed ? ErrorCode.FAILED : ErrorCode.INTERRUPTED, Severity.ERROR,
				what + (failed ? " failed half-way. " : " was interrupted. ") + reason, Place.file(entry.script()),
				null, progress(entry), remedy);
	}

	/** Says how far a run has come. */
	static String progress(HistoryEntry entry) {
		int done = entry.statementsDone();
		int total = entry.statementsTotal();
		if (total == 1) {
			return (done == 0) ? "Its only statement is not recorded as done, and may be done in part."
					: "Its only statement is recorded as done.";
		}
		String recorded = (done == 0) ? "None of its " + total + " statements is recorded as done"
				: done + " of " + total + ((done == 1) ? " statements is" : " statements are") + " recorded as done";
		return recorded + ((done == total) ? "." : (done == 0) ? "; the first one may be done in part."
				: "; the one after " + ((done == 1) ? "it" : "them") + " may be done in part.");
	}

}
