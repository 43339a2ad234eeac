package dev.tidemark.history;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * Which database a session is connected to.
 *
 * @param name the name of the database
 * @param user the user of the session
 * @param schema the schema of the history, or {@code null} if the search path names none
 * that exists
 * @since 0.1.0
 */
public record DatabaseIdentity(String name, String user, @Nullable String schema) {

	/** Returns the same database with another schema of the history. */
	DatabaseIdentity in(String other) {
		return new DatabaseIdentity(this.name, this.user, other);
	}

	/** Returns database, schema and user, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText
			.line(this.name + ((this.schema != null) ? ", schema " + this.schema : "") + ", user " + this.user);
	}

}
