package dev.tidemark.benchmark;

import java.nio.charset.StandardCharsets;

/**
 * One migration.
 *
 * @param name the name of the file
 * @param content what stands in it
 */
record MigrationFile(String name, byte[] content) {

	static MigrationFile of(String name, String content) {
		return new MigrationFile(name, content.getBytes(StandardCharsets.UTF_8));
	}

}
