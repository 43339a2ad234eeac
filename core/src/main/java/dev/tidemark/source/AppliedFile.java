package dev.tidemark.source;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;

/**
 * What a database knows of a migration that it has applied, as far as it tells which file
 * that was.
 *
 * @param identity the migration
 * @param script its file at the time
 * @param checksum the checksum of its text, or {@code null} if it had none
 * @since 0.1.0
 */
public record AppliedFile(Identity identity, String script, @Nullable String checksum) {

	/** Tells whether it is this file, as it is or as it was before an edit. */
	boolean is(Migration file, Migration other) {
		if (file.isContentOf(this.checksum) != other.isContentOf(this.checksum)) {
			return file.isContentOf(this.checksum);
		}
		return this.script.equals(file.script());
	}

}
