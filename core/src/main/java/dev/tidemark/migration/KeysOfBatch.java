package dev.tidemark.migration;

import java.util.List;

/**
 * The rows that one call of a {@link CodeBackfill} is for.
 *
 * @since 0.1.0
 */
public interface KeysOfBatch {

	/**
	 * Return the condition that holds for these rows of the table, as {@code {batch}}
	 * does in a file, for statements that write its columns without an alias.
	 * @return a condition of SQL, in parentheses where it needs them
	 */
	String condition();

	/**
	 * Return the condition that holds for these rows of the table.
	 * @param alias the alias by which a statement knows the table, as the catalogue would
	 * hold it
	 * @return a condition of SQL, in parentheses where it needs them
	 */
	String condition(String alias);

	/**
	 * Return the keys of these rows, which are read when this is called: for code that
	 * works row by row, as with the interface of another service.
	 * @return for each row the values of the columns of the key, in the order of the key
	 */
	List<List<Object>> keys();

}
