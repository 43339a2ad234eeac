package dev.tidemark.autoconfigure.exit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import dev.tidemark.autoconfigure.Runners;
import dev.tidemark.test.PostgresExtension;
import dev.tidemark.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class MigrateAndExitTests {

	@TempDir
	private Path folder;

	private String output = "";

	@Test
	void theProcessEndsWithZeroBeforeJpaAndTheWebServerStart(TestDatabase database) throws Exception {
		int code = start(database, "--tidemark.mode=migrate-and-exit");
		assertThat(this.output).contains("Ending with exit code 0")
			.doesNotContain("STARTED", "missing table", "Tomcat started");
		assertThat(code).isZero();
		assertThat(database.value("SELECT count(*) FROM customer")).isEqualTo("1");
	}

	@Test
	void theProcessEndsWithAnotherCodeAndTheReasonWhenAMigrationFails(TestDatabase database) throws Exception {
		int code = start(database, "--tidemark.mode=migrate-and-exit",
				"--tidemark.locations=classpath:migrations/failing");
		assertThat(code).isEqualTo(1);
		assertThat(this.output).contains("APPLICATION FAILED TO START", "TM-RUN-001", "V2__fill_item.sql:2")
			.doesNotContain(database.password());
	}

	@Test
	void theProcessNeedsNeitherActuatorNorMicrometerNorTestcontainers(TestDatabase database) throws Exception {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.matches(".*/(spring-boot-(starter-)?(actuator|health|micrometer|testcontainers)"
					+ "|micrometer-(core|jakarta)|testcontainers).*"))
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(start(classPath, database, "--tidemark.mode=migrate-and-exit")).as(this.output).isZero();
		assertThat(database.value("SELECT count(*) FROM customer")).isEqualTo("1");
	}

	@Test
	void aPlanIsAllThatIsPrintedWhereNothingIsLogged(TestDatabase database) throws Exception {
		int code = start(database, "--tidemark.mode=plan", "--tidemark.plan.format=json",
				"--tidemark.plan.pending-exit-code=3", "--spring.main.banner-mode=off", "--logging.level.root=error",
				"--logging.level.dev.tidemark=error");
		assertThat(JsonMapper.shared().readTree(this.output).path("databases").path(0).path("steps").size())
			.isEqualTo(3);
		assertThat(code).isEqualTo(3);
		assertThat(database.value("SELECT to_regclass('tidemark_history')")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "migrate", "migrate-and-exit" })
	void whenTheProcessIsToldToEndItsMigrationIsCancelledAndRolledBack(String mode, TestDatabase database)
			throws Exception {
		Files.writeString(this.folder.resolve("V1__slow.sql"), "CREATE TABLE slow (id int); SELECT pg_sleep(120)");
		Process process = launch(System.getProperty("java.class.path"), database, "--tidemark.mode=" + mode,
				"--tidemark.locations=filesystem:" + this.folder);
		while (process.isAlive()
				&& "0".equals(database.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(120)%'"
						+ " AND state = 'active' AND pid <> pg_backend_pid()"))) {
			Thread.onSpinWait();
		}
		process.destroy();

		assertThat(end(process)).as(this.output).isEqualTo(128 + 15);
		assertThat(this.output).contains("The process is told to end", "TM-RUN-004").doesNotContain("STARTED");
		assertThat(database.value("SELECT to_regclass('slow')")).isNull();
		assertThat(database.value("SELECT string_agg(state, ',') FROM tidemark_history")).isEqualTo("failed");
		assertThat(database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).isEqualTo("0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "migrate", "migrate-and-exit" })
	void whenTheProcessIsToldToEndAfterItsMigrationsItEnds(String mode, TestDatabase database) throws Exception {
		int code = start(database, "--tidemark.mode=" + mode, "--end-after-run=true",
				"--spring.jpa.hibernate.ddl-auto=none");
		assertThat(code).as(this.output).isEqualTo(128 + 15);
		assertThat(this.output).doesNotContain("Ending with exit code 0");
		assertThat(database.value("SELECT count(*) FROM customer")).isEqualTo("1");
	}

	private int start(TestDatabase database, String... arguments) throws IOException, InterruptedException {
		return start(System.getProperty("java.class.path"), database, arguments);
	}

	private int start(String classPath, TestDatabase database, String... arguments)
			throws IOException, InterruptedException {
		return end(launch(classPath, database, arguments));
	}

	private Process launch(String classPath, TestDatabase database, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Xshare:auto", "-cp", classPath, ExitingApplication.class.getName(), "--server.port=0",
						"--spring.jpa.hibernate.ddl-auto=validate"));
		for (String property : Runners.dataSource(database)) {
			command.add("--" + property);
		}
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile()).start();
	}

	private int end(Process process) throws IOException, InterruptedException {
		boolean ended = process.waitFor(60, TimeUnit.SECONDS);
		process.destroyForcibly();
		this.output = Files.readString(log(), StandardCharsets.UTF_8);
		assertThat(ended).as(this.output).isTrue();
		return process.exitValue();
	}

	private Path log() {
		return this.folder.resolve("log");
	}

}
