package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * What a statement calls an object by.
 *
 * @param name its name
 * @param table the table that it belongs to as part of its name, as a trigger does, or
 * {@code null}
 * @param arguments the arguments of a function as SQL, without their defaults, or
 * {@code null} if there are no parentheses
 * @since 0.1.0
 */
public record ObjectName(QualifiedName name, @Nullable QualifiedName table, @Nullable String arguments) {

	/**
	 * Return a name that is nothing but that.
	 * @param name the name
	 * @return the name
	 */
	public static ObjectName of(QualifiedName name) {
		return new ObjectName(name, null, null);
	}

	/**
	 * Returns the name as {@code DROP} and {@code ALTER} take it.
	 * @return the SQL
	 */
	public String sql() {
		String sql = this.name.quoted();
		if (this.arguments != null) {
			sql += "(" + this.arguments + ")";
		}
		return (this.table != null) ? sql + " ON " + this.table.quoted() : sql;
	}

}
