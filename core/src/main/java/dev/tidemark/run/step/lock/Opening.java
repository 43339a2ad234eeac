package dev.tidemark.run.step.lock;

import java.time.Duration;

import dev.tidemark.session.Session;
import dev.tidemark.session.settings.Setting;
import dev.tidemark.sql.Operators;

/**
 * The SQL with which the transaction of an attempt begins.
 *
 * @param sql one or more commands
 * @param commands how many
 * @param undone takes back, within the transaction, what they have set; a command with
 * its semicolon, or nothing
 * @since 0.1.0
 */
public record Opening(String sql, int commands, String undone) {

	/** Begins a transaction. */
	public static final Opening BEGIN = new Opening(Session.BEGIN, 1, "");

	/** Stands where a transaction is open already. */
	public static final Opening OPEN = new Opening("SELECT", 1, "");

	private static final String LOCK_TIMEOUT = "lock_timeout";

	/**
	 * Lets the statements of the transaction queue for another time than the session
	 * does, unless its script has set that itself.
	 * @param now what the session waits for locks
	 * @param time how long to queue
	 */
	Opening queueing(Duration now, Duration time) {
		return now.equals(time) ? this
				: new Opening(this.sql + "; " + set(now, time), this.commands + 1, set(time, now) + "; ");
	}

	private static String set(Duration from, Duration to) {
		return "SELECT " + new Setting(LOCK_TIMEOUT, to).sqlWithinTransaction()
				+ Operators
					.qualified(" WHERE pg_catalog.current_setting('" + LOCK_TIMEOUT + "')::pg_catalog.interval = '"
							+ new Setting(LOCK_TIMEOUT, from).value() + " ms'::pg_catalog.interval");
	}

}
