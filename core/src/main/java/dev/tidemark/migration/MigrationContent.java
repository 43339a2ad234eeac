package dev.tidemark.migration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;

/**
 * What a migration or a callback that was found holds: a file, or a part of one. It is
 * read when it is asked for, and never kept.
 *
 * @since 0.1.0
 */
public interface MigrationContent {

	/**
	 * Return where it lies.
	 * @return the path of the file, beginning with the path of its location
	 */
	String script();

	/**
	 * Return where what undoes it lies, or could lie.
	 * @return the path of the undo file of a versioned migration
	 */
	String undoScript();

	/**
	 * Return the checksum of the text when it was found.
	 * @return the checksum
	 */
	Checksum checksum();

	/**
	 * Return whether the other one is a copy of this one that runs as this one does.
	 * @param other the other one
	 * @return {@code true} if it does not matter which of them runs
	 */
	boolean isCopyOf(MigrationContent other);

	/**
	 * Return whether the placeholders that a run of it used have the values that they had
	 * then.
	 * @param remembered what the history knows of them
	 * @return {@code false} if one has changed
	 */
	boolean hasSameValues(String remembered);

	/**
	 * Read what its head asks for.
	 * @return the directives
	 * @throws TidemarkException if it cannot be read, or has a wrong directive
	 */
	Directives directives();

	/**
	 * Read it again, replace its placeholders and split it into statements.
	 * @param identity the migration that it is, or {@code null} if it is none
	 * @param builtIns what the built-in placeholders tell, or {@code null} if no database
	 * is known: they stay as they are then
	 * @return the script
	 * @throws TidemarkException if it cannot be read, cannot be split, has a wrong
	 * directive or a placeholder without a value, or is not the one any more whose
	 * checksum was taken
	 */
	Script load(@Nullable Identity identity, @Nullable BuiltIns builtIns);

}
