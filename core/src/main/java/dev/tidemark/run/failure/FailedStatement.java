package dev.tidemark.run.failure;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.Identity;
import dev.tidemark.session.Session;
import dev.tidemark.sql.script.SqlStatement;

/**
 * A statement that the server refused, or broke off.
 *
 * @param session the session in which it ran
 * @param origin where it comes from
 * @param statement the statement, or {@code null} if it is that of code, or the commit
 * @param error what the server said
 */
record FailedStatement(Session session, Origin origin, @Nullable SqlStatement statement, ServerError error) {

	/** Begins a sentence. */
	String inWords() {
		return "A statement of " + this.origin.inWords();
	}

	TimeoutRemedy timeouts() {
		return new TimeoutRemedy(this.session, this.origin, this.statement);
	}

	/** Tells whether it belongs to a file of a migration, not to its undo file. */
	boolean isOfMigrationFile() {
		return this.origin.migration() != null && !this.origin.undo() && this.origin.code() == null;
	}

	boolean isOfCallback() {
		return this.origin.migration() == null;
	}

	boolean isOfRepeatable() {
		Identity migration = this.origin.migration();
		return migration != null && migration.isRepeatable();
	}

	/** Tells whether the command begins so; that of code is not known. */
	boolean isCommand(String prefix) {
		return this.statement != null && this.statement.command().startsWith(prefix);
	}

	/** Returns the property that passes the migration over, as people type it. */
	String skip() {
		Identity migration = this.origin.migration();
		String name = (migration != null) ? migration.typed() : "";
		return SettingNames.name("run.skip") + (isOfRepeatable() ? "[" + name + "]" : "." + name) + "=<reason>";
	}

}
