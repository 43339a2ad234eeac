package dev.tidemark.autoconfigure.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.support.GenericApplicationContext;

import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class StartReportTests {

	private final TestDatabase database;

	@TempDir
	private Path folder;

	StartReportTests(TestDatabase database) {
		this.database = database;
	}

	private ApplicationContextRunner runner(String... properties) {
		return Runners.with(this.database)
			.withPropertyValues("tidemark.report.file=" + file())
			.withPropertyValues(properties)
			.withBean(JvmExit.class, () -> (code) -> {
			});
	}

	private Path file() {
		return this.folder.resolve("report.json");
	}

	private JsonNode report() throws IOException {
		return JsonMapper.shared().readTree(Files.readString(file()));
	}

	private JsonNode started(String... properties) throws IOException {
		runner(properties).run((context) -> assertThat(context).hasNotFailed());
		return report();
	}

	private JsonNode failed(String... properties) throws IOException {
		runner(properties).run((context) -> assertThat(context).hasFailed());
		return report();
	}

	@Test
	void saysWhatRanAndHowLongItTook() throws IOException {
		JsonNode report = started("tidemark.mode=migrate-and-exit");

		assertThat(report.propertyNames()).containsExactly("mode", "outcome", "exitCode", "durationMillis", "databases",
				"problems");
		assertThat(report.path("mode").asString()).isEqualTo("migrate-and-exit");
		assertThat(report.path("outcome").asString()).isEqualTo("done");
		assertThat(report.path("exitCode").asInt()).isZero();
		JsonNode database = report.path("databases").path(0);
		assertThat(database.propertyNames()).containsExactly("tidemark", "database", "schema", "user", "currentVersion",
				"deploymentId", "applied", "pending", "problems", "lockWaitMillis", "durationMillis");
		assertThat(database.path("deploymentId").asString())
			.isEqualTo(this.database.value("SELECT DISTINCT deployment_id FROM tidemark_history"));
		assertThat(database.path("applied")).hasSize(3);
		assertThat(database.path("applied").path(0).propertyNames()).containsExactly("version", "kind", "description",
				"script", "statements", "durationMillis");
	}

	/** As a container gets a single file of its host. */
	@Test
	void aFileThatIsMountedByItselfIsWrittenInPlace() throws IOException, InterruptedException {
		Path mounted = Files.writeString(this.folder.resolve("mounted"), "before");
		Files.createFile(file());
		Assumptions.assumeTrue(run("mount", "--bind", mounted.toString(), file().toString()) == 0,
				"this process may not mount");
		try {
			assertThat(started().path("outcome").asString()).isEqualTo("done");
			assertThat(mounted).content().startsWith("{");
		}
		finally {
			assertThat(run("umount", file().toString())).isZero();
		}
		assertThat(this.folder).isDirectoryContaining("glob:**mounted").isDirectoryNotContaining("glob:**/.report*");
	}

	private static int run(String... command) throws IOException, InterruptedException {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor();
		}
		catch (IOException ex) {
			// There is no such program here.
			return 1;
		}
	}

	/** The name of a thread on Linux: a file whose folder nobody can put another into. */
	@Test
	@EnabledOnOs(OS.LINUX)
	void aFileInAFolderThatTakesNoOtherIsWrittenInPlace() throws IOException {
		Path name = Path.of("/proc/self/comm");
		String before = Files.readString(name);
		try {
			runner("tidemark.report.file=" + name).run((context) -> assertThat(context).hasNotFailed());
			assertThat(name).content().startsWith("{");
		}
		finally {
			Files.writeString(name, before);
		}
	}

	@Test
	void whereTheApplicationGoesOnThereIsNoExitCode() throws IOException {
		JsonNode report = started("tidemark.run.target=1");

		assertThat(report.has("exitCode")).isFalse();
		assertThat(report.path("databases").path(0).path("currentVersion").asString()).isEqualTo("1");
	}

	@Test
	void saysWhatFailedAfterWhatAndWhatIsPendingNow() throws IOException {
		JsonNode report = failed("tidemark.locations=classpath:migrations/failing");

		assertThat(report.path("outcome").asString()).isEqualTo("person-needed");
		assertThat(report.path("exitCode").asInt()).isEqualTo(80);
		assertThat(report.path("problems")).isEmpty();
		JsonNode database = report.path("databases").path(0);
		assertThat(database.path("applied")).hasSize(1);
		assertThat(database.path("currentVersion").asString()).isEqualTo("1");
		assertThat(database.path("state").asString()).isEqualTo("blocked");
		assertThat(database.path("deploymentId").asString())
			.isEqualTo(this.database.value("SELECT deployment_id FROM tidemark_history WHERE version = '2'"));
		JsonNode problem = database.path("problems").path(0);
		assertThat(problem.path("code").asString()).isEqualTo("TM-RUN-001");
		assertThat(problem.path("where").path("line").asInt()).isEqualTo(2);
		assertThat(problem.path("state").asString()).isNotBlank();
		assertThat(problem.path("remedy").asString()).isNotBlank();
	}

	@Test
	void aDatabaseThatDoesNotAnswerIsSaidToBeUnreachable() throws IOException {
		JsonNode report = failed("tidemark.connection.url=jdbc:postgresql://localhost:1/x");

		assertThat(report.path("outcome").asString()).isEqualTo("try-again-later");
		JsonNode database = report.path("databases").path(0);
		assertThat(database.propertyNames()).containsExactly("tidemark", "state", "pending", "problems");
		assertThat(database.path("state").asString()).isEqualTo("unreachable");
	}

	@Test
	void ofSeveralDatabasesThoseBeforeTheFailureAreThereToo() throws IOException {
		JsonNode report = failed("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two",
				"tidemark.databases.two.locations=classpath:migrations/failing", "tidemark.databases.zoo.schema=zoo");

		assertThat(report.path("databases")).extracting((database) -> database.path("tidemark").asString())
			.containsExactly("one", "two");
		assertThat(report.path("databases").path(0).path("applied")).hasSize(3);
	}

	@Test
	void ofTenantsItSaysWhatBecameOfEach() throws IOException {
		Files.writeString(this.folder.resolve("V1__t.sql"),
				"SELECT 1 / (CASE WHEN current_schema() = 'acme' THEN 0 ELSE 1 END)");
		JsonNode report = failed("tidemark.tenants.schemas=acme,globex",
				"tidemark.locations=filesystem:" + this.folder);

		assertThat(report.path("outcome").asString()).isEqualTo("tenants-failed");
		JsonNode tenants = report.path("databases").path(0).path("tenants");
		assertThat(tenants).extracting((tenant) -> tenant.path("state").asString())
			.containsExactly("failed", "migrated");
		assertThat(tenants.path(0).path("problems").path(0).path("code").asString()).isEqualTo("TM-RUN-001");
	}

	@Test
	void plansStatusesUndosAndChecksHaveOneToo() throws IOException {
		JsonNode planned = started("tidemark.mode=plan", "tidemark.plan.pending-exit-code=3");
		assertThat(planned.path("exitCode").asInt()).isEqualTo(3);
		assertThat(planned.path("databases").path(0).path("pending")).hasSize(3);
		assertThat(started("tidemark.mode=status").path("databases").path(0).path("pending")).hasSize(3);
		JsonNode refused = failed("tidemark.mode=verify");
		assertThat(refused.path("outcome").asString()).isEqualTo("try-again-later");
		assertThat(refused.path("databases").path(0).path("problems").path(0).path("code").asString())
			.isEqualTo("TM-VAL-007");
		started();
		assertThat(started("tidemark.mode=verify").path("databases").path(0).path("pending")).isEmpty();
		JsonNode undone = failed("tidemark.mode=undo", "tidemark.undo.to=1");
		assertThat(undone.path("databases").path(0).path("problems").path(0).path("code").asString())
			.isEqualTo("TM-UND-002");
	}

	@Test
	void whatConcernsNoDatabaseStandsOnTop() throws IOException {
		JsonNode report = failed("tidemark.mode=undo");

		assertThat(report.path("databases")).isEmpty();
		assertThat(report.path("problems").path(0).path("code").asString()).isEqualTo("TM-UND-004");
	}

	@Test
	void aStartThatFailsBeforeItBeginsHasOneToo() throws IOException {
		runner("tidemark.locks.timeout=-1s").run((context) -> {
			assertThat(context).hasFailed();
			listen(context);
		});
		assertThat(report().path("exitCode").asInt()).isEqualTo(78);
		assertThat(report().path("mode").asString()).isEqualTo("undo");
		assertThat(report().path("problems").path(0).path("what").asString()).contains("tidemark.locks.timeout");
	}

	@Test
	void whatAStartHasSaidOfItsFailureIsLeftAlone() throws IOException {
		runner("tidemark.locations=classpath:migrations/failing").run(this::listen);

		assertThat(report().path("databases")).hasSize(1);
	}

	private void listen(AssertableApplicationContext failed) {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			TestPropertyValues
				.of("tidemark.report.file=" + file(), "tidemark.mode=undo", "tidemark.report.termination-log=none")
				.applyTo(context);
			new FailedStartListener().onApplicationEvent(new ApplicationFailedEvent(new SpringApplication(Object.class),
					new String[0], context, failed.getStartupFailure()));
		}
	}

	@Test
	void takesThePlaceOfTheOneBeforeAsAWhole() throws IOException {
		Files.writeString(file(), "{".repeat(100_000));
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), file());

		runner("tidemark.report.file=" + link).run((context) -> assertThat(context).hasNotFailed());

		assertThat(report().path("outcome").asString()).isEqualTo("done");
		assertThat(link).isSymbolicLink();
		try (var files = Files.list(this.folder)) {
			assertThat(files).containsExactlyInAnyOrder(file(), link);
		}
	}

	@Test
	void oneThatCannotBeWrittenIsAWarningAndChangesNothingElse(CapturedOutput output) {
		List<Integer> codes = new ArrayList<>();
		Path nowhere = this.folder.resolve("nowhere/report.json");
		Runners.with(this.database)
			.withPropertyValues("tidemark.mode=migrate-and-exit", "tidemark.report.file=" + nowhere)
			.withBean(JvmExit.class, () -> codes::add)
			.run((context) -> assertThat(context).hasNotFailed());

		assertThat(codes).containsExactly(0);
		assertThat(output).contains("The report cannot be written to " + nowhere + ": NoSuchFileException");
		runner("tidemark.report.file=" + this.folder).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("The report cannot be written to " + this.folder + ": ");
	}

	@Test
	void aDeviceIsWrittenToAndNotReplaced() {
		runner("tidemark.report.file=/dev/null").run((context) -> assertThat(context).hasNotFailed());

		assertThat(Path.of("/dev/null")).exists().isNotEqualTo(file());
		assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
	}

}
