package dev.tidemark.test.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import dev.tidemark.Tidemark;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * Measures what a clone saves: 200 migrations into an empty database, against a clone and
 * the start of Tidemark on it, which finds nothing pending. Clones are asked for one
 * right after the other, and with the pause in which a context starts and its tests run.
 * Each on a server of its own with {@code fsync} off, as servers for tests have it, and
 * on.
 */
final class CloneMeasurement {

	private static final int MIGRATIONS = 200;

	private static final int ROUNDS = 7;

	private static final Duration PAUSE = Duration.ofSeconds(2);

	private CloneMeasurement() {
	}

	public static void main(String[] arguments) throws Exception {
		Path folder = Files.createTempDirectory("clone-measurement");
		write(folder);
		for (String fsync : new String[] { "off", "on" }) {
			try (EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setPGStartupWait(Duration.ofSeconds(60))
				.setServerConfig("fsync", fsync)
				.start()) {
				measure(server.getJdbcUrl("postgres", "postgres"), "filesystem:" + folder, fsync);
			}
		}
	}

	/** Fifty tables, each made, indexed, filled and altered. */
	private static void write(Path folder) throws IOException {
		for (int number = 0; number < MIGRATIONS; number++) {
			String table = "item_" + number / 4;
			Files.writeString(folder.resolve("V" + (number + 1) + "__step.sql"), switch (number % 4) {
				case 0 -> "CREATE TABLE " + table + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
						+ " name text NOT NULL, made timestamptz NOT NULL DEFAULT now());";
				case 1 -> "CREATE INDEX " + table + "_name ON " + table + " (name);";
				case 2 -> "INSERT INTO " + table + " (name) SELECT 'name ' || n FROM generate_series(1, 20) n;";
				default -> "ALTER TABLE " + table + " ADD price numeric CHECK (price > 0);";
			});
		}
	}

	private static void measure(String url, String location, String fsync) throws SQLException, InterruptedException {
		Function<ConnectionSource, Tidemark> tidemark = (
				database) -> Tidemark.builder(database).locations(location).build();
		TemplateDatabase template = TemplateDatabase.on(url, null, null).migratedBy(tidemark);
		double[] migrate = new double[ROUNDS];
		double[] atOnce = new double[ROUNDS];
		double[] later = new double[ROUNDS];
		double[] drop = new double[ROUNDS];
		try (Connection server = DriverManager.getConnection(url); Statement statement = server.createStatement()) {
			for (int round = 0; round < ROUNDS; round++) {
				statement.execute("CREATE DATABASE empty_" + round);
				ConnectionSource empty = ConnectionSource.of(url, null, null).on("empty_" + round).orElseThrow();
				migrate[round] = millis(() -> tidemark.apply(empty).migrate());
			}
			double first = millis(() -> start(template, tidemark));
			for (int round = 0; round < ROUNDS; round++) {
				atOnce[round] = millis(() -> start(template, tidemark));
			}
			for (int round = 0; round < ROUNDS; round++) {
				Thread.sleep(PAUSE.toMillis());
				DatabaseClone[] clone = new DatabaseClone[1];
				later[round] = millis(() -> clone[0] = start(template, tidemark));
				drop[round] = millis(clone[0]::close);
			}
			System.out.printf("PostgreSQL %s, fsync=%s: %d migrations %.0f ms; first clone with its template %.0f ms;"
					+ " clones at once %.0f ms, %.1f times as fast; clones after a pause %.0f ms, %.1f times as fast;"
					+ " drop %.0f ms%n", server.getMetaData().getDatabaseProductVersion(), fsync, MIGRATIONS,
					median(migrate), first, median(atOnce), median(migrate) / median(atOnce), median(later),
					median(migrate) / median(later), median(drop));
		}
	}

	private static DatabaseClone start(TemplateDatabase template, Function<ConnectionSource, Tidemark> tidemark) {
		DatabaseClone clone = template.newClone();
		tidemark.apply(ConnectionSource.of(clone.url(), null, null)).migrate();
		return clone;
	}

	private static double millis(Runnable work) {
		long start = System.nanoTime();
		work.run();
		return (System.nanoTime() - start) / 1e6;
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

}
