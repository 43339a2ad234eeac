package dev.tidemark.run.failure;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.session.outcome.ConnectionProblems;

/**
 * The errors of statements of which the SQLSTATE tells what to do next. Of any other the
 * file, or the code, has to be corrected.
 *
 * @since 0.1.0
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">error
 * codes</a>
 */
public enum KnownError {

	/** A lock that did not come free within {@code lock_timeout}. */
	LOCK(ErrorCode.LOCK_TIMEOUT, List.of("55P03"),
			(failed) -> failed.inWords() + " did not get its lock within lock_timeout.",
			(failed) -> failed.timeouts().ofLocks()),

	/** A time-out of statements, or somebody's wish: which one, its words tell. */
	CANCELLED(ErrorCode.STATEMENT_TIMEOUT, List.of("57014"), (failed) -> cancelled(failed).what(),
			(failed) -> cancelled(failed).remedy()),

	/** A right that the role lacks. */
	RIGHT(ErrorCode.PRIVILEGE, List.of("42501"),
			(failed) -> "The role may not run a statement of " + failed.origin().inWords() + ".", MissingRight::remedy),

	/** A transaction that takes no writes. */
	READ_ONLY(ErrorCode.READ_ONLY, List.of("25006"), (failed) -> "The database accepts no writes.",
			(failed) -> ConnectionProblems.readOnlyRemedy()),

	/** A deadlock, or a transaction that cannot be serialised with others. */
	CONFLICT(ErrorCode.SESSION_CONFLICT, List.of("40P01", "40001"),
			(failed) -> failed.inWords() + " got into a conflict with another session, and the server broke it off.",
			(failed) -> "Start again: nothing has to be corrected. If it comes again, let nobody else work on these tables"
					+ " meanwhile, or lock them in the order in which the others do; of a deadlock the server's log"
					+ " shows the statements of both sessions."),

	/** Disk, memory, locks or a limit of the server are used up. */
	RESOURCES(ErrorCode.RESOURCES, List.of("53"),
			(failed) -> "The server ran out of what a statement of " + failed.origin().inWords()
					+ " needs: its own words say of what.",
			KnownError::freeing),

	/** What can only run outside of a transaction. */
	IN_TRANSACTION(null, List.of("25001"), KnownError::failed, KnownError::outsideOfTransaction),

	/** A value of an enum that the same transaction has added. */
	NEW_ENUM_VALUE(null, List.of("55P04"), KnownError::failed, KnownError::afterItsCommit),

	/** What has the name already: schema, relation, column, function, anything else. */
	EXISTS(null, List.of("42P06", "42P07", "42701", "42723", "42710"), KnownError::failed, KnownError::whereItIsFrom),

	/** A relation that is not there. */
	MISSING(null, List.of("42P01"), KnownError::failed, ForeignHistory::remedy),

	/** A schema that is not there. */
	MISSING_SCHEMA(null, List.of("3F000"), KnownError::failed, KnownError::makingTheSchema),

	/** What belongs to the server and not to the database, as a role does. */
	NOT_ON_SERVER(null, List.of("42704", "22023"), KnownError::failed, MissingOnServer::remedy),

	/** An extension, or another file, that the server has not got. */
	NOT_INSTALLED(null, List.of("0A000", "58P01"), KnownError::failed, MissingOnServer::remedyOfExtension),

	/** Rows that are there already, and that a constraint refuses. */
	ROWS(null, List.of("23502", "23503", "23505", "23514", "23P01"), KnownError::failed, KnownError::ofRows),

	/** A table whose deferred triggers have yet to run, or what others use. */
	IN_USE(null, List.of("55006"), KnownError::failed, KnownError::whenItIsFree);

	private final @Nullable ErrorCode code;

	private final List<String> sqlStates;

	private final Function<FailedStatement, String> what;

	private final Function<FailedStatement, String> remedy;

	/**
	 * Describes an error.
	 * @param code its code, or {@code null} for that of any other failure
	 * @param sqlStates its SQLSTATEs, or how they begin
	 */
	KnownError(@Nullable ErrorCode code, List<String> sqlStates, Function<FailedStatement, String> what,
			Function<FailedStatement, String> remedy) {
		this.code = code;
		this.sqlStates = sqlStates;
		this.what = what;
		this.remedy = remedy;
	}

	/**
	 * What a script raises is not the server's, so it has no code of its own. But an
	 * extension that says in this way that it needs no transaction needs none.
	 */
	public static Optional<KnownError> of(ServerError error) {
		return Arrays.stream(values()).filter((known) -> known.matches(error)).findFirst();
	}

	private boolean matches(ServerError error) {
		return this.sqlStates.stream()
			.anyMatch((state) -> error.is(state) || (this == IN_TRANSACTION && error.sqlState().equals(state)));
	}

	/** Tells whether it has a code of its own, whatever has failed. */
	public boolean hasCode() {
		return this.code != null;
	}

	/** Tells whether the file may be passed over, which one that is half done may not. */
	public boolean isPassedOver() {
		return this == EXISTS || this == MISSING;
	}

	Problem problem(FailedStatement failed, Place place) {
		return Problem.error((this.code != null) ? this.code : failed.origin().failure(), place,
				this.what.apply(failed), this.remedy.apply(failed));
	}

	static String failed(FailedStatement failed) {
		return failed.inWords() + " failed.";
	}

	/**
	 * Both a time-out and a request have the same code. In which words the server tells
	 * them apart depends on its language.
	 */
	private static Told cancelled(FailedStatement failed) {
		String what = failed.inWords() + " was cancelled";
		String said = failed.error().message();
		if (said.contains("statement timeout")) {
			return new Told(what + ", since it took longer than statement_timeout.", failed.timeouts().ofStatements());
		}
		if (failed.session().isCancelled()) {
			return new Told(what + ", since this run was told to end, as by a shutdown of the application.",
					"Start again; the next run goes on.");
		}
		if (said.contains("user request")) {
			return new Told(what + ": somebody asked the server to do so, as by pg_cancel_backend.",
					"Find out who did so and why, and start again.");
		}
		return new Told(what + ".", "See what the server says. Is it a time-out: " + failed.timeouts().ofStatements()
				+ " Else find out who cancelled it and why, and start again.");
	}

	private static String freeing(FailedStatement failed) {
		return switch (failed.error().sqlState()) {
			case "53100" ->
				"Make room on the disk that the server names (data, temporary files or WAL), and start again;"
						+ " nothing has to be corrected.";
			case "53200" -> "Give the server more of it (its hint may name the setting, such as"
					+ " max_locks_per_transaction), or let the file touch less in one transaction, as with COMMIT;"
					+ " between its statements; then start again.";
			case "53300" -> "Wait until other sessions have ended, or end some, and start again.";
			default -> "Raise the limit that the server names, or let the statement need less, and start again.";
		};
	}

	private static String outsideOfTransaction(FailedStatement failed) {
		if (failed.isCommand("SET") && !failed.isCommand("SET CONSTRAINTS")) {
			return "Put the statement before all others of its transaction; " + correct(failed);
		}
		String function = (failed.error().context() != null)
				? " If a function or a DO block runs it, take it out of that: they never leave the transaction of their"
						+ " caller."
				: "";
		if (!inTransaction(failed)) {
			return "It ran outside of a transaction." + function + " " + failed.origin().remedy();
		}
		if (failed.isOfCallback()) {
			return "The server runs it outside of a transaction only. Let the callback name an event that is not part of a"
					+ " migration's transaction (such as beforeMigrate or afterMigrate), or move the statement into a"
					+ " migration of its own, with -- tidemark: transaction=none at its head." + function;
		}
		if (failed.origin().undo()) {
			return "The server runs it outside of a transaction only: put -- tidemark: transaction=none at the head of the"
					+ " undo file, so that each of its statements commits by itself, and start again." + function;
		}
		return "The server runs it outside of a transaction only: move it into a file of its own with -- tidemark:"
				+ " transaction=none at its head, and start again." + function;
	}

	private static boolean inTransaction(FailedStatement failed) {
		try {
			return failed.session().isInTransaction();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	private static String afterItsCommit(FailedStatement failed) {
		String rule = "A new value of an enum can be used only when the transaction that adds it is committed: ";
		if (failed.isOfMigrationFile()) {
			return rule
					+ "write COMMIT; on a line between ALTER TYPE ... ADD VALUE and this statement, or move ALTER TYPE"
					+ " into a file of its own before this one, or put -- tidemark: transaction=none at the head of the"
					+ " file; then start again.";
		}
		if (failed.origin().undo()) {
			return rule
					+ "write COMMIT; on a line between ALTER TYPE ... ADD VALUE and this statement, and start again.";
		}
		return rule + "add it in a migration of its own, which runs before, and start again.";
	}

	private static String whereItIsFrom(FailedStatement failed) {
		if (!failed.isOfMigrationFile()) {
			return failed.origin().remedy();
		}
		if (failed.isOfRepeatable()) {
			return "A repeatable runs again whenever its text changes, and meets what it made before: write CREATE OR REPLACE"
					+ " or IF NOT EXISTS, or drop it before in the file; then start again.";
		}
		return "Find out where it comes from. If the whole effect of the file is there already, because the baseline of this"
				+ " database is too low, or somebody did it by hand, pass the file over: " + failed.skip()
				+ ". If a part of it is there, take that away by hand, or let the file leave it alone, as with IF NOT"
				+ " EXISTS. If it is something else of the same name, correct the file. Then start again.";
	}

	private static String makingTheSchema(FailedStatement failed) {
		if (!failed.isOfMigrationFile()) {
			return failed.origin().remedy();
		}
		return "If the schema is to be there before the migrations, name it in " + SettingNames.name("schemas")
				+ ", and it is created before the first one, or create it by hand. Else let the file create it (CREATE"
				+ " SCHEMA IF NOT EXISTS), or correct its name. Then start again.";
	}

	/** What is right for the rows of one database need not be for those of another. */
	private static String ofRows(FailedStatement failed) {
		boolean changesTable = failed.isCommand("ALTER TABLE") || failed.isCommand("ALTER DOMAIN")
				|| failed.isCommand("CREATE INDEX");
		if (!changesTable || !failed.isOfMigrationFile()) {
			return failed.origin().remedy();
		}
		return "Rows of this database are in the way: find them by a query, and put them right, by hand or by a statement in"
				+ " the file before this one. Where other databases have applied the file already, do it by hand, as"
				+ " the text of an applied file must not change. Then start again.";
	}

	private static String whenItIsFree(FailedStatement failed) {
		if (failed.isCommand("ALTER TABLE") || failed.isCommand("CREATE INDEX") || failed.isCommand("TRUNCATE")
				|| failed.isCommand("DROP TABLE")) {
			return "If the server speaks of pending trigger events, rows that this transaction has changed wait for their"
					+ " deferred constraints: write SET CONSTRAINTS ALL IMMEDIATE; before this statement, or COMMIT;"
					+ " on a line between the two. " + failed.origin().remedy();
		}
		return "Start again when those who use it are done; pg_stat_activity shows them.";
	}

	private static String correct(FailedStatement failed) {
		String remedy = failed.origin().remedy();
		return remedy.substring(0, 1).toLowerCase(Locale.ROOT) + remedy.substring(1);
	}

	/**
	 * What is told of an error.
	 *
	 * @param what what happened
	 * @param remedy what to do next
	 */
	private record Told(String what, String remedy) {
	}

}
