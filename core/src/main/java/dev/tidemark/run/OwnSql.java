package dev.tidemark.run;

import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

/**
 * The SQL around writes of the engine's own, in the session as a script has left it.
 *
 * @param own what a write needs within a transaction of a script
 * @param clean the SQL that makes the session fresh for the next migration
 * @param initSql the SQL of the user's own that a fresh session begins with, or
 * {@code null}
 */
record OwnSql(OwnSettings own, String clean, @Nullable String initSql) {

	/** Begins a transaction. */
	static final String BEGIN = "BEGIN";

	/** What a migration deferred to its end comes in the session as it made it. */
	private static final String CONSTRAINTS = "SET CONSTRAINTS ALL IMMEDIATE";

	private String before(boolean durable) {
		return this.own.sql(durable) + "; ";
	}

	/** Returns the SQL of a write in a transaction of its own. */
	String transaction(String write, boolean durable) {
		return BEGIN + "; " + before(durable) + write + "; COMMIT";
	}

	/** Returns the same, after which the session is fresh. */
	String lastTransaction(String write, String check) {
		return transaction(write, true) + "; " + this.clean + "; " + check;
	}

	/** Returns the SQL that begins a transaction which reads as our writes do. */
	String beginRead() {
		return BEGIN + "; " + before(true) + "SELECT";
	}

	/** Returns the SQL that commits without regard to a setting of the script. */
	String commitDurably() {
		return "SELECT " + this.own.commit(true).sqlWithinTransaction() + "; COMMIT";
	}

	/** Returns the SQL that ends the transaction of a migration with our write. */
	String commit(String write, boolean durable) {
		return CONSTRAINTS + "; " + before(durable) + write + "; COMMIT";
	}

	/** Returns the same, after which the session is fresh. */
	String lastCommit(String write, boolean durable, String check) {
		return commit(write, durable) + "; " + this.clean + "; " + check;
	}

	/** Returns the SQL that commits what was recorded, after which it is fresh. */
	String lastCommit(String check) {
		return "COMMIT; " + this.clean + "; " + check;
	}

	/** Returns the SQL of our write between scripts that share a transaction. */
	String record(String write) {
		StringJoiner sql = new StringJoiner("; ");
		sql.add(CONSTRAINTS).add(before(true) + write).add(this.clean);
		if (this.initSql != null) {
			sql.add(this.initSql);
		}
		return sql.toString();
	}

}
