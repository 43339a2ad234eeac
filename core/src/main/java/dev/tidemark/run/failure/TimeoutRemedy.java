package dev.tidemark.run.failure;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.error.SettingNames;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.StrayTimeout;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.SessionEffects;
import dev.tidemark.statement.parse.Statements;

/**
 * What to do about a time-out, by who has set it: a file may set one for itself.
 *
 * @param session the session in which it came
 * @param origin what ran, or {@code null} if nothing did
 * @param statement the statement that ran, or {@code null} if it is not known
 */
record TimeoutRemedy(Session session, @Nullable Origin origin, @Nullable SqlStatement statement) {

	/**
	 * Returns what to do about a time-out that is off in the sessions of a run.
	 * @param setting its name
	 */
	String ofSetting(String setting) {
		Place set = setBy(setting);
		if (set != null) {
			return raiseAt(setting, set);
		}
		return new StrayTimeout(this.session, setting).remedy();
	}

	/** Returns what to do about {@code lock_timeout}. */
	String ofLocks() {
		if (this.statement != null && Statements.of(this.statement).waitsInTurn()) {
			return "Start again when the sessions that hold the lock are done (see pg_blocking_pids), or raise "
					+ SettingNames.name("locks.concurrent-timeout") + ".";
		}
		return "Start again when the sessions that hold the lock are done (see pg_blocking_pids), or raise "
				+ whatLimitsLocks() + ".";
	}

	private String whatLimitsLocks() {
		Place set = setBy("lock_timeout");
		if (set != null) {
			return "lock_timeout where the file sets it for itself, at " + set;
		}
		return (this.origin != null && this.origin.lockTimeout() != null)
				? "lock-timeout at the head of " + this.origin.place() : SettingNames.name("locks.timeout");
	}

	/** Returns what to do about {@code statement_timeout}. */
	String ofStatements() {
		Place set = setBy("statement_timeout");
		if (set != null) {
			return raiseAt("statement_timeout", set);
		}
		return this.session.settings().statementTimeout().isZero() ? ofSetting("statement_timeout") : "Raise "
				+ SettingNames.name("run.statement-timeout") + " if the statement needs longer, and start again.";
	}

	private static String raiseAt(String setting, Place set) {
		return "Raise " + setting + ", or take it out, where the file sets it for itself, at " + set
				+ "; then start again.";
	}

	/** Returns where the file has set it last. */
	private @Nullable Place setBy(String setting) {
		if (this.origin == null) {
			return null;
		}
		Place place = null;
		for (SqlStatement one : this.origin.statements()) {
			if (this.statement != null && one.number() > this.statement.number()) {
				break;
			}
			if (SessionEffects.of(one).mayChange().contains(setting)) {
				place = this.origin.place(one);
			}
		}
		return place;
	}

}
