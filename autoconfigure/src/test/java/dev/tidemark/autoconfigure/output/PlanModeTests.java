package dev.tidemark.autoconfigure.output;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.preview.Backup;
import dev.tidemark.run.preview.BackupEvidence;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class PlanModeTests {

	private static final String OBJECTS = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";

	private final TestDatabase database;

	private final List<Integer> codes = new ArrayList<>();

	@TempDir
	private Path folder;

	PlanModeTests(TestDatabase database) {
		this.database = database;
	}

	private ApplicationContextRunner planning(String... properties) {
		return Runners.with(this.database)
			.withPropertyValues("tidemark.mode=plan")
			.withPropertyValues(properties)
			.withBean(JvmExit.class, () -> this.codes::add);
	}

	private void plan(String... properties) {
		planning(properties).run((context) -> assertThat(context).hasNotFailed());
	}

	private void migrate() {
		Runners.with(this.database).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void printsWhatWouldRunChangesNothingAndEndsWithZero(CapturedOutput output) {
		plan();

		assertThat(output).contains("CREATE TABLE \"public\".\"tidemark_history\";",
				"version 1, db/migration/V1__create_customer.sql\n  in one transaction with its history row:\n    CREATE TABLE",
				"the repeatable 'customer names'", "Ending with exit code 0, as tidemark.mode=plan asks for");
		assertThat(this.codes).containsExactly(0);
		assertThat(this.database.value(OBJECTS)).isEqualTo("0");
	}

	@Test
	void endsWithTheCodeOfTheProblemWhenARunWouldBeRefused(CapturedOutput output) {
		migrate();
		this.database.execute("UPDATE tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");

		plan("tidemark.plan.pending-exit-code=3");

		assertThat(this.codes).containsExactly(ExitCode.PERSON_NEEDED.number());
		assertThat(output).contains("Problem: TM-VAL-001", "next: Restore the text that was applied");
	}

	@Test
	void endsWithTheConfiguredCodeWhenSomethingWouldRun() {
		plan("tidemark.plan.pending-exit-code=3");

		assertThat(this.codes).containsExactly(3);
	}

	@Test
	void endsWithZeroWhenNothingWouldRun(CapturedOutput output) {
		migrate();

		plan("tidemark.plan.pending-exit-code=3");

		assertThat(this.codes).containsExactly(0);
		assertThat(output).contains("schema public, version 2: nothing would run.");
	}

	@Test
	void asJsonItTellsWhatMayBeLostAndWhatWouldBringItBack() throws Exception {
		migrate();
		Path losing = Files.createDirectory(this.folder.resolve("losing"));
		Files.writeString(losing.resolve("V9__a.sql"), "UPDATE customer SET name = 'x'");
		Path file = this.folder.resolve("plan.json");

		planning("tidemark.plan.format=json", "tidemark.plan.file=" + file,
				"tidemark.locations=classpath:db/migration,filesystem:" + losing)
			.withBean(BackupEvidence.class,
					() -> (database) -> new Backup("nightly", Instant.parse("2026-11-28T03:00:00Z"), "s3://backups"))
			.run((context) -> assertThat(context).hasNotFailed());

		JsonNode risk = JsonMapper.shared()
			.readTree(Files.readString(file))
			.path("databases")
			.path(0)
			.path("dataAtRisk");
		assertThat(risk.propertyNames()).containsExactly("findings", "restorePoint", "archive", "backups",
				"backupsUnknown");
		assertThat(risk.path("findings").path(0).path("rule").asString()).isEqualTo("overwrite");
		assertThat(risk.path("restorePoint").path("made").asBoolean()).isTrue();
		assertThat(risk.path("archive").path("state").asString()).isEqualTo("off");
		assertThat(risk.path("backups").path(0).toString())
			.isEqualTo("{\"name\":\"nightly\",\"takenAt\":\"2026-11-28T03:00:00Z\",\"location\":\"s3://backups\"}");
	}

	@Test
	void asJsonItHasTheNamesOfTheEndpoint() throws Exception {
		Path file = this.folder.resolve("plan.json");

		plan("tidemark.plan.format=json", "tidemark.plan.file=" + file);

		JsonNode plan = JsonMapper.shared().readTree(Files.readString(file)).path("databases").path(0);
		assertThat(plan.propertyNames()).containsExactly("tidemark", "state", "database", "schema", "user",
				"historyTable", "creates", "records", "steps", "passedOver", "waiting", "callbacks", "problems");
		assertThat(plan.path("state").asString()).isEqualTo("pending");
		assertThat(plan.path("historyTable").asString()).isEqualTo("tidemark_history");
		JsonNode step = plan.path("steps").path(0);
		assertThat(step.propertyNames()).containsExactly("version", "kind", "description", "script", "checksum",
				"state", "statementsTotal", "statementsDone", "segments", "undo");
		assertThat(step.path("version").asString()).isEqualTo("1");
		assertThat(step.path("undo").propertyNames()).containsExactly("suggestedScript", "suggestion");
		JsonNode segment = step.path("segments").path(0);
		assertThat(segment.path("transaction").asBoolean()).isTrue();
		JsonNode statement = segment.path("statements").path(0);
		assertThat(statement.propertyNames()).containsExactly("number", "line", "command", "sql");
		assertThat(statement.path("command").asString()).isEqualTo("CREATE TABLE");
		assertThat(statement.path("sql").asString()).startsWith("CREATE TABLE customer");
		assertThat(plan.path("steps").path(2).path("name").asString()).isEqualTo("customer names");
	}

	@Test
	void jsonTellsProblemsAsTheEndpointDoes() throws Exception {
		migrate();
		this.database.execute("UPDATE tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");
		Path file = this.folder.resolve("plan.json");

		plan("tidemark.plan.format=json", "tidemark.plan.file=" + file);

		JsonNode plan = JsonMapper.shared().readTree(Files.readString(file)).path("databases").path(0);
		assertThat(plan.path("state").asString()).isEqualTo("blocked");
		assertThat(plan.path("currentVersion").asString()).isEqualTo("2");
		JsonNode problem = plan.path("problems").path(0);
		assertThat(problem.propertyNames()).containsExactly("code", "severity", "what", "where", "state", "remedy");
		assertThat(problem.path("where").path("script").asString()).endsWith("V1__create_customer.sql");
	}

	@Test
	void ofSeveralDatabasesEachIsNamed(CapturedOutput output) throws Exception {
		String[] databases = { "tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two" };
		plan(databases);
		assertThat(output).contains("one:\nDatabase ", "two:\nDatabase ");

		Path file = this.folder.resolve("plan.json");
		planning(databases).withPropertyValues("tidemark.plan.format=json", "tidemark.plan.file=" + file)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(JsonMapper.shared().readTree(Files.readString(file)).path("databases"))
			.extracting((database) -> database.path("tidemark").asString())
			.containsExactly("one", "two");
	}

	@Test
	void whereADatabaseThatOnlyVerifiesLacksMigrationsOneHasToTryAgainLater(CapturedOutput output) throws Exception {
		Path file = this.folder.resolve("plan.json");
		String[] database = { "tidemark.databases.one.schema=one", "tidemark.databases.one.mode=verify",
				"tidemark.plan.pending-exit-code=3" };

		plan(database);
		planning(database).withPropertyValues("tidemark.plan.format=json", "tidemark.plan.file=" + file)
			.run((context) -> assertThat(context).hasNotFailed());

		assertThat(this.codes).containsExactly(75, 75);
		assertThat(output).contains("Problem: TM-VAL-007");
		assertThat(
				JsonMapper.shared().readTree(Files.readString(file)).path("databases").path(0).path("state").asString())
			.isEqualTo("blocked");
	}

	@Test
	void ofTenantsThoseThatAreBehindAreNamed(CapturedOutput output) {
		Runners.with(this.database)
			.withPropertyValues("tidemark.tenants.schemas=acme")
			.run((context) -> assertThat(context).hasNotFailed());

		plan("tidemark.tenants.schemas=acme,globex", "tidemark.plan.pending-exit-code=3");

		assertThat(this.codes).containsExactly(3);
		assertThat(output).contains("schema globex, without a version: 3 migrations would run.")
			.doesNotContain("schema acme, version 2: nothing");
	}

	@Test
	void aFileThatCannotBeWrittenIsToldWithItsProperty() {
		planning("tidemark.plan.file=" + this.folder.resolve("nowhere/plan.txt")).run((context) -> {
			assertThat(context).getFailure().rootCause().hasMessageContaining("tidemark.plan.file");
			assertThat(this.codes).isEmpty();
		});
	}

	@Test
	void withoutADatabaseTheStartFails() {
		planning("spring.datasource.url=jdbc:postgresql://localhost:1/nowhere").run((context) -> {
			assertThat(context).getFailure()
				.cause()
				.asInstanceOf(throwable(TidemarkException.class))
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.CONNECTION_REFUSED);
			assertThat(this.codes).isEmpty();
		});
	}

}
