package dev.tidemark.migration;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.tidemark.migration.backfill.BackfillOptions;

/**
 * A backfill that is written in Java: it has its place among the files by its version, is
 * called for one batch of a table after the other once the application has started, and
 * is known by its version, never by its class. In a schema that held nothing it is called
 * once, for the whole table.
 *
 * @since 0.1.0
 */
public interface CodeBackfill {

	/**
	 * Return what makes it the same migration over all builds. Always the same.
	 * @return the version
	 */
	MigrationVersion version();

	/**
	 * Return the table that is walked.
	 * @return the name as SQL has it, such as {@code users} or {@code sales."Order"}
	 */
	String table();

	/**
	 * Return the columns by which the table is walked.
	 * @return the names as SQL has them; by default none, so that it is the primary key
	 */
	default List<String> keys() {
		return List.of();
	}

	/**
	 * Return the condition that each row of the table satisfies afterwards, as
	 * {@code verify} does in a file.
	 * @return a condition of SQL, or {@code null}, the default, if there is none
	 */
	default @Nullable String verify() {
		return null;
	}

	/**
	 * Return how it goes about its work.
	 * @param defaults what the settings say
	 * @return the options, by default the same
	 */
	default BackfillOptions options(BackfillOptions defaults) {
		return defaults;
	}

	/**
	 * Return the description for logs and the history.
	 * @return the description, by default the name of the class without its package
	 */
	default String description() {
		return ClassUtils.getUserClass(this).getSimpleName();
	}

	/**
	 * Return what stands for the content, as the text does for a file: a number or word
	 * to be changed by hand. Once the backfill has begun, a change of it is an error.
	 * @return the checksum, or {@code null}, the default, if nothing tells one content
	 * from another
	 */
	default @Nullable String checksum() {
		return null;
	}

	/**
	 * Return what logs and the history call it, where a file has its path.
	 * @return the name, by default the one of the class
	 */
	default String script() {
		return ClassUtils.getUserClass(this).getName();
	}

	/**
	 * Do the work for one batch. The transaction also records that the batch is done, so
	 * what it does in the database happens exactly once; what it does elsewhere may
	 * happen again after it has failed and was rolled back.
	 * @param batch the rows that it is for
	 * @param jdbc works in the transaction of the batch
	 * @throws Exception whatever stops it; the batch is rolled back then
	 */
	void run(KeysOfBatch batch, JdbcContext jdbc) throws Exception;

}
