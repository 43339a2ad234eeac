package dev.tidemark.autoconfigure;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;

/**
 * What the exit code of a process says that migrates, undoes or looks. The numbers never
 * change their meaning. They are none of those that a shell, the JVM or Spring Boot use,
 * and where {@code sysexits.h} has a number for the same thing, it is that one. Of
 * several problems the gravest decides, which is the last of these.
 *
 * @since 0.1.0
 */
public enum ExitCode {

	/** What was asked for is done, or there was nothing to do. */
	DONE(0),

	/**
	 * Nothing has to be changed: the same start succeeds later. The server does not
	 * answer, another instance is still at it, or a lock was not to be had in time.
	 */
	TRY_AGAIN_LATER(75),

	/** The schema is not what the migrations made. Reserved: nothing looks for it yet. */
	DRIFT_FOUND(83),

	/** A check refuses what would run. Reserved: there is no such check yet. */
	REFUSED_BY_GATE(82),

	/** A setting of the process, or the account that it uses, has to be corrected. */
	WRONG_CONFIGURATION(78),

	/** A person has to look at a file or at the database. */
	PERSON_NEEDED(80),

	/** Some tenants could not be migrated; each other one is as it should be. */
	TENANTS_FAILED(81);

	private final int number;

	ExitCode(int number) {
		this.number = number;
	}

	/**
	 * Returns the number that the process ends with.
	 * @return the number
	 */
	public int number() {
		return this.number;
	}

	/** Returns the name that reports use, such as {@code try-again-later}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return whether a number has a meaning of its own, so that a setting must not give
	 * it another one.
	 * @param number a number
	 * @return {@code true} for the number of each of these but {@link #DONE}
	 */
	public static boolean isReserved(int number) {
		return failures().anyMatch((code) -> code.number == number);
	}

	/** Returns all numbers with a meaning of their own, in words. */
	public static String reserved() {
		return failures().map((code) -> code.number + " (" + code + ")").sorted().collect(Collectors.joining(", "));
	}

	private static Stream<ExitCode> failures() {
		return Arrays.stream(values()).filter((code) -> code != DONE);
	}

	/**
	 * Returns what a process ends with that finds problems.
	 * @param problems the problems; warnings among them count for nothing
	 * @return the gravest exit code; {@link #DONE} if there is no error
	 */
	public static ExitCode of(Collection<Problem> problems) {
		return problems.stream()
			.filter(Problem::isError)
			.map((problem) -> of(problem.code()))
			.max(Comparator.naturalOrder())
			.orElse(DONE);
	}

	/**
	 * Returns what a process ends with because of an error.
	 * @param code the code of the error
	 * @return the exit code, never {@link #DONE}
	 */
	public static ExitCode of(ErrorCode code) {
		return switch (code) {
			case CONNECTION_REFUSED, CONNECTION_LOST, CONNECTIONS_USED_UP, SERVER_NOT_READY, SESSION_CONFLICT,
					FILE_CHANGED, PENDING, INSTANCE_LOCK, LOCK_TIMEOUT, CANCELLED, OUTCOME_UNKNOWN, REDO_NOT_ALONE,
					BACKFILL_REQUIRED ->
				TRY_AGAIN_LATER;
			case SETTING, NOTHING_RUNS, PROPERTIES_UNREAD, DATA_SOURCE, SHARED_HISTORY, LOCATION_MISSING, OUTSIDE_ROOT,
					PLACEHOLDER, HOST_UNKNOWN, TLS, AUTHENTICATION, DATABASE_MISSING, NOT_POSTGRESQL, SCHEMA_MISSING,
					INIT_SQL, PRIVILEGE, POOLER, ROLE_REFUSED, SETTING_REFUSED, HISTORY_CONFLICT, HISTORY_ELSEWHERE,
					TARGET_UNKNOWN, NOTHING_TO_RESOLVE, REQUEST, DATABASE_UNCLEAR, SELECTION_UNKNOWN, NOT_PICKABLE,
					NOT_SKIPPABLE, LEFT_BEHIND, STANDBY, UNDO_UNCLEAR, TENANTS_UNKNOWN, CLONE_PRIVILEGE,
					CLONE_IMPOSSIBLE, REDO_NOT_HERE, REDO_RELEASE_UNKNOWN, BACKFILL_CONTROL ->
				WRONG_CONFIGURATION;
			case FILE_UNREADABLE, FILE_ENCODING, FILE_NAME, DUPLICATE, SYNTAX, DIRECTIVE, FILE_KIND, STRAY_PARENTHESIS,
					SCRIPT_CONFIGURATION, DRIVER, CALLBACK_EVENT, CALLBACK_TRANSACTION, CALLBACK, CODE,
					CODE_TRANSACTION, CODE_COMMITTED, CODE_PREPARED, CODE_TOO_EARLY, CODE_UNREGISTERED, CODE_OF_FLYWAY,
					SETTING_ENDS, UNDO_IRREVERSIBLE, PLACEHOLDER_IN_BODY, DEPENDENCY, RELEASE_UNKNOWN, SERVER_TOO_OLD,
					READ_ONLY, RESOURCES, STANDARD_STRINGS, HISTORY_ACCESS, HISTORY_LAYOUT, HISTORY_TRIGGER,
					HISTORY_HIDDEN, HISTORY_COLUMN, HISTORY_UNKNOWN, CHANGED, MISSING, AHEAD, OUT_OF_ORDER, FAILED,
					INTERRUPTED, NOT_EMPTY, BASELINE_REFUSED, BASELINE_DIFFERS, SQUASHED, STATEMENT, STATEMENT_TIMEOUT,
					COMMIT, OPEN_TRANSACTION, UNEXPECTED, UNDO_WITHOUT_MIGRATION, UNDO_MISSING, DATA_LOSS, UNDO_LEAVES,
					UNDO_BASELINE, CLONE_FAILED, DEPENDENT_OBJECTS, NOT_CONTINUABLE, REDO_NO_WAY_BACK,
					REBUILD_IMPOSSIBLE, REBUILD, BACKFILL_FILE, BACKFILL_TABLE, PHASE_CONFLICT, BACKFILL_CHANGED,
					BACKFILL_FAILED, BACKFILL_OUTSIDE, BACKFILL_UNVERIFIED, BACKFILL_RIGHTS, BACKFILL_RECORD,
					UNDO_PHASE ->
				PERSON_NEEDED;
			case TENANTS_FAILED -> TENANTS_FAILED;
		};
	}

}
