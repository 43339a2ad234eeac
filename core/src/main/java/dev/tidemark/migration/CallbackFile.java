package dev.tidemark.migration;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.backfill.BackfillDirectives;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.TransactionUse;
import dev.tidemark.statement.parse.Statements;

/**
 * A file that runs at an event, as {@code afterMigrate__grants.sql} does.
 *
 * @since 0.1.0
 */
public final class CallbackFile {

	private final CallbackEvent event;

	private final String description;

	private final MigrationContent content;

	public CallbackFile(CallbackEvent event, String description, MigrationContent content) {
		this.event = event;
		this.description = description;
		this.content = content;
	}

	/**
	 * Returns when it runs.
	 * @return the event
	 */
	public CallbackEvent event() {
		return this.event;
	}

	/**
	 * Returns the description from the file's name, with blanks for underscores, by which
	 * the callbacks of one event are ordered.
	 * @return the description, possibly empty
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Returns the path of the file, beginning with the path of its location.
	 * @return the path
	 */
	public String script() {
		return this.content.script();
	}

	/**
	 * Returns the checksum of the text when it was found.
	 * @return the checksum
	 */
	public Checksum checksum() {
		return this.content.checksum();
	}

	public boolean isCopyOf(CallbackFile other) {
		return this.content.isCopyOf(other.content);
	}

	/**
	 * Reads the head of the file.
	 * @return what it asks for
	 * @throws TidemarkException if it cannot be read, or has a wrong directive
	 */
	public Directives directives() {
		return this.content.directives();
	}

	/**
	 * Reads the file, replaces its placeholders and splits it into statements.
	 * @param builtIns what the built-in placeholders tell
	 * @return the content
	 * @throws TidemarkException if it cannot be read or split, has a placeholder without
	 * a value, or holds what cannot run in the transaction of a migration although its
	 * event belongs to one
	 */
	public Script load(BuiltIns builtIns) {
		return checked(this.content.load(null, builtIns));
	}

	/**
	 * Reads the file and splits it into statements, as far as that can be done without a
	 * database: the built-in placeholders stay as they are.
	 * @return the content
	 * @throws TidemarkException as {@link #load(BuiltIns)}
	 */
	public Script load() {
		return checked(this.content.load(null, null));
	}

	private Script checked(Script script) {
		if (script.directives().irreversible() != null || script.directives().nothingToUndo() != null) {
			throw new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, Place.file(script()),
					"The directives 'irreversible' and 'nothing-to-undo' belong to versions and their undo files; this"
							+ " file is a callback.",
					"Remove the line."));
		}
		BackfillDirectives backfill = script.directives().backfill();
		if (backfill != null || !script.directives().requires().isEmpty()) {
			throw new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, Place.file(script()),
					"The directive '" + ((backfill != null) ? MisplacedDirectives.firstWord(backfill) : "requires")
							+ "' belongs to migrations; this file is a callback.",
					"Remove the line."));
		}
		if (this.event.isOfMigration()) {
			requireTransaction(script);
		}
		return script;
	}

	private void requireTransaction(Script script) {
		List<Problem> problems = new ArrayList<>();
		if (!script.directives().transaction()) {
			problems.add(notInTransaction(Place.file(script()), "It asks to run without one."));
		}
		for (SqlStatement statement : script.statements()) {
			if (Statements.of(statement).transactionUse() != TransactionUse.ALLOWED) {
				Place place = new Place(script(), statement.number(), statement.line(), statement.column(),
						statement.excerpt());
				problems.add(notInTransaction(place, statement.command() + " cannot run there."));
			}
		}
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
	}

	private Problem notInTransaction(Place place, String reason) {
		return Problem.error(ErrorCode.CALLBACK_TRANSACTION, place,
				"Callbacks of " + this.event + " run in the transaction of a migration. " + reason,
				"Remove the statement (or transaction=none, or executeInTransaction=false of a .conf), or move it to a callback that runs in transactions of its own, such as "
						+ (this.event.isOfUndo() ? CallbackEvent.AFTER_UNDO : CallbackEvent.AFTER_MIGRATE_APPLIED)
						+ ".");
	}

	/** Returns the {@link #script() path}. */
	@Override
	public String toString() {
		return script();
	}

}
