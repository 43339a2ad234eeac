package dev.tidemark.source.folder;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;

import dev.tidemark.migration.Checksum;

/**
 * A file that was found.
 *
 * @param script the name that people know it by
 * @param origin where it lies; no other file has the same
 * @param content what it is read from
 * @param index what was known of it when the application was built
 * @since 0.1.0
 */
public record SourceFile(String script, String origin, InputStreamSource content, Indexed index) {

	/** Returns the last part of the script's path. */
	public String name() {
		return this.script.substring(this.script.lastIndexOf('/') + 1);
	}

	/** Returns the path below a folder of the given name. */
	public String below(String folder) {
		return this.script.substring(folder.length() + 1);
	}

	/**
	 * Looks a file up in an index.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Indexed {

		/** Of a file that is in no index. */
		Indexed NOT = () -> null;

		/**
		 * Returns the checksum that the index has for the file as it is now.
		 * @return the checksum, or {@code null} if there is none
		 * @throws IOException if the file cannot be read
		 */
		@Nullable Checksum checksum() throws IOException;

	}

}
