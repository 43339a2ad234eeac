package dev.tidemark.session.outcome;

import dev.tidemark.error.SettingNames;
import dev.tidemark.session.Session;

/**
 * A time-out that has come although it is off in the sessions of a run, whatever the role
 * or the database says.
 *
 * @param session the session in which it came
 * @param setting the name of its setting
 * @since 0.1.0
 */
public record StrayTimeout(Session session, String setting) {

	/** Returns what to do about it. */
	public String remedy() {
		if (this.session.isRefused(this.setting)) {
			return "Raise " + this.setting + " for the login that migrates, or take it off: ALTER ROLE … SET "
					+ this.setting + " = 0; then start again.";
		}
		return "Take " + this.setting
				+ " out where it is set for this session, as what role and database say is off in it: by"
				+ " code, a callback, a function that was called, or " + SettingNames.name("connection.init-sql")
				+ "; then start again.";
	}

}
