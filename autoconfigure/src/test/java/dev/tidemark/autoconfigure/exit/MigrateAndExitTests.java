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

	private int start(TestDatabase database, String... arguments) throws IOException, InterruptedException {
		return start(System.getProperty("java.class.path"), database, arguments);
	}

	private int start(String classPath, TestDatabase database, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Xshare:auto", "-cp", classPath, ExitingApplication.class.getName(), "--server.port=0",
						"--spring.jpa.hibernate.ddl-auto=validate"));
		for (String property : Runners.dataSource(database)) {
			command.add("--" + property);
		}
		command.addAll(List.of(arguments));
		File log = this.folder.resolve("log").toFile();
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
		boolean ended = process.waitFor(60, TimeUnit.SECONDS);
		process.destroyForcibly();
		this.output = Files.readString(log.toPath(), StandardCharsets.UTF_8);
		assertThat(ended).as(this.output).isTrue();
		return process.exitValue();
	}

}
