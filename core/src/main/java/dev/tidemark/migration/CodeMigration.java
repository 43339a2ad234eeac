package dev.tidemark.migration;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * A migration that is written in Java. It has its place among the files by its version or
 * name, runs in one transaction with its history row, and is known by its
 * {@linkplain #identity() identity}, never by its class.
 *
 * @since 0.1.0
 */
public interface CodeMigration {

	/**
	 * Returns what makes it the same migration over all builds: {@code Identity.of("7")}
	 * for one that runs once in the order of versions, {@code Identity.of("totals")} for
	 * one that runs after them and again when its checksum changes. Always the same.
	 * @return the version or the name
	 */
	Identity identity();

	/**
	 * Returns the description for logs and the history. A repeatable is described by its
	 * name, whatever this says.
	 * @return the description, by default the name of the class without its package
	 */
	default String description() {
		return ClassUtils.getUserClass(this).getSimpleName();
	}

	/**
	 * Returns what stands for the content, as the text does for a file: a number or word
	 * to be changed by hand. Once a version is applied a change of it is an error; to a
	 * repeatable it means to run again.
	 * @return the checksum, or {@code null} if nothing tells one content from another,
	 * which is the default: a repeatable then runs once, and again only with what it
	 * {@linkplain #dependsOn() depends on}
	 */
	default @Nullable String checksum() {
		return null;
	}

	/**
	 * Returns the repeatables, files or code, after which this one runs, and again when
	 * one of them has run. A version must have none: versions run before all of them.
	 * @return their names, such as {@code active_users} for the file
	 * {@code R__active_users.sql}, by default none
	 */
	default List<String> dependsOn() {
		return List.of();
	}

	/**
	 * Returns what logs and the history call it, where a file has its path.
	 * @return the name, by default the one of the class
	 */
	default String script() {
		return ClassUtils.getUserClass(this).getName();
	}

	/**
	 * Migrates. It may be called again after it has failed, or has not got a lock in time
	 * and was rolled back, so all of its effects should be in the database.
	 * @param jdbc works in the transaction of the migration
	 * @throws Exception whatever stops it; all is rolled back then
	 */
	void migrate(JdbcContext jdbc) throws Exception;

}
