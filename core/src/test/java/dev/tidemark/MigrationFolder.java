package dev.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.tidemark.run.ConnectionSource;
import dev.tidemark.testkit.TestDatabase;

/**
 * A folder of migration files that a test fills.
 */
final class MigrationFolder {

	private final Path path;

	MigrationFolder(Path path) {
		this.path = path;
	}

	MigrationFolder add(String name, String content) {
		return add(name, content.getBytes(StandardCharsets.UTF_8));
	}

	MigrationFolder add(String name, byte[] content) {
		try {
			Path file = this.path.resolve(name);
			Files.createDirectories(file.getParent());
			Files.write(file, content);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	MigrationFolder remove(String name) {
		try {
			Files.delete(this.path.resolve(name));
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String location() {
		return "filesystem:" + this.path;
	}

	Tidemark.Builder tidemark(TestDatabase database) {
		return Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.locations(location());
	}

}
