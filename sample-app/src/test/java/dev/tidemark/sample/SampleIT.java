package dev.tidemark.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.test.PostgresExtension;
import dev.tidemark.test.TestDatabase;

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
			.isEqualTo("14");
	}

	private static String[] with(TestDatabase database, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.datasource.url=" + database.jdbcUrl());
		all.add("--spring.datasource.username=" + database.user());
		all.add("--spring.datasource.password=" + database.password());
		return all.toArray(String[]::new);
	}

	private SampleProcess start(String... arguments) {
		SampleProcess process = SampleProcess.start(this.directory.resolve("output-" + this.processes.size()),
				arguments);
		this.processes.add(process);
		return process;
	}

}
