package dev.tidemark.autoconfigure.output;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.actuate.CurrentDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationSummary;
import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class StatusModeTests {

	private final TestDatabase database;

	private final List<Integer> codes = new ArrayList<>();

	@TempDir
	private Path folder;

	StatusModeTests(TestDatabase database) {
		this.database = database;
	}

	private void status(String... properties) {
		Runners.with(this.database)
			.withPropertyValues("tidemark.mode=status")
			.withPropertyValues(properties)
			.withBean(JvmExit.class, () -> this.codes::add)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private JsonNode json(String... properties) throws IOException {
		Path file = this.folder.resolve("status.json");
		List<String> all = new ArrayList<>(List.of("tidemark.status.format=json", "tidemark.status.file=" + file));
		all.addAll(Arrays.asList(properties));
		status(all.toArray(String[]::new));
		return JsonMapper.shared().readTree(Files.readString(file)).path("databases");
	}

	private void migrate(String... properties) {
		migrating(properties).run((context) -> assertThat(context).hasNotFailed());
	}

	private ApplicationContextRunner migrating(String... properties) {
		return Runners.with(this.database).withPropertyValues(properties);
	}

	@Test
	void printsARowForEachMigrationWithWhatIsPending(CapturedOutput output) {
		migrate("tidemark.run.target=1", "tidemark.history.installed-by=release train");

		status();

		assertThat(output.getOut()
			.lines()
			// In the first test of a process the server that it runs on is looked for.
			.dropWhile((line) -> !line.contains(" INFO "))
			.filter((line) -> !line.contains(" INFO ")))
			.satisfiesExactly(
					(line) -> assertThat(line).isEqualTo("Database " + this.database.name()
							+ ", schema public, version 1: 2 migrations are pending."),
					(line) -> assertThat(line).isEmpty(),
					(line) -> assertThat(line).matches("version  description +state +kind +installed on +by +ms  file"),
					(line) -> assertThat(line)
						.matches("1 +create customer +applied +versioned +\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"
								+ " +release train +\\d+  db/migration/V1__create_customer.sql"),
					(line) -> assertThat(line)
						.matches("2 +add email +pending +versioned +db/migration/V2__add_email.sql"),
					(line) -> assertThat(line).contains("customer names", "repeatable"));
		assertThat(this.codes).containsExactly(0);
	}

	@Test
	void whereNothingHasRunEverythingIsPendingAndNothingIsMade(CapturedOutput output) {
		status("tidemark.status.pending-exit-code=3");

		assertThat(output).contains(", schema public, without a version: 3 migrations are pending.");
		assertThat(this.codes).containsExactly(3);
		assertThat(this.database.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
			.isEqualTo("0");
	}

	@Test
	void aLoginThatMayOnlyReadTheHistoryIsEnough(CapturedOutput output) {
		migrate();
		String reader = "reader_" + this.database.name();
		this.database.execute("CREATE ROLE " + reader + " LOGIN PASSWORD 'reads'; GRANT SELECT ON tidemark_history TO "
				+ reader + "; ALTER ROLE " + reader + " SET default_transaction_read_only = on");
		try {
			status("tidemark.connection.user=" + reader, "tidemark.connection.password=reads");
		}
		finally {
			this.database.execute("DROP OWNED BY " + reader + "; DROP ROLE " + reader);
		}

		assertThat(output).contains("version 2: up to date.").doesNotContain("reads");
		assertThat(this.codes).containsExactly(0);
	}

	@Test
	void whoMigratesNowIsNamedAndNotWaitedFor(CapturedOutput output) throws SQLException {
		migrate();
		this.database.execute("DELETE FROM tidemark_history WHERE version IS NULL");
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			statement.execute("SET application_name = 'another pod'");
			statement.execute("""
					SELECT pg_advisory_lock(('x' || left(encode(
					  sha256('tidemark "public"."tidemark_history"'), 'hex'), 16))::bit(64)::bigint)""");
			status("tidemark.status.pending-exit-code=3");
		}

		assertThat(output).contains("version 2: an instance is migrating, 1 migration is pending.",
				"Another instance is migrating now: ", "another pod");
		assertThat(this.codes).containsExactly(3);
	}

	@Test
	void whatTheOtherInstanceIsAtIsTold(CapturedOutput output) throws Exception {
		migrate("tidemark.run.target=1");
		CompletableFuture<Boolean> other;
		JsonNode current;
		try (Connection gate = this.database.connect(); Statement statement = gate.createStatement()) {
			gate.setAutoCommit(false);
			statement.execute("LOCK TABLE customer");
			other = OwnThread.supply(() -> {
				migrate("tidemark.locks.timeout=0");
				return true;
			});
			await().until(() -> "1".equals(this.database
				.value("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'customer'::regclass")));

			status();
			current = json().path(0).path("current");
		}
		assertThat(other.get(60, TimeUnit.SECONDS)).isTrue();

		assertThat(output).containsPattern("It is at: waiting-for-lock, version 2, db/migration/V2__add_email.sql,"
				+ " statement 1 of \\d+ at line \\d+, AccessExclusiveLock on public.customer, for \\d+ ms");
		List<String> names = Arrays.stream(CurrentDescriptor.class.getRecordComponents())
			.map(RecordComponent::getName)
			.toList();
		assertThat(names).containsAll(current.propertyNames());
		assertThat(current.path("version").asString()).isEqualTo("2");
		assertThat(current.path("here").asBoolean()).isFalse();
		assertThat(current.path("lock").path("relation").asString()).isEqualTo("public.customer");
	}

	@Test
	void whatIsWrongIsToldAndDecidesTheExitCode(CapturedOutput output) throws IOException {
		Path log = Files.createFile(this.folder.resolve("termination-log"));
		migrate();
		this.database.execute("UPDATE tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");

		status("tidemark.report.termination-log=" + log);

		assertThat(output).contains("problems are told below, nothing is pending.", "Problem: TM-VAL-001",
				"  next: Restore the text that was applied");
		assertThat(this.codes).containsExactly(ExitCode.PERSON_NEEDED.number());
		assertThat(log).content().startsWith("TM-VAL-001 Applied file changed: ").hasLineCount(1);
	}

	@Test
	void aDatabaseThatDoesNotAnswerIsToldBesideTheOthers(CapturedOutput output) {
		migrate("tidemark.schema=one");

		status("tidemark.databases.one.schema=one",
				"tidemark.databases.two.connection.url=jdbc:postgresql://localhost:1/x");

		assertThat(output).contains("one:\nDatabase " + this.database.name() + ", schema one, version 2: ",
				"two:\nDatabase not seen: it does not answer.", "Problem: TM-DB-001");
		assertThat(this.codes).containsExactly(ExitCode.TRY_AGAIN_LATER.number());
	}

	@Test
	void ofTenantsEachHasARow(CapturedOutput output) throws IOException {
		migrate("tidemark.tenants.schemas=acme");

		status("tidemark.tenants.schemas=acme,globex");

		assertThat(output).contains("1 of 2 schemas are up to date.")
			.containsPattern("(?m)^schema  version  state +pending$")
			.containsPattern("(?m)^acme +2 +up-to-date +0$")
			.containsPattern("(?m)^globex +pending +3$");
		JsonNode tenant = json("tidemark.tenants.schemas=acme,globex").path(0).path("tenants").path(1);
		assertThat(tenant.propertyNames()).containsExactly("schema", "state", "pending", "problems");
	}

	@Test
	void oneOfTheTenantsIsShownInFull(CapturedOutput output) throws IOException {
		migrate("tidemark.tenants.schemas=acme");

		status("tidemark.tenants.schemas=acme,globex", "tidemark.status.tenant=acme");

		assertThat(output).contains("Database " + this.database.name() + ", schema acme, version 2: ")
			.containsPattern("(?m)^1 +create customer +applied ")
			.doesNotContain("globex");
		JsonNode other = json("tidemark.tenants.schemas=acme,globex", "tidemark.status.tenant=globex");
		assertThat(other).hasSize(1);
		assertThat(other.path(0).path("schema").asString()).isEqualTo("globex");
		assertThat(other.path(0).path("migrations")).hasSize(3);
	}

	@Test
	void aTenantIsShownOfThoseDatabasesThatHaveTenants() throws IOException {
		JsonNode shown = json("tidemark.databases.one.schema=one", "tidemark.databases.two.tenants.schemas=acme",
				"tidemark.status.tenant=acme");

		assertThat(shown).singleElement()
			.satisfies((tenant) -> assertThat(tenant.path("schema").asString()).isEqualTo("acme"));
	}

	@Test
	void aTenantWhereThereAreNoneIsRefused() {
		Runners.with(this.database)
			.withPropertyValues("tidemark.mode=status", "tidemark.status.tenant=acme")
			.withBean(JvmExit.class, () -> this.codes::add)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(UnusablePropertyException.class)
				.hasMessageContaining("tidemark.status.tenant"));
	}

	@Test
	void asJsonItHasTheNamesOfTheEndpoint() throws IOException {
		migrate("tidemark.history.tag=release-1", "spring.application.name=shop", "spring.application.version=3.1");
		this.database.execute("UPDATE tidemark_history SET state = 'failed', error_code = 'TM-RUN-001',"
				+ " error_message = 'no', error_sqlstate = '22012' WHERE version IS NULL");

		JsonNode status = json().path(0);

		assertThat(status.propertyNames()).containsExactly("tidemark", "state", "database", "schema", "user",
				"historyTable", "currentVersion", "migrations", "problems");
		List<String> names = Arrays.stream(MigrationSummary.class.getRecordComponents())
			.map(RecordComponent::getName)
			.toList();
		assertThat(status.path("migrations").path(0).propertyNames()).containsExactlyInAnyOrder("version", "kind",
				"description", "script", "checksum", "state", "rank", "startedOn", "installedOn", "durationMillis",
				"installedBy", "application", "applicationVersion", "instance", "deploymentId", "tag");
		assertThat(status.path("migrations"))
			.allSatisfy((migration) -> assertThat(names).containsAll(migration.propertyNames()));
		assertThat(status.path("migrations").path(2).path("failure").propertyNames()).containsExactly("code", "message",
				"sqlState");
	}

	@Test
	void textsOfOthersStayInTheirLine(CapturedOutput output) {
		migrate("tidemark.history.installed-by=x\nTM-XXX\u001b[31m");

		status();

		assertThat(output).contains("x\\nTM-XXX\\u001B[31m");
	}

}
