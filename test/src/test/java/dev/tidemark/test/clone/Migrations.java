package dev.tidemark.test.clone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.tidemark.Tidemark;
import dev.tidemark.run.RunListener;
import dev.tidemark.testkit.TestDatabase;

import static org.awaitility.Awaitility.await;

/**
 * A folder of migrations of which a test makes a template. No other test has the same.
 */
final class Migrations {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Path folder;

	private int runs;

	Migrations(Path folder) {
		this.folder = folder;
	}

	Migrations add(String name, String sql) {
		try {
			Files.writeString(this.folder.resolve(name), sql);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String location() {
		return "filesystem:" + this.folder;
	}

	/** How often something was migrated. */
	int runs() {
		return this.runs;
	}

	TemplateDatabase templateOn(TestDatabase database) {
		return template(database.jdbcUrl(), database.user(), database.password());
	}

	TemplateDatabase template(String url, String user, String password) {
		return TemplateDatabase.on(url, user, password)
			.migratedBy(
					(connections) -> Tidemark.builder(connections).locations(location()).listener(new RunListener() {

						@Override
						public void runStarted() {
							synchronized (Migrations.this) {
								Migrations.this.runs++;
							}
						}

					}).build());
	}

	/** All databases of the server that are made by this package. */
	static List<String> databases(TestDatabase any) {
		return any.rows("SELECT datname FROM pg_database WHERE datname LIKE 'tidemark%' ORDER BY 1");
	}

	static List<String> templates(TestDatabase any) {
		return databases(any).stream().filter((name) -> name.startsWith("tidemark_template_")).toList();
	}

	/** Waits until the server has noticed that the maker of a database has died. */
	static void awaitUnkept(TestDatabase any, String database) {
		await().atMost(PATIENCE).until(() -> any.rows("SELECT pid " + keeperOf(database)).isEmpty());
	}

	/** The rest of a query for the session that keeps a database. */
	static String keeperOf(String database) {
		return "FROM pg_locks WHERE locktype = 'advisory' AND lpad(to_hex(classid::bigint), 8, '0')"
				+ " || lpad(to_hex(objid::bigint), 8, '0') = right('" + database + "', 16)";
	}

}
