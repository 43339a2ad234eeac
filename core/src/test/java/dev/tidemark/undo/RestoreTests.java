package dev.tidemark.undo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.session.connect.ConnectionSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A backup and the archived log bring back what a run has lost, up to where it began.
 */
class RestoreTests {

	private static final String USER = "postgres";

	@TempDir
	private Path folder;

	private MigrationFolder migrations() {
		return new MigrationFolder(this.folder.resolve("migrations"));
	}

	@ParameterizedTest
	@CsvSource({ "recovery_target_name, restore_point", "recovery_target_lsn, wal_position" })
	void aRestoreUpToWhereTheRunBeganHasWhatItLost(String target, String column) throws Exception {
		MigrationFolder files = migrations().add("V1__a.sql", "CREATE TABLE a (lost int); INSERT INTO a VALUES (42)");
		Path data = this.folder.resolve("data");
		Path backup = this.folder.resolve("backup");
		Path archive = Files.createDirectory(this.folder.resolve("archive"));
		try (EmbeddedPostgres server = server(data)) {
			migrate(files, server);
		}
		copy(data, backup);
		configure(data, Map.of("archive_mode", "on", "archive_command", "cp %p " + archive + "/%f"));
		String where;
		try (EmbeddedPostgres server = server(data)) {
			files.add("V2__a.sql", "ALTER TABLE a DROP COLUMN lost");
			migrate(files, server);
			where = value(server, "SELECT " + column + " FROM tidemark_history WHERE version = '2'");
			String segment = value(server, "SELECT pg_walfile_name(pg_switch_wal())");
			await().until(() -> Files.exists(archive.resolve(segment)));
		}

		configure(backup, Map.of("restore_command", "cp " + archive + "/%f %p", target, where, "recovery_target_action",
				"promote"));
		Files.createFile(backup.resolve("recovery.signal"));
		try (EmbeddedPostgres restored = server(backup)) {
			await().until(() -> value(restored, "SELECT pg_is_in_recovery()").equals("f"));

			assertThat(value(restored, "SELECT lost FROM a")).isEqualTo("42");
			assertThat(value(restored, "SELECT max(version) FROM tidemark_history")).isEqualTo("1");
		}
	}

	private static void migrate(MigrationFolder files, EmbeddedPostgres server) {
		Tidemark.builder(ConnectionSource.of(server.getJdbcUrl(USER, USER), USER, null))
			.locations(files.location())
			.build()
			.migrate();
	}

	private static EmbeddedPostgres server(Path data) throws IOException {
		return EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(60))
			.setDataDirectory(data)
			.setCleanDataDirectory(false)
			.setServerConfig("fsync", "off")
			.start();
	}

	private static void configure(Path data, Map<String, String> settings) throws IOException {
		StringBuilder lines = new StringBuilder("\n");
		settings.forEach((name, value) -> lines.append(name + " = '" + value + "'\n"));
		Files.writeString(data.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
	}

	/** A server that is stopped is copied as it is. */
	private static void copy(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : files.toList()) {
				Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
			}
		}
	}

	private static String value(EmbeddedPostgres server, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(server.getJdbcUrl(USER, USER));
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			assertThat(results.next()).isTrue();
			return results.getString(1);
		}
	}

}
