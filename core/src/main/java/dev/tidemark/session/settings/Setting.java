package dev.tidemark.session.settings;

import java.time.Duration;

import dev.tidemark.sql.StringLiteral;

/**
 * A setting of a session.
 *
 * @param name its name
 * @param value its value, as the server takes it
 * @since 0.1.0
 */
public record Setting(String name, String value) {

	public Setting(String name, long value) {
		this(name, Long.toString(value));
	}

	/** Rounds up: a timeout of less than a millisecond must not become none. */
	public Setting(String name, Duration timeout) {
		this(name, timeout.plusNanos(999_999).toMillis());
	}

	/** Returns the expression that sets it for the session. */
	public String sql() {
		return set("false");
	}

	/** Returns the expression that sets it until the transaction ends. */
	public String sqlWithinTransaction() {
		return set("true");
	}

	private String set(String local) {
		return "pg_catalog.set_config(" + StringLiteral.quote(this.name) + ", " + StringLiteral.quote(this.value) + ", "
				+ local + ")";
	}

}
