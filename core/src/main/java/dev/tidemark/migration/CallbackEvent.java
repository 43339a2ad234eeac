package dev.tidemark.migration;

import java.util.Arrays;
import java.util.Optional;

/**
 * A moment of a run, or of an undo, at which callbacks run. The events have the names
 * that Flyway gives them, so that its files need not be renamed.
 *
 * @since 0.1.0
 */
public enum CallbackEvent {

	/** Before files and history are compared. */
	BEFORE_VALIDATE("beforeValidate", Scope.RUN),

	/** After they were found to fit. */
	AFTER_VALIDATE("afterValidate", Scope.RUN),

	/** After they were found not to fit, so that nothing will run. */
	AFTER_VALIDATE_ERROR("afterValidateError", Scope.ERROR),

	/** Before schemas are created that do not exist. */
	BEFORE_CREATE_SCHEMA("beforeCreateSchema", Scope.PENDING),

	/** Before the first migration of a run, or where none is pending, in its place. */
	BEFORE_MIGRATE("beforeMigrate", Scope.RUN),

	/** Before a migration. */
	BEFORE_EACH_MIGRATE("beforeEachMigrate", Scope.MIGRATION),

	/** Before a statement of a migration. */
	BEFORE_EACH_MIGRATE_STATEMENT("beforeEachMigrateStatement", Scope.MIGRATION),

	/** After a statement of a migration. */
	AFTER_EACH_MIGRATE_STATEMENT("afterEachMigrateStatement", Scope.MIGRATION),

	/** After a statement of a migration has failed and was rolled back. */
	AFTER_EACH_MIGRATE_STATEMENT_ERROR("afterEachMigrateStatementError", Scope.ERROR),

	/** After the last statement of a migration, before it commits. */
	AFTER_EACH_MIGRATE("afterEachMigrate", Scope.MIGRATION),

	/** After a migration has failed and was rolled back. */
	AFTER_EACH_MIGRATE_ERROR("afterEachMigrateError", Scope.ERROR),

	/** After the versioned migrations, before the repeatable ones. */
	AFTER_VERSIONED("afterVersioned", Scope.RUN),

	/** Before the first of the repeatable migrations that are pending. */
	BEFORE_REPEATABLES("beforeRepeatables", Scope.PENDING),

	/** After a run that applied at least one migration. */
	AFTER_MIGRATE_APPLIED("afterMigrateApplied", Scope.PENDING),

	/** After a run, whether it had to apply something or not. */
	AFTER_MIGRATE("afterMigrate", Scope.RUN),

	/** After all other events of a run that ended well. */
	AFTER_MIGRATE_OPERATION_FINISH("afterMigrateOperationFinish", Scope.RUN),

	/** After a run has failed. */
	AFTER_MIGRATE_ERROR("afterMigrateError", Scope.ERROR),

	/** Before the first migration of those that are undone. */
	BEFORE_UNDO("beforeUndo", Scope.PENDING),

	/** Before a migration is undone. */
	BEFORE_EACH_UNDO("beforeEachUndo", Scope.MIGRATION),

	/** Before a statement of an undo file. */
	BEFORE_EACH_UNDO_STATEMENT("beforeEachUndoStatement", Scope.MIGRATION),

	/** After a statement of an undo file. */
	AFTER_EACH_UNDO_STATEMENT("afterEachUndoStatement", Scope.MIGRATION),

	/** After a statement of an undo file has failed and was rolled back. */
	AFTER_EACH_UNDO_STATEMENT_ERROR("afterEachUndoStatementError", Scope.ERROR),

	/** After the last statement of an undo file, before what it did commits. */
	AFTER_EACH_UNDO("afterEachUndo", Scope.MIGRATION),

	/** After an undo file has failed and was rolled back. */
	AFTER_EACH_UNDO_ERROR("afterEachUndoError", Scope.ERROR),

	/** After all that was to be undone is. */
	AFTER_UNDO("afterUndo", Scope.PENDING),

	/** After all other events of an undo that ended well. */
	AFTER_UNDO_OPERATION_FINISH("afterUndoOperationFinish", Scope.PENDING),

	/** After an undo has failed. */
	AFTER_UNDO_ERROR("afterUndoError", Scope.ERROR);

	private final String fileName;

	private final Scope scope;

	CallbackEvent(String fileName, Scope scope) {
		this.fileName = fileName;
		this.scope = scope;
	}

	/** Finds an event by the name that its files have. */
	public static Optional<CallbackEvent> parse(String name) {
		// The name that Flyway had for it at first.
		String current = name.equals("createSchema") ? BEFORE_CREATE_SCHEMA.fileName : name;
		return Arrays.stream(values()).filter((event) -> event.fileName.equals(current)).findFirst();
	}

	/**
	 * Tells whether the event belongs to one migration, in whose transaction its
	 * callbacks run where it has one.
	 * @return {@code false} if its callbacks run in transactions of their own
	 */
	public boolean isOfMigration() {
		return this.scope == Scope.MIGRATION;
	}

	/**
	 * Tells whether the event comes when migrations are undone.
	 * @return {@code false} if it comes when they run
	 */
	public boolean isOfUndo() {
		// They stand last.
		return compareTo(BEFORE_UNDO) >= 0;
	}

	/**
	 * Tells whether the event comes with every run, even if nothing is pending.
	 * @return {@code true} if it does
	 */
	public boolean isOfEveryRun() {
		return this.scope == Scope.RUN;
	}

	/**
	 * Tells whether the event comes only when something has failed.
	 * @return {@code true} if a run that ends well does not have it
	 */
	public boolean isOfFailure() {
		return this.scope == Scope.ERROR;
	}

	/**
	 * Returns the name of the event, as its files have it.
	 */
	@Override
	public String toString() {
		return this.fileName;
	}

	/** What an event belongs to. */
	private enum Scope {

		RUN, PENDING, MIGRATION, ERROR

	}

}
