package dev.tidemark.autoconfigure.exit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class MigrateAndExitTests {

	/** Instead of the one of the tests. */
	private static final String BOOTS_LOG = "--logging.config=classpath:logback-of-boot.xml";

	@TempDir
	private Path folder;

	private final Map<Process, Path> logs = new HashMap<>();

	private String output = "";

	@Test
	void theProcessEndsWithZeroBeforeJpaAndTheWebServerStart(TestDatabase database) throws Exception {
		// It needs neither Actuator nor Micrometer nor Testcontainers.
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.matches(".*/(spring-boot-(starter-)?(actuator|health|micrometer|testcontainers)"
					+ "|micrometer-(core|jakarta)|testcontainers).*"))
			.collect(Collectors.joining(File.pathSeparator));
		int code = start(classPath, database, "--tidemark.mode=migrate-and-exit");
		assertThat(this.output).contains("Ending with exit code 0")
			.doesNotContain("STARTED", "missing table", "Tomcat started");
		assertThat(code).as(this.output).isZero();
		assertThat(database.value("SELECT count(*) FROM customer")).isEqualTo("1");
	}

	@Test
	void theProcessEndsWithACodeAndTellsTheReasonWhereItIsLookedForWhenAMigrationFails(TestDatabase database)
			throws Exception {
		Path terminationLog = Files.createFile(this.folder.resolve("termination-log"));
		Path report = this.folder.resolve("report.json");
		int code = start(database, "--tidemark.mode=migrate-and-exit",
				"--tidemark.locations=classpath:migrations/failing", "--tidemark.report.file=" + report,
				"--tidemark.report.termination-log=" + terminationLog);
		assertThat(code).isEqualTo(ExitCode.PERSON_NEEDED.number());
		assertThat(this.output).contains("APPLICATION FAILED TO START", "TM-RUN-001", "V2__fill_item.sql:2")
			.doesNotContain(database.password(), "Unable to close ApplicationContext");
		assertThat(terminationLog).content()
			.startsWith("TM-RUN-001 Statement failed: ")
			.contains(" Where: migrations/failing/V2__fill_item.sql:2", " Server: ", " Next: ")
			.hasLineCount(1);
		JsonNode reported = JsonMapper.shared().readTree(Files.readString(report));
		assertThat(reported.path("exitCode").asInt()).isEqualTo(code);
		assertThat(reported.path("databases").path(0).path("applied")).hasSize(1);
	}

	@Test
	void aPropertyThatCannotBeReadHasACodeOfItsOwn(TestDatabase database) throws Exception {
		Path terminationLog = Files.createFile(this.folder.resolve("termination-log"));
		int code = start(database, "--tidemark.mode=sometimes", "--tidemark.report.termination-log=" + terminationLog);
		assertThat(code).as(this.output).isEqualTo(ExitCode.WRONG_CONFIGURATION.number());
		assertThat(this.output).contains("APPLICATION FAILED TO START", "tidemark.mode");
		assertThat(terminationLog).content().startsWith("TM-CFG-001 Setting not usable: tidemark.mode ");
	}

	@Test
	void aStatusIsAllThatIsPrinted(TestDatabase database) throws Exception {
		int code = start(database, BOOTS_LOG, "--tidemark.mode=status", "--tidemark.status.pending-exit-code=3");
		assertThat(this.output).startsWith("Database " + database.name() + ", schema public, without a version: ")
			.endsWith("db/migration/R__customer_names.sql\n")
			.hasLineCount(6);
		assertThat(code).isEqualTo(3);
		assertThat(database.value("SELECT to_regclass('tidemark_history')")).isNull();
	}

	@Test
	void whenTheProcessIsToldToEndItsMigrationIsCancelledAndRolledBack(TestDatabase database) throws Exception {
		Files.writeString(this.folder.resolve("V1__slow.sql"), "CREATE TABLE slow (id int); SELECT pg_sleep(120)");
		inBothModes(database, (process, used) -> {
			while (process.isAlive()
					&& "0".equals(used.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(120)%'"
							+ " AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()"))) {
				Thread.onSpinWait();
			}
			process.destroy();

			assertThat(end(process)).as(this.output).isEqualTo(128 + 15);
			assertThat(this.output).contains("The process is told to end", "TM-RUN-004").doesNotContain("STARTED");
			assertThat(used.value("SELECT to_regclass('slow')")).isNull();
			assertThat(used.value("SELECT string_agg(state, ',') FROM tidemark_history")).isEqualTo("failed");
			assertThat(used.value("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
					+ " WHERE l.locktype = 'advisory' AND d.datname = current_database()"))
				.isEqualTo("0");
		}, "--tidemark.locations=filesystem:" + this.folder);
	}

	@Test
	void whenTheProcessIsToldToEndAfterItsMigrationsItEnds(TestDatabase database) throws Exception {
		inBothModes(database, (process, used) -> {
			assertThat(end(process)).as(this.output).isEqualTo(128 + 15);
			assertThat(this.output).doesNotContain("Ending with exit code 0");
			assertThat(used.value("SELECT count(*) FROM customer")).isEqualTo("1");
		}, "--end-after-run=true", "--spring.jpa.hibernate.ddl-auto=none");
	}

	/** Both at once, as a process takes most of its time to start. */
	private void inBothModes(TestDatabase database, Check check, String... arguments) throws Exception {
		try (TestDatabase other = PostgresServer.shared().createDatabase()) {
			Process migrating = launch(database, "migrate", arguments);
			Process ending = launch(other, "migrate-and-exit", arguments);
			try {
				check.check(migrating, database);
				check.check(ending, other);
			}
			finally {
				migrating.destroyForcibly();
				ending.destroyForcibly().waitFor();
			}
		}
	}

	private Process launch(TestDatabase database, String mode, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--tidemark.mode=" + mode);
		return launch(System.getProperty("java.class.path"), database, all.toArray(String[]::new));
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
						"-XX:+UseSerialGC", "-Xshare:auto", "-cp", classPath, ExitingApplication.class.getName(),
						"--server.port=0", "--spring.jpa.hibernate.ddl-auto=validate"));
		for (String property : Runners.dataSource(database)) {
			command.add("--" + property);
		}
		command.addAll(List.of(arguments));
		Path log = Files.createTempFile(this.folder, "process", ".log");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		// As a container may have it, for the application.
		builder.environment().put("LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_BOOT", "info");
		Process process = builder.start();
		this.logs.put(process, log);
		return process;
	}

	private int end(Process process) throws IOException, InterruptedException {
		boolean ended = process.waitFor(3, TimeUnit.MINUTES);
		process.destroyForcibly();
		this.output = Files.readString(this.logs.get(process), StandardCharsets.UTF_8);
		assertThat(ended).as(this.output).isTrue();
		return process.exitValue();
	}

	/** What has to be true of a process in the end. */
	private interface Check {

		void check(Process process, TestDatabase database) throws Exception;

	}

}
