package dev.tidemark.safety;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.QualifiedName;

/**
 * What the live database knows about the objects that statements name. Names without a
 * schema are looked up as a statement would. Each method throws a
 * {@link TidemarkException} if the connection fails.
 *
 * @since 0.1.0
 */
public interface Facts {

	/**
	 * Tells whether a table holds a row.
	 * @param table the table
	 * @return the answer
	 */
	Presence holdsRows(QualifiedName table);

	/**
	 * Tells whether any row has a value in a column that could not be made again from
	 * others.
	 * @param table the table
	 * @param column the column
	 * @return the answer
	 */
	Presence holdsValues(QualifiedName table, String column);

	/**
	 * Returns about how many rows a table has.
	 * @param table the table
	 * @return the estimate of the server, or {@code null} if it has none
	 */
	@Nullable Long rows(QualifiedName table);

	/**
	 * Returns the type of a column.
	 * @param table the table
	 * @param column the column
	 * @return the type as SQL, or {@code null} if there is no such column
	 */
	@Nullable String type(QualifiedName table, String column);

	/**
	 * Returns the tables that belong to an extension.
	 * @param extension the extension
	 * @return the tables, possibly none; empty if they could not be found out
	 */
	Optional<List<QualifiedName>> tables(String extension);

	/**
	 * Returns which names are those of functions that may lose something: all that the
	 * server did not come with, and some that it did.
	 * @param names names without schemas
	 * @return those of them that such a function has
	 */
	Set<String> functions(Set<String> names);

	/**
	 * Returns whether names without a schema may mean something else for another role, as
	 * where {@code "$user"} is in the search path and there are schemas for it.
	 * @return {@code true} also if that is not known
	 */
	boolean followsRole();

}
