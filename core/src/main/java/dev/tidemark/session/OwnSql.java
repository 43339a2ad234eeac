package dev.tidemark.session;

import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.settings.OwnSettings;

/**
 * The SQL around writes of the engine's own, in the session as a script has left it.
 *
 * @param own what a write needs within a transaction of a script
 * @param clean the SQL that makes the session fresh for the next migration
 * @param initSql the SQL of the user's own that a fresh session begins with, or
 * {@code null}
 * @since 0.1.0
 */
public record OwnSql(OwnSettings own, String clean, @Nullable String initSql) {

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

	/**
	 * Returns the SQL that ends a transaction which is not a migration's, so that a
	 * setting of its own does not weaken its commit.
	 */
	public String commitDurably() {
		return "SELECT " + this.own.commit(true).sqlWithinTransaction() + "; COMMIT";
	}

	/**
	 * Returns the SQL that ends the transaction of a migration with our own write. What
	 * the migration deferred to its end comes before that, in the session as the
	 * migration made it.
	 * @param write our own write
	 * @param durable whether the commit waits as those of the session do
	 */
	public String commit(String write, boolean durable) {
		return CONSTRAINTS + "; " + before(durable) + write + "; COMMIT";
	}

	/**
	 * Returns the SQL that ends the last transaction of a migration, and makes the
	 * session fresh for the next one. After it, what init-sql says has to run again, by
	 * its session.
	 * @param check a query that is made last
	 */
	public String lastCommit(String write, boolean durable, String check) {
		return commit(write, durable) + "; " + this.clean + "; " + check;
	}

	/** Returns the SQL that commits what was recorded, after which it is fresh. */
	public String lastCommit(String check) {
		return "COMMIT; " + this.clean + "; " + check;
	}

	/**
	 * Returns the SQL of our own write at the end of one script of several that share a
	 * transaction, and makes the session fresh for the next one.
	 */
	public String record(String write) {
		StringJoiner sql = new StringJoiner("; ");
		sql.add(CONSTRAINTS).add(before(true) + write).add(this.clean);
		if (this.initSql != null) {
			sql.add(this.initSql);
		}
		return sql.toString();
	}

}
