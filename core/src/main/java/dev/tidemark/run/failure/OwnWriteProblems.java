package dev.tidemark.run.failure;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.Bystanders;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.CommitEvidence;
import dev.tidemark.session.outcome.ConnectionProblems;

/**
 * Says what an error of our own writes means that comes from what others have put around
 * the history: triggers, rules and event triggers. No file is to blame for it.
 *
 * @since 0.1.0
 */
public final class OwnWriteProblems {

	private static final String NOT_SUPPORTED = "0A000";

	private static final String UNDEFINED_TABLE = "42P01";

	private static final String INVALID_SCHEMA = "3F000";

	/** What the context of each procedural language holds, in whatever language. */
	private static final String LANGUAGE = "PL/";

	private static final int LONGEST_LINE = 300;

	/** The name of a function with its arguments, or in quotes. */
	private static final Pattern FUNCTION = Pattern
		.compile("(?:\"[^\"]*+\"|[^\\s\"(])++\\([^()]*+\\)|\"[^\"]*+\"|\u00AB[^\u00BB]*+\u00BB");

	private OwnWriteProblems() {
	}

	/**
	 * Says what an error of our own statements means, outside of any migration, and what
	 * became of them.
	 * @param table the history that they write
	 * @param evidence what shows whether they are committed
	 * @param rolledBack in which state the database is if they are not
	 */
	public static TidemarkException whileWriting(Session session, HistoryTable table, String doing, SQLException ex,
			CommitEvidence evidence, String rolledBack) {
		return whileWriting(session, table, doing, ex, evidence, ConnectionProblems.states(rolledBack));
	}

	/**
	 * Says what an error of our own statements means, outside of any migration, and what
	 * became of the work that they belong to.
	 * @param table the history that they write
	 * @param evidence what shows whether it is committed
	 * @param states in which state the database is then, and if not
	 */
	public static TidemarkException whileWriting(Session session, HistoryTable table, String doing, SQLException ex,
			CommitEvidence evidence, Breakdown.States states) {
		return ConnectionProblems.whileWriting(session, (error) -> of(session, table, null, error), doing, ex, evidence,
				states);
	}

	/**
	 * Finds out whether something around the history is to blame.
	 * @param session the session of the write, whose transaction is rolled back if need
	 * be
	 * @param place which file had run, or {@code null}
	 * @param error the error of a write of our own, and not of what came before it
	 */
	public static Optional<Problem> of(Session session, HistoryTable table, @Nullable Place place, ServerError error) {
		if (table.isRowGone(error)) {
			return Optional.of(notAsWritten(table, place, Bystanders.of(session, table)));
		}
		if (error.context() == null && (error.is(UNDEFINED_TABLE) || error.is(INVALID_SCHEMA))) {
			return Optional.of(gone(table, place).withServer(error));
		}
		if (error.context() == null) {
			return error.is(NOT_SUPPORTED) ? Optional.of(rule(table, place).withServer(error)) : Optional.empty();
		}
		if (error.is("55P03") || error.is("57014") || error.isConnectionLost()) {
			return Optional.empty();
		}
		return Optional.of(Problem.error(ErrorCode.HISTORY_TRIGGER, place,
				"A trigger failed on a write of Tidemark's own to " + table.qualifiedName() + ": its function "
						+ function(error.context()) + " ran for it, as it does for the writes of others.",
				"Correct the function, or take the trigger from the table (DROP TRIGGER ... ON " + table.qualifiedName()
						+ ";), or disable it if it is an event trigger (ALTER EVENT TRIGGER ..."
						+ " DISABLE;), and start again. The files need no change.")
			.withServer(error));
	}

	/**
	 * What nothing on the table can have done was done by what ran, or by somebody else.
	 */
	private static Problem notAsWritten(HistoryTable table, @Nullable Place place, List<String> bystanders) {
		if (bystanders.isEmpty()) {
			return Problem.error(ErrorCode.HISTORY_LAYOUT, place,
					"The row of the run is not in the history " + table.qualifiedName()
							+ " as Tidemark has written it: what ran, or somebody else, removed or changed it.",
					"Do not write to the history table while migrations run, nor from a migration. Then start again.");
		}
		return Problem.error(ErrorCode.HISTORY_TRIGGER, place, "The row for the history " + table.qualifiedName()
				+ " was not written as it should be, although the server reported no error: a trigger, a rule or"
				+ " a row security policy of the table dropped or changed it. The table has "
				+ String.join(", ", bystanders) + ".",
				"Remove what drops or changes rows, or let it pass on the rows of this table; see \\d "
						+ table.qualifiedName() + " in psql. Then start again; the files need no change.");
	}

	private static Problem gone(HistoryTable table, @Nullable Place place) {
		return Problem.error(ErrorCode.HISTORY_LAYOUT, place, "The history table " + table.qualifiedName()
				+ " is not there any more: what has run, or somebody else, dropped or renamed it or its schema.",
				"Bring the table back as it was, by its name or from a backup: without it the next start takes the"
						+ " database for one in which nothing has run. No migration may touch it.");
	}

	private static Problem rule(HistoryTable table, @Nullable Place place) {
		return Problem.error(ErrorCode.HISTORY_TRIGGER, place,
				"A rule on the history table " + table.qualifiedName() + " rewrites what Tidemark writes.",
				"Drop the rule (DROP RULE ... ON " + table.qualifiedName()
						+ ";), and start again. The files need no change.");
	}

	/** The outermost function stands last; it is the one that the trigger calls. */
	private static String function(String context) {
		return context.lines()
			.filter((line) -> line.contains(LANGUAGE) && line.length() <= LONGEST_LINE)
			.reduce((first, second) -> second)
			.map((line) -> FUNCTION.matcher(line))
			.filter(Matcher::find)
			.map(Matcher::group)
			.orElse("(see the context)");
	}

}
