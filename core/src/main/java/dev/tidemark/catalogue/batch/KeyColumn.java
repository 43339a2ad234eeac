package dev.tidemark.catalogue.batch;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.StringLiteral;

/**
 * A column that a table is walked by.
 *
 * @param name its name
 * @param type its type, qualified and quoted
 * @param order the operators of the index that it is walked by
 * @since 0.1.0
 */
public record KeyColumn(String name, String type, Order order) {

	/** Returns the column in SQL. */
	String sql(String alias) {
		return alias.isEmpty() ? Identifiers.quote(this.name) : alias + "." + Identifiers.quote(this.name);
	}

	/** Returns a value of the column in SQL. */
	String value(String text) {
		return StringLiteral.quote(text) + "::" + this.type;
	}

	/**
	 * The operators of an index, which need not be the server's own.
	 *
	 * @param schema where they are
	 * @param less the name of the one for less
	 * @param atMost the name of the one for less or equal
	 * @param equal the name of the one for equal
	 * @param atLeast the name of the one for greater or equal
	 * @param greater the name of the one for greater
	 * @since 0.1.0
	 */
	public record Order(String schema, String less, String atMost, String equal, String atLeast, String greater) {

		/** Returns an operator as SQL, such as {@code OPERATOR(pg_catalog.<)}. */
		String sql(String name) {
			return "OPERATOR(" + Identifiers.quote(this.schema) + "." + name + ")";
		}

	}

}
