package dev.tidemark.error;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The stable codes of everything that can go wrong. A code never changes its meaning and
 * is never used again; {@code docs/reference/errors.md} says of each what it means and
 * what to do.
 *
 * @since 0.1.0
 */
public enum ErrorCode {

	/** A setting has a value that cannot be used. */
	SETTING("TM-CFG-001", "Setting not usable"),

	/** Migration files exist, but nothing will run them. */
	NOTHING_RUNS("TM-CFG-002", "Migrations will not run"),

	/** Properties are set, and nothing reads them. */
	PROPERTIES_UNREAD("TM-CFG-003", "Properties not read"),

	/** There is no {@code DataSource} bean of the configured name. */
	DATA_SOURCE("TM-CFG-004", "No such DataSource"),

	/** Two databases would write one history. */
	SHARED_HISTORY("TM-CFG-005", "Two databases, one history"),

	/** A configured location does not exist. */
	LOCATION_MISSING("TM-SRC-001", "Location missing"),

	/** A file or location cannot be read. */
	FILE_UNREADABLE("TM-SRC-002", "File unreadable"),

	/** A file is not in the configured encoding. */
	FILE_ENCODING("TM-SRC-003", "Wrong encoding"),

	/** A file looks like a migration, but its name does not follow the naming. */
	FILE_NAME("TM-SRC-004", "File name not understood"),

	/** Two files claim one version or one repeatable name. */
	DUPLICATE("TM-SRC-005", "Two files, one identity"),

	/** The text of a file cannot be split into statements. */
	SYNTAX("TM-SRC-006", "Script not readable as SQL"),

	/** A directive in the head of a file is unknown or wrong. */
	DIRECTIVE("TM-SRC-007", "Directive not understood"),

	/** A kind of file that has no phase claims one. */
	FILE_KIND("TM-SRC-008", "Kind of file not supported"),

	/** A file changed between the check and the run. */
	FILE_CHANGED("TM-SRC-009", "File changed while in use"),

	/** A closing parenthesis stands alone after the last statement of a file. */
	STRAY_PARENTHESIS("TM-SRC-010", "Stray parenthesis"),

	/** A file {@code NAME.sql.conf} asks for what is unknown, or belongs to no script. */
	SCRIPT_CONFIGURATION("TM-SRC-011", "Script configuration not usable"),

	/** A location leads out of the folder that it must not leave. */
	OUTSIDE_ROOT("TM-SRC-012", "Outside of the root"),

	/** A statement of a file is one that the driver cannot live with. */
	DRIVER("TM-SRC-013", "Statement not for the driver"),

	/** A file sets the time zone of its session, which the next one does not get. */
	SETTING_ENDS("TM-SRC-014", "Setting ends with its file"),

	/** A file is named after an event that Tidemark does not have. */
	CALLBACK_EVENT("TM-CAL-001", "Event not known"),

	/** A callback holds what cannot run in the transaction of a migration. */
	CALLBACK_TRANSACTION("TM-CAL-002", "Callback cannot run in a transaction"),

	/** A callback failed. */
	CALLBACK("TM-CAL-003", "Callback failed"),

	/** Code of the application failed. */
	CODE("TM-COD-001", "Code failed"),

	/** Code began or ended a transaction, or lost the one that it ran in. */
	CODE_TRANSACTION("TM-COD-002", "Code must not control the transaction"),

	/** Code committed its transaction itself. */
	CODE_COMMITTED("TM-COD-003", "Code committed by itself"),

	/** Code needs what can only be there after the migrations. */
	CODE_TOO_EARLY("TM-COD-004", "Code needs what comes after migrations"),

	/** Code prepared its transaction for a two-phase commit. */
	CODE_PREPARED("TM-COD-005", "Code prepared its transaction"),

	/** A migration or callback in Java lies where it should run, and is no bean. */
	CODE_UNREGISTERED("TM-COD-006", "Class that nothing runs"),

	/** A class was written for Flyway, and nothing runs it. */
	CODE_OF_FLYWAY("TM-COD-007", "Class of Flyway"),

	/** A placeholder has no value. */
	PLACEHOLDER("TM-PLH-001", "Placeholder without a value"),

	/** A declared placeholder stands where it is not replaced. */
	PLACEHOLDER_IN_BODY("TM-PLH-002", "Placeholder not replaced"),

	/** A repeatable depends on one that does not exist, or in a circle. */
	DEPENDENCY("TM-DEP-001", "Dependency not possible"),

	/** It cannot be found out which migrations are released. */
	RELEASE_UNKNOWN("TM-REL-001", "Released migrations unknown"),

	/** No connection to the server. */
	CONNECTION_REFUSED("TM-DB-001", "Server unreachable"),

	/** The server refuses the user or the password. */
	AUTHENTICATION("TM-DB-002", "Login refused"),

	/** The database does not exist. */
	DATABASE_MISSING("TM-DB-003", "Database missing"),

	/** The database is not PostgreSQL. */
	NOT_POSTGRESQL("TM-DB-004", "Not PostgreSQL"),

	/** The server is older than the oldest supported version. */
	SERVER_TOO_OLD("TM-DB-005", "Server too old"),

	/** The connection went away during the work. */
	CONNECTION_LOST("TM-DB-006", "Connection lost"),

	/** The schema does not exist and may not be created. */
	SCHEMA_MISSING("TM-DB-007", "Schema missing"),

	/** The SQL that prepares the session failed. */
	INIT_SQL("TM-DB-008", "Session not prepared"),

	/** The database accepts no writes. */
	READ_ONLY("TM-DB-009", "Database is read-only"),

	/** The role lacks a right. */
	PRIVILEGE("TM-DB-010", "Right missing"),

	/** The connection keeps no server session between transactions. */
	POOLER("TM-DB-011", "Pooler in transaction mode"),

	/** The login may not become the role that owns what migrations make. */
	ROLE_REFUSED("TM-DB-012", "Role refused"),

	/** The server does not take a setting that protects a run. */
	SETTING_REFUSED("TM-DB-013", "Session setting refused"),

	/** The database or login reads backslashes in strings, and migrations do not. */
	STANDARD_STRINGS("TM-DB-014", "Backslashes in strings"),

	/** The name of the server's host cannot be resolved. */
	HOST_UNKNOWN("TM-DB-015", "Host unknown"),

	/** The server, the role or the database has as many connections as it may have. */
	CONNECTIONS_USED_UP("TM-DB-016", "Connections used up"),

	/** The server is there, but starts, stops or recovers. */
	SERVER_NOT_READY("TM-DB-017", "Server not ready"),

	/** Server and driver do not agree on TLS. */
	TLS("TM-DB-018", "TLS not agreed on"),

	/** Disk, memory, locks or a limit of the server are used up. */
	RESOURCES("TM-DB-019", "Server out of resources"),

	/** A deadlock, or a transaction that cannot be serialised with others. */
	SESSION_CONFLICT("TM-DB-020", "Conflict with another session"),

	/** The history cannot be read or written. */
	HISTORY_ACCESS("TM-HIS-001", "History not accessible"),

	/** The history table is not one that this version knows. */
	HISTORY_LAYOUT("TM-HIS-002", "History layout unknown"),

	/** The history table was found in another schema than the default one. */
	HISTORY_ELSEWHERE("TM-HIS-003", "History in another schema"),

	/** Another instance wrote the history while this one held the lock. */
	HISTORY_CONFLICT("TM-HIS-004", "History written by another instance"),

	/** A trigger, a rule or an event trigger is in the way of what Tidemark writes. */
	HISTORY_TRIGGER("TM-HIS-005", "Trigger in the way of the history"),

	/** Row security hides rows of the history. */
	HISTORY_HIDDEN("TM-HIS-006", "History hidden by row security"),

	/** The history table has a column that this version cannot fill. */
	HISTORY_COLUMN("TM-HIS-007", "History not writable by this version"),

	/** A newer version has recorded something that this one does not know. */
	HISTORY_UNKNOWN("TM-HIS-008", "Recorded by a newer version"),

	/** An applied file was edited. */
	CHANGED("TM-VAL-001", "Applied file changed"),

	/** An applied file is gone. */
	MISSING("TM-VAL-002", "Applied file missing"),

	/** The database is newer than this build. */
	AHEAD("TM-VAL-003", "Database ahead of this build"),

	/** A pending version is below the newest applied one. */
	OUT_OF_ORDER("TM-VAL-004", "Out of order"),

	/** A migration failed half-way and left the database in between. */
	FAILED("TM-VAL-005", "Failed half-way"),

	/** A migration was interrupted half-way. */
	INTERRUPTED("TM-VAL-006", "Interrupted"),

	/** Migrations are pending where none may be. */
	PENDING("TM-VAL-007", "Migrations pending"),

	/** The target version is not known. */
	TARGET_UNKNOWN("TM-VAL-008", "Target version unknown"),

	/** A person decided about a migration about which nothing has to be decided. */
	NOTHING_TO_RESOLVE("TM-VAL-009", "Nothing to resolve"),

	/** A run cannot go on behind the statement at which it stopped. */
	NOT_CONTINUABLE("TM-REP-001", "Cannot go on behind the statement"),

	/** A request to the endpoint lacks a field, or one cannot be understood. */
	REQUEST("TM-REP-002", "Request incomplete"),

	/** It is not said, or not known, which database a person means. */
	DATABASE_UNCLEAR("TM-VAL-010", "Not clear which database"),

	/** A schema without a history holds what no migration of Tidemark has made. */
	NOT_EMPTY("TM-BAS-001", "Schema not empty"),

	/**
	 * A baseline was to be recorded in a database that has a history, or at another
	 * version, or at one that no file reaches.
	 */
	BASELINE_REFUSED("TM-BAS-002", "Baseline refused"),

	/**
	 * The files that an existing database still needs were replaced by a baseline file.
	 */
	SQUASHED("TM-BAS-003", "Files squashed too early"),

	/**
	 * A baseline was to be recorded at another version than the history of another tool
	 * says.
	 */
	BASELINE_DIFFERS("TM-BAS-010", "Baseline differs from another history"),

	/** A setting names a migration that nobody knows. */
	SELECTION_UNKNOWN("TM-SEL-001", "Selected migration unknown"),

	/** A migration was picked that cannot run. */
	NOT_PICKABLE("TM-SEL-002", "Picked migration cannot run"),

	/** A migration shall be skipped that is done, or done in part. */
	NOT_SKIPPABLE("TM-SEL-003", "Nothing to skip"),

	/** A picked version leaves older ones pending. */
	LEFT_BEHIND("TM-SEL-004", "Older versions left behind"),

	/** A statement failed. */
	STATEMENT("TM-RUN-001", "Statement failed"),

	/** The instance lock was not free in time. */
	INSTANCE_LOCK("TM-RUN-002", "Another instance holds the lock"),

	/** A statement waited for a lock for longer than {@code lock_timeout}. */
	LOCK_TIMEOUT("TM-RUN-003", "Lock not granted in time"),

	/** A statement ran for longer than {@code statement_timeout}, or was cancelled. */
	STATEMENT_TIMEOUT("TM-RUN-004", "Statement cancelled"),

	/** The statements succeeded, but the transaction could not be committed. */
	COMMIT("TM-RUN-005", "Commit failed"),

	/** A file ended with its own transaction still open. */
	OPEN_TRANSACTION("TM-RUN-006", "Transaction left open"),

	/** A run was cancelled before its next migration. */
	CANCELLED("TM-RUN-007", "Run cancelled"),

	/** What was asked for writes, and the server is a standby. */
	STANDBY("TM-RUN-008", "Server is a standby"),

	/** The connection ended, and nobody could be asked yet what became of its work. */
	OUTCOME_UNKNOWN("TM-RUN-009", "Outcome not known yet"),

	/** An error that nobody expected ended a migration. */
	UNEXPECTED("TM-RUN-010", "Unexpected error"),

	/** A file undoes a version of which there is no file. */
	UNDO_WITHOUT_MIGRATION("TM-UND-001", "Undo without migration"),

	/** A migration that is to be undone has no undo file. */
	UNDO_MISSING("TM-UND-002", "Undo file missing"),

	/** An undo would lose data, or it cannot be told that it would not. */
	DATA_LOSS("TM-UND-003", "Undo may lose data"),

	/** It is not said, or not known, what a person wants undone. */
	UNDO_UNCLEAR("TM-UND-004", "Not clear what to undo"),

	/** Something that ran later than what is undone stays. */
	UNDO_LEAVES("TM-UND-005", "Undo leaves what ran later"),

	/** What the database began with cannot be undone. */
	UNDO_BASELINE("TM-UND-006", "Undo reaches into the baseline"),

	/** A version that is to be undone says that it has no way back. */
	UNDO_IRREVERSIBLE("TM-UND-007", "Irreversible on purpose"),

	/** An undo reaches below a contract that is applied. */
	UNDO_PHASE("TM-UND-008", "Undo reaches below a contract"),

	/** Schemas of tenants could not be migrated, or are not as expected. */
	TENANTS_FAILED("TM-TEN-001", "Tenants failed"),

	/** The bean that knows the schemas of tenants could not name them. */
	TENANTS_UNKNOWN("TM-TEN-002", "Tenants not known"),

	/** The role of a test may not create the databases that the test asks for. */
	CLONE_PRIVILEGE("TM-TEST-001", "Role may not create databases"),

	/** The context of a test cannot be made to work on a clone. */
	CLONE_IMPOSSIBLE("TM-TEST-002", "No clone for this context"),

	/** The server could not make a template database or a clone of it. */
	CLONE_FAILED("TM-TEST-003", "Template or clone not made"),

	/** Edited migrations are not taken back where data may be somebody's. */
	REDO_NOT_HERE("TM-DEV-001", "Not a place of development"),

	/** Somebody else is connected to the database whose migrations are to be redone. */
	REDO_NOT_ALONE("TM-DEV-002", "Somebody else is connected"),

	/** It is not known whether an edited migration is released. */
	REDO_RELEASE_UNKNOWN("TM-DEV-003", "Released or not is unknown"),

	/** An edited migration has no way back, and the database is not thrown away. */
	REDO_NO_WAY_BACK("TM-DEV-004", "No way back to before the edit"),

	/** The files do not make again all that a rebuild would drop. */
	REBUILD_IMPOSSIBLE("TM-DEV-005", "Database cannot be rebuilt"),

	/** Dropping what the schemas hold failed. */
	REBUILD("TM-DEV-006", "Rebuild failed"),

	/** A backfill or contract file says something that cannot be done in batches. */
	BACKFILL_FILE("TM-BKF-001", "Backfill file not usable"),

	/**
	 * The table of a backfill is missing, or cannot be walked by the key that the file
	 * names.
	 */
	BACKFILL_TABLE("TM-BKF-002", "Table cannot be walked"),

	/**
	 * A file needs what a waiting backfill or contract has not done yet, or would break
	 * it.
	 */
	PHASE_CONFLICT("TM-BKF-003", "In the way of a waiting phase"),

	/** A backfill or contract file was changed or removed after it had begun. */
	BACKFILL_CHANGED("TM-BKF-004", "Begun phase file changed"),

	/** A batch of a backfill failed, and what can be tried again was. */
	BACKFILL_FAILED("TM-BKF-005", "Batch failed"),

	/** A statement of a backfill touched more rows than its batch has. */
	BACKFILL_OUTSIDE("TM-BKF-006", "Rows outside of the batch"),

	/** After a backfill there are rows that do not satisfy its verification. */
	BACKFILL_UNVERIFIED("TM-BKF-007", "Rows do not satisfy the verification"),

	/**
	 * The role may not change the rows of a backfill, or row security hides some of them.
	 */
	BACKFILL_RIGHTS("TM-BKF-008", "Backfill would not see all rows"),

	/** A backfill was asked for what it cannot do in its state. */
	BACKFILL_CONTROL("TM-BKF-009", "Backfill cannot be controlled so"),

	/**
	 * A build reads what a backfill has not done yet, or requires a version that there is
	 * not.
	 */
	BACKFILL_REQUIRED("TM-BKF-010", "Required backfill not done"),

	/**
	 * The table that records backfills cannot be read or written, or is not what this
	 * version knows.
	 */
	BACKFILL_RECORD("TM-BKF-011", "Record of backfills not usable"),

	/** Other objects depend on what a statement drops or changes. */
	DEPENDENT_OBJECTS("TM-DEP-002", "Other objects depend on it");

	private static final Set<ErrorCode> NOT_CONNECTED = EnumSet.of(CONNECTION_REFUSED, HOST_UNKNOWN, TLS,
			CONNECTIONS_USED_UP, SERVER_NOT_READY, AUTHENTICATION, DATABASE_MISSING);

	private final String code;

	private final String title;

	ErrorCode(String code, String title) {
		this.code = code;
		this.title = title;
	}

	/**
	 * Finds a code by its text, as the history keeps it.
	 * @param text the text, such as {@code TM-RUN-001}
	 * @return the code, empty if this version does not know it
	 */
	public static Optional<ErrorCode> parse(String text) {
		return Arrays.stream(values()).filter((value) -> value.code.equals(text)).findFirst();
	}

	/**
	 * Returns the stable code, such as {@code TM-RUN-001}.
	 * @return the code
	 */
	public String code() {
		return this.code;
	}

	/**
	 * Returns a few words for a headline.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Return whether there is no connection to the database, for whatever reason.
	 * @return {@code true} if nobody could be asked
	 */
	public boolean isNotConnected() {
		return NOT_CONNECTED.contains(this);
	}

	/** Returns the {@linkplain #code() stable code}. */
	@Override
	public String toString() {
		return this.code;
	}

}
