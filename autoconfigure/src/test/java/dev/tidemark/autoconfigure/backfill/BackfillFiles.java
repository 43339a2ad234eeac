package dev.tidemark.autoconfigure.backfill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.tidemark.Tidemark;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.TestDatabase;

/**
 * A table with rows, and a backfill that comes later.
 *
 * @param folder where the files are
 */
public record BackfillFiles(Path folder) {

	/** The rows that the backfill has changed once, and others. */
	public static final String MOVED = "SELECT moved, count(*) FROM users GROUP BY 1 ORDER BY 1";

	/** Makes the table with its rows, as a build of before has done. */
	public BackfillFiles before(TestDatabase database) {
		write("V1__users.sql", """
				CREATE TABLE users (id bigint PRIMARY KEY, email text, moved int NOT NULL DEFAULT 0);
				INSERT INTO users SELECT i, 'a' || i FROM generate_series(1, 500) i""");
		tidemark(database).migrate();
		return this;
	}

	/**
	 * Adds the backfill.
	 * @param options what its head says besides the table
	 */
	public BackfillFiles backfill(String options) {
		return write("V2__move.backfill.sql", "-- tidemark: batch table=users by=id " + options
				+ "\nUPDATE users SET moved = moved + 1 WHERE {batch}");
	}

	public BackfillFiles write(String name, String sql) {
		try {
			Files.writeString(this.folder.resolve(name), sql);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public BackfillFiles remove(String name) {
		try {
			Files.delete(this.folder.resolve(name));
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns another instance that works on the database. */
	public Tidemark tidemark(TestDatabase database) {
		return Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.locations("filesystem:" + this.folder)
			.build();
	}

	public String location() {
		return "tidemark.locations=filesystem:" + this.folder;
	}

}
