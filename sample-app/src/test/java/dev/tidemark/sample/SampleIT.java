package dev.tidemark.sample;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the executable jar as its users do. */
@ExtendWith(PostgresExtension.class)
class SampleIT {

	private final List<SampleProcess> processes = new ArrayList<>();

	@TempDir
	private Path directory;

	@AfterEach
	void stopProcesses() {
		this.processes.forEach(SampleProcess::stop);
	}

	@Test
	void startsWithNothingConfigured() {
		SampleProcess sample = start("--server.port=0");
		assertThat(sample.get("/actuator/migrations")).contains("\"up-to-date\"").contains("\"customer totals\"");
		assertThat(sample.get("/customers/totals")).contains("Ada Lovelace");
	}

	@Test
	void startsAgainOnTheDataOfAKilledRun() {
		String dataDirectory = "--sample.data-directory=" + this.directory.resolve("data");
		SampleProcess killed = start("--server.port=0", dataDirectory);
		killed.post("/customers", """
				{"email": "alan@example.com", "name": "Alan Turing"}""");
		killed.kill();
		SampleProcess sample = start("--server.port=0", dataDirectory);
		assertThat(sample.get("/customers")).contains("Alan Turing");
	}

	@Test
	void migratesAndExits(TestDatabase database) {
		SampleProcess sample = start(with(database, "--tidemark.mode=migrate-and-exit"));
		assertThat(sample.waitForExit()).isZero();
		assertThat(database.value("SELECT count(*) FROM orders")).isEqualTo("3");
		assertThat(sample.output()).doesNotContain("Tomcat started").doesNotContain("Hibernate");
	}

	/** As the next release finds the rows of the one before. */
	@Test
	void fillsAColumnBesideTheApplicationAndIsReadyThen(TestDatabase database) {
		SampleProcess before = start(with(database, "--tidemark.mode=migrate-and-exit", "--tidemark.run.target=12"));
		assertThat(before.waitForExit()).as(before.output()).isZero();
		SampleProcess sample = start(with(database, "--server.port=0"));
		Awaitility.await().untilAsserted(() -> sample.get("/actuator/health/readiness"));
		assertThat(sample.get("/actuator/migrations/14")).contains("\"finished\"").contains("\"required\":true");
		assertThat(sample.get("/customers")).contains("\"emailDomain\":\"example.com\"")
			.doesNotContain("\"emailDomain\":null");
		assertThat(sample.output()).contains("not ready until what this build reads is done");
	}

	@Test
	void saysWhyAMigrationFailed(TestDatabase database) throws IOException {
		Path migrations = Files.createDirectory(this.directory.resolve("migrations"));
		Files.writeString(migrations.resolve("V99__drop_customers.sql"), """
				-- Orders refer to customers.
				DROP TABLE customers;
				""");
		SampleProcess sample = start(with(database, "--tidemark.mode=migrate-and-exit",
				"--tidemark.locations=classpath:db/migration,filesystem:" + migrations));
		assertThat(sample.waitForExit()).isNotZero();
		assertThat(sample.output()).contains("APPLICATION FAILED TO START")
			.contains("V99__drop_customers.sql")
			.contains("cannot drop table customers because other objects depend on it");
		assertThat(database.value("SELECT count(*) FROM orders")).isEqualTo("3");
	}

	/** In a transaction both rows would have one number. */
	@Test
	void honoursScriptConfigurationsInNestedJars(TestDatabase database) throws IOException {
		Path jar = Files.copy(SampleProcess.jar(), this.directory.resolve("sample.jar"));
		Path library = this.directory.resolve("library.jar");
		try (FileSystem files = FileSystems.newFileSystem(library, Map.of("create", "true"))) {
			Path folder = Files.createDirectories(files.getPath("db", "migration"));
			addWithoutTransaction(folder.resolve("V98__library.sql"), "in_library");
		}
		try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("noCompression", "true"))) {
			Path folder = files.getPath("BOOT-INF", "classes", "db", "migration");
			addWithoutTransaction(folder.resolve("V99__application.sql"), "in_application");
			Files.copy(library, files.getPath("BOOT-INF", "lib", "library.jar"));
		}
		SampleProcess sample = start(jar, with(database, "--tidemark.mode=migrate-and-exit"));
		assertThat(sample.waitForExit()).as(sample.output()).isZero();
		assertThat(database.value("SELECT count(DISTINCT number) FROM in_library")).isEqualTo("2");
		assertThat(database.value("SELECT count(DISTINCT number) FROM in_application")).isEqualTo("2");
	}

	private static void addWithoutTransaction(Path file, String table) throws IOException {
		Files.writeString(file, "CREATE TABLE " + table + " AS SELECT pg_current_xact_id()::text AS number;\n"
				+ "INSERT INTO " + table + " SELECT pg_current_xact_id()::text;\n");
		Files.writeString(file.resolveSibling(file.getFileName() + ".conf"), "executeInTransaction=false\n");
	}

	@Test
	void readsOnlyWhatTheIndexOfTheBuildDoesNotKnow(TestDatabase database) throws IOException {
		Path migrations = Files.createDirectory(this.directory.resolve("migrations"));
		Files.writeString(migrations.resolve("V99__comment.sql"), "COMMENT ON TABLE customers IS 'People'");
		SampleProcess sample = start(
				with(database, "--tidemark.mode=migrate-and-exit", "--logging.level.dev.tidemark.source=debug",
						"--tidemark.locations=classpath:db/migration,filesystem:" + migrations));
		assertThat(sample.waitForExit()).isZero();
		assertThat(sample.output()).contains("Reading " + migrations + "/V99__comment.sql")
			.doesNotContain("Reading db/migration/");
		assertThat(database.value("SELECT count(*) FROM tidemark_history WHERE script LIKE 'db/migration/%'"))
			.isEqualTo("16");
	}

	private static String[] with(TestDatabase database, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.datasource.url=" + database.jdbcUrl());
		all.add("--spring.datasource.username=" + database.user());
		all.add("--spring.datasource.password=" + database.password());
		return all.toArray(String[]::new);
	}

	private SampleProcess start(String... arguments) {
		return start(SampleProcess.jar(), arguments);
	}

	private SampleProcess start(Path jar, String... arguments) {
		SampleProcess process = SampleProcess.start(jar, this.directory.resolve("output-" + this.processes.size()),
				arguments);
		this.processes.add(process);
		return process;
	}

}
