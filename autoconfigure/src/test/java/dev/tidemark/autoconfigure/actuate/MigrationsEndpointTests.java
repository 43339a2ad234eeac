package dev.tidemark.autoconfigure.actuate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.web.WebMvcEndpointManagementContextConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.start.TidemarkAutoConfiguration;
import dev.tidemark.autoconfigure.start.TidemarkDatabasesAutoConfiguration;
import dev.tidemark.autoconfigure.start.TidemarkTenantsAutoConfiguration;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(PostgresExtension.class)
class MigrationsEndpointTests {

	private static final String TIDEMARK = "$.contexts.shop.tidemarks.tidemark";

	private static final String ACME = "$.contexts.shop.tidemarks['tidemarkTenants/acme']";

	@TempDir
	private Path folder;

	@Test
	void showsWhatIsApplied(TestDatabase database) {
		web(database).withPropertyValues("spring.application.version=3.1", "HOSTNAME=pod-7").run((context) -> {
			var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".state").isEqualTo("up-to-date");
			json.extractingPath(TIDEMARK + ".currentVersion").isEqualTo("2");
			json.extractingPath(TIDEMARK + ".database").isEqualTo(database.name());
			json.extractingPath(TIDEMARK + ".schema").isEqualTo("public");
			json.extractingPath(TIDEMARK + ".historyTable").isEqualTo("tidemark_history");
			json.extractingPath(TIDEMARK + ".pending").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".running").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".deviating").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".problems").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".applied[*].version").asArray().containsExactly("2", "1");
			json.extractingPath(TIDEMARK + ".applied[0].name").isEqualTo("customer names");
			json.extractingPath(TIDEMARK + ".applied[2].kind").isEqualTo("versioned");
			json.extractingPath(TIDEMARK + ".applied[2].script").isEqualTo("db/migration/V1__create_customer.sql");
			json.extractingPath(TIDEMARK + ".applied[2].checksum").asString().startsWith("sha256:");
			json.extractingPath(TIDEMARK + ".applied[2].installedOn").asString().matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
			json.extractingPath(TIDEMARK + ".applied[2].durationMillis").isInstanceOf(Number.class);
			json.extractingPath(TIDEMARK + ".applied[2].installedBy").isEqualTo("postgres");
			json.extractingPath(TIDEMARK + ".applied[2].applicationVersion").isEqualTo("3.1");
			json.extractingPath(TIDEMARK + ".applied[2].instance").asString().startsWith("pod-7:");
		});
	}

	@Test
	void countsTenantsAndListsThoseThatAreNotUpToDate(TestDatabase database) {
		web(database).withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			database.execute("UPDATE acme.tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");
			var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
			String tenants = "$.contexts.shop.tenants.tidemarkTenants";
			json.extractingPath(tenants + ".state").isEqualTo("blocked");
			json.extractingPath(tenants + ".counts.up-to-date").isEqualTo(1);
			json.extractingPath(tenants + ".counts.blocked").isEqualTo(1);
			json.extractingPath(tenants + ".others[*].schema").asArray().containsExactly("acme");
			json.extractingPath(tenants + ".others[0].problems[0].code").isEqualTo("TM-VAL-001");
		});
	}

	@Test
	void showsOneTenantInFull(TestDatabase database) {
		web(database).withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			var json = assertThat(get(context, "/actuator/migrations?tenant=globex")).hasStatusOk().bodyJson();
			String tenant = "$.contexts.shop.tidemarks['tidemarkTenants/globex']";
			json.extractingPath(tenant + ".schema").isEqualTo("globex");
			json.extractingPath(tenant + ".applied[*].version").asArray().containsExactly("2", "1");
		});
	}

	@Test
	void showsTheRunsOfOneMigrationOfATenant(TestDatabase database) {
		web(database).withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			database.execute("UPDATE acme.tidemark_history SET state = 'interrupted' WHERE rank = 2");
			var one = assertThat(get(context, "/actuator/migrations/2?tenant=acme")).hasStatusOk().bodyJson();
			one.extractingPath(ACME + ".runs[*].rank").asArray().containsExactly(2);
			one.extractingPath(ACME + ".runs[*].state").asArray().containsExactly("interrupted");
			var all = assertThat(get(context, "/actuator/migrations?tenant=acme")).hasStatusOk().bodyJson();
			all.extractingPath(ACME + ".deviating[*].rank").asArray().containsExactly(2);
			assertThat(get(context, "/actuator/migrations/99?tenant=acme")).hasStatus(HttpStatus.NOT_FOUND);
			assertThat(get(context, "/actuator/migrations/2")).hasStatus(HttpStatus.NOT_FOUND);
		});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "pg_x", "$user", "a-name-that-postgresql-would-cut-off-since-it-is-longer-than-63-bytes" })
	void aTenantThatThereCannotBeIsABadRequest(String schema, TestDatabase database) {
		web(database).withPropertyValues("tidemark.tenants.schemas=acme").run((context) -> {
			for (String path : new String[] { "/actuator/migrations?tenant=", "/actuator/migrations/2?tenant=" }) {
				assertThat(get(context, path + schema)).hasStatus(HttpStatus.BAD_REQUEST)
					.bodyJson()
					.extractingPath("$.problems[*].code")
					.asArray()
					.containsExactly("TM-CFG-001");
			}
		});
	}

	@Test
	void aDecisionAboutATenantIsRecordedAndShown(TestDatabase database) {
		tenants(database).run((context) -> {
			database.execute("UPDATE acme.tidemark_history SET state = 'interrupted' WHERE rank = 2");
			var json = assertThat(resolve(context, ", \"tidemark\": \"tidemarkTenants/acme\"")).hasStatusOk()
				.bodyJson();
			json.extractingPath(ACME + ".runs[-1:].state").asArray().containsExactly("applied");
			json.extractingPath(ACME + ".runs[-1:].note").asArray().containsExactly("looked at it");
			assertThat(database.value("SELECT count(*) FROM globex.tidemark_history")).isEqualTo("3");
		});
	}

	@Test
	void aDecisionBesideAnotherDatabaseShowsTheTenantAlone(TestDatabase database) {
		tenants(database)
			.withPropertyValues("tidemark.databases.shared.schema=shared",
					"tidemark.databases.apps.tenants.schemas=acme")
			.run((context) -> {
				database.execute("UPDATE acme.tidemark_history SET state = 'interrupted' WHERE rank = 2");
				var json = assertThat(resolve(context, ", \"tidemark\": \"appsTenants/acme\"")).hasStatusOk()
					.bodyJson();
				json.extractingPath("$.contexts.shop.tidemarks").asMap().containsOnlyKeys("appsTenants/acme");
				unclear(resolve(context, "")).contains("sharedTidemark, appsTenants/<schema>");
				unclear(undo(context, "\"to\": \"1\"")).contains("sharedTidemark, appsTenants/<schema>");
			});
	}

	@Test
	void aWriteThatDoesNotNameItsTenantIsToldHowToNameIt(TestDatabase database) {
		tenants(database).run((context) -> {
			unclear(resolve(context, "")).contains("tidemarkTenants/<schema>");
			unclear(undo(context, "\"to\": \"1\"")).contains("tidemarkTenants/<schema>");
			unclear(undo(context, "\"to\": \"1\", \"tidemark\": \"acme\"")).contains("tidemarkTenants/<schema>");
		});
	}

	@Test
	void migrationsOfATenantAreUndone(TestDatabase database) throws IOException {
		writeUndoable();
		tenants(database).withPropertyValues(locations()).run((context) -> {
			var json = assertThat(undo(context, "\"to\": \"1\", \"tidemark\": \"tidemarkTenants/acme\"")).hasStatusOk()
				.bodyJson();
			json.extractingPath("$.undone[*].version").asArray().containsExactly("2");
			assertThat(database.value("SELECT to_regclass('acme.b') IS NULL AND to_regclass('globex.b') IS NOT NULL"))
				.isEqualTo("t");
		});
	}

	private static WebApplicationContextRunner tenants(TestDatabase database) {
		return web(database).withPropertyValues("tidemark.tenants.schemas=acme,globex",
				"management.endpoint.migrations.access=UNRESTRICTED");
	}

	private static AbstractStringAssert<?> unclear(MvcTestResult result) {
		var json = assertThat(result).hasStatus(HttpStatus.BAD_REQUEST).bodyJson();
		json.extractingPath("$.problems[*].code").asArray().containsExactly("TM-VAL-010");
		return json.extractingPath("$.problems[0].remedy").asString();
	}

	@Test
	void withoutTenantsNothingIsSaidOfThem(TestDatabase database) {
		web(database).run((context) -> assertThat(get(context, "/actuator/migrations")).bodyJson()
			.doesNotHavePath("$.contexts.shop.tenants"));
	}

	@Test
	void showsDatabasesByTheNamesOfTheirBeans(TestDatabase database) {
		web(database).withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two")
			.run((context) -> {
				var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
				json.extractingPath("$.contexts.shop.tidemarks.oneTidemark.schema").isEqualTo("one");
				json.extractingPath("$.contexts.shop.tidemarks.twoTidemark.schema").isEqualTo("two");
			});
	}

	@Test
	void showsWhatIsPendingOfAnUntouchedDatabase(TestDatabase database) {
		web(database).withPropertyValues("tidemark.mode=off").run((context) -> {
			var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".state").isEqualTo("pending");
			json.extractingPath(TIDEMARK + ".pending[*].version").asArray().containsExactly("1", "2");
			json.doesNotHavePath(TIDEMARK + ".currentVersion").doesNotHavePath(TIDEMARK + ".pending[0].installedOn");
		});
	}

	@Test
	void showsWhyAFileIsPassedOver(TestDatabase database) throws IOException {
		Files.writeString(this.folder.resolve("V1__a.sql"), "CREATE TABLE a ()");
		Files.writeString(this.folder.resolve("B1__a.sql"), "CREATE TABLE a ()");
		Files.writeString(this.folder.resolve("V2__b.sql"), "CREATE TABLE b ()");
		Files.writeString(this.folder.resolve("V3__c.sql"), "-- tidemark: only=prod\nCREATE TABLE c ()");
		web(database).withPropertyValues(locations(), "tidemark.run.skip.2=INC-1", "tidemark.history.tag=release-42")
			.run((context) -> {
				var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
				json.extractingPath(TIDEMARK + ".state").isEqualTo("up-to-date");
				json.extractingPath(TIDEMARK + ".applied[*].kind").asArray().containsExactly("baseline");
				json.extractingPath(TIDEMARK + ".applied[0].version").isEqualTo("1");
				json.extractingPath(TIDEMARK + ".applied[0].tag").isEqualTo("release-42");
				json.extractingPath(TIDEMARK + ".passedOver[*].version").asArray().containsExactly("2", "3", "1");
				json.extractingPath(TIDEMARK + ".passedOver[*].state")
					.asArray()
					.containsExactly("skipped", "skipped", "superseded");
				json.extractingPath(TIDEMARK + ".passedOver[*].reason")
					.asArray()
					.containsExactly("INC-1", "its file is for other environments",
							"the database begins with baseline 1");
				json.extractingPath(TIDEMARK + ".deviating").asArray().isEmpty();
				var one = assertThat(get(context, "/actuator/migrations/B1")).hasStatusOk().bodyJson();
				one.extractingPath(TIDEMARK + ".runs[*].tag").asArray().containsExactly("release-42");
			});
	}

	@Test
	void showsWhatRunsAndWhoRunsItWithoutWaiting(TestDatabase database) throws Exception {
		Files.writeString(this.folder.resolve("V1__slow.sql"), """
				CREATE TABLE slow (id int);
				CREATE INDEX CONCURRENTLY ON slow (id);
				SELECT pg_advisory_xact_lock(42);""");
		Tidemark other = Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.locations("filesystem:" + this.folder)
			.lockTimeout(Duration.ZERO)
			.application("other", null, "pod-8")
			.build();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Connection holder = database.connect(); Statement statement = holder.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(42)");
			Future<RunResult> run = executor.submit(other::migrate);
			await().until(() -> "1".equals(database
				.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 42")));
			web(database).withPropertyValues(locations(), "tidemark.mode=off", "tidemark.inspection.timeout=10s")
				.run((context) -> {
					var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
					json.extractingPath(TIDEMARK + ".state").isEqualTo("running");
					json.extractingPath(TIDEMARK + ".running[*].version").asArray().containsExactly("1");
					json.extractingPath(TIDEMARK + ".running[0].instance").isEqualTo("pod-8");
					json.extractingPath(TIDEMARK + ".lockHolder.application").isEqualTo("tidemark (other)");
					json.extractingPath(TIDEMARK + ".lockHolder.statement")
						.asString()
						.contains("pg_advisory_xact_lock");
					json.extractingPath(TIDEMARK + ".problems").asArray().isEmpty();
				});
			statement.execute("SELECT pg_advisory_unlock(42)");
			assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void leavesOutWhatTheLoginMayNotSeeAndSaysWhatShowsIt(TestDatabase database) throws Exception {
		Files.writeString(this.folder.resolve("V1__slow.sql"), "SELECT pg_advisory_xact_lock(42)");
		Tidemark other = Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.locations("filesystem:" + this.folder)
			.lockTimeout(Duration.ZERO)
			.build();
		String login = "blind_" + database.name();
		database.execute("CREATE ROLE " + login + " LOGIN PASSWORD 'pw'");
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Connection holder = database.connect(); Statement statement = holder.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(42)");
			Future<RunResult> run = executor.submit(other::migrate);
			await().until(() -> "1".equals(database
				.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 42")));
			database.execute("GRANT SELECT ON tidemark_history TO " + login);
			web(database)
				.withPropertyValues(locations(), "tidemark.mode=off", "tidemark.inspection.timeout=10s",
						"spring.datasource.username=" + login, "spring.datasource.password=pw")
				.run((context) -> {
					var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
					String lockHolder = TIDEMARK + ".lockHolder";
					json.extractingPath(lockHolder + ".user").isEqualTo(database.user());
					json.extractingPath(lockHolder + ".grant").isEqualTo("GRANT pg_read_all_stats TO " + login);
					json.extractingPath(lockHolder + ".lock.kind").isEqualTo("advisory");
					json.extractingPath(lockHolder + ".blockers[0].user").isEqualTo(database.user());
					for (String hidden : List.of("client", "connectedMillis", "state", "statement", "runningMillis",
							"waitsFor", "blockers[0].state", "blockers[0].transactionMillis",
							"blockers[0].statement")) {
						json.doesNotHavePath(lockHolder + "." + hidden);
					}
				});
			statement.execute("SELECT pg_advisory_unlock(42)");
			assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
		}
		finally {
			executor.shutdownNow();
			database.execute("DROP OWNED BY " + login + "; DROP ROLE " + login);
		}
	}

	@Test
	void showsTheAttemptsThatDidNotGetTheirLock(TestDatabase database) throws IOException {
		Files.writeString(this.folder.resolve("V1__a.sql"), "CREATE TABLE a ()");
		Runners.with(database).withPropertyValues(locations()).run((context) -> assertThat(context).hasNotFailed());
		Files.writeString(this.folder.resolve("V2__b.sql"),
				"DO $$ BEGIN EXECUTE 'ALTER TABLE a ' || 'ADD COLUMN x int'; END $$");
		web(database)
			.withPropertyValues(locations(), "tidemark.mode=off", "tidemark.locks.timeout=400ms",
					"tidemark.inspection.timeout=10s")
			.run((context) -> {
				ExecutorService executor = Executors.newSingleThreadExecutor();
				try (Connection holder = database.connect(); Statement statement = holder.createStatement()) {
					statement.execute("SET application_name = 'nightly report'; BEGIN; LOCK TABLE a IN SHARE MODE");
					Future<RunResult> run = executor.submit(context.getBean(Tidemark.class)::migrate);
					await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
						var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
						String last = TIDEMARK + ".lockAttempts[-1:]";
						json.extractingPath(last + ".migration").asArray().containsExactly("2");
						json.extractingPath(TIDEMARK + ".lockAttempts[1].attempt").isEqualTo(2);
						json.extractingPath(TIDEMARK + ".lockAttempts[*].failedOn").asArray().hasSizeGreaterThan(1);
						json.extractingPath(TIDEMARK + ".lockAttempts[*].nextOn").asArray().hasSizeGreaterThan(1);
						json.extractingPath(TIDEMARK + ".lockAttempts[*].where.line").asArray().contains(1);
						json.extractingPath(TIDEMARK + ".lockAttempts[*].lock.relation").asArray().contains("public.a");
						json.extractingPath(TIDEMARK + ".lockAttempts[*].lock.mode")
							.asArray()
							.contains("AccessExclusiveLock");
						json.extractingPath(TIDEMARK + ".lockAttempts[*].blockers[*].application")
							.asArray()
							.contains("nightly report");
						json.extractingPath(TIDEMARK + ".lockAttempts[*].blockers[*].state")
							.asArray()
							.contains("idle in transaction");
					});
					statement.execute("COMMIT");
					assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
					assertThat(get(context, "/actuator/migrations")).bodyJson()
						.extractingPath(TIDEMARK + ".lockAttempts")
						.asArray()
						.isNotEmpty();
					context.getBean(Tidemark.class).migrate();
					assertThat(get(context, "/actuator/migrations")).bodyJson()
						.extractingPath(TIDEMARK + ".lockAttempts")
						.asArray()
						.isEmpty();
				}
				finally {
					executor.shutdownNow();
				}
			});
	}

	@Test
	void showsWhoIsInTheWayAsLongAsNoAttemptIsMade(TestDatabase database) throws IOException {
		Files.writeString(this.folder.resolve("V1__a.sql"), "CREATE TABLE a ()");
		Runners.with(database).withPropertyValues(locations()).run((context) -> assertThat(context).hasNotFailed());
		Files.writeString(this.folder.resolve("V2__b.sql"), "ALTER TABLE a ADD COLUMN x int");
		web(database).withPropertyValues(locations(), "tidemark.mode=off", "tidemark.inspection.timeout=10s")
			.run((context) -> {
				ExecutorService executor = Executors.newSingleThreadExecutor();
				try (Connection holder = database.connect(); Statement statement = holder.createStatement()) {
					statement.execute("SET application_name = 'nightly report'; BEGIN; SELECT * FROM a");
					Future<RunResult> run = executor.submit(context.getBean(Tidemark.class)::migrate);
					await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
						var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
						json.extractingPath(TIDEMARK + ".current.state").isEqualTo("looking");
						json.extractingPath(TIDEMARK + ".current.version").isEqualTo("2");
						json.extractingPath(TIDEMARK + ".current.lock.relation").isEqualTo("public.a");
						json.extractingPath(TIDEMARK + ".current.blockers[*].application")
							.asArray()
							.containsExactly("nightly report");
					});
					statement.execute("COMMIT");
					assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
				}
				finally {
					executor.shutdownNow();
				}
			});
	}

	private String locations() {
		return "tidemark.locations=filesystem:" + this.folder;
	}

	@Test
	void showsWhatFailedAndWhatToDo(TestDatabase database) throws IOException {
		Files.writeString(this.folder.resolve("V1__ok.sql"), "CREATE TABLE ok ()");
		Files.writeString(this.folder.resolve("V2__half.sql"),
				"CREATE TABLE half (id int); CREATE INDEX CONCURRENTLY ON half (id); CREATE TABLE half ()");
		web(database).withPropertyValues(locations()).run((context) -> assertThat(context).hasFailed());
		web(database).withPropertyValues(locations(), "tidemark.mode=off").run((context) -> {
			var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".state").isEqualTo("blocked");
			json.extractingPath(TIDEMARK + ".deviating[*].state").asArray().containsExactly("failed");
			json.extractingPath(TIDEMARK + ".deviating[0].failure.code").isEqualTo("TM-RUN-001");
			json.doesNotHavePath(TIDEMARK + ".deviating[0].installedOn");
			json.extractingPath(TIDEMARK + ".problems[0].code").isEqualTo("TM-RUN-001");
			json.extractingPath(TIDEMARK + ".problems[0].severity").isEqualTo("error");
			json.extractingPath(TIDEMARK + ".problems[0].where.script").asString().endsWith("V2__half.sql");
			json.extractingPath(TIDEMARK + ".problems[0].remedy").asString().isNotBlank();
			var one = assertThat(get(context, "/actuator/migrations/2")).hasStatusOk().bodyJson();
			one.extractingPath(TIDEMARK + ".runs[0].state").isEqualTo("failed");
			one.extractingPath(TIDEMARK + ".runs[0].statementsDone").isEqualTo(2);
			one.extractingPath(TIDEMARK + ".runs[0].failure.sqlState").isEqualTo("42P07");
			one.extractingPath(TIDEMARK + ".problems[0].code").isEqualTo("TM-RUN-001");
		});
	}

	@Test
	void showsOneMigrationWithItsRunsAndStatements(TestDatabase database) {
		web(database).run((context) -> {
			var json = assertThat(get(context, "/actuator/migrations/2.0")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".migration.description").isEqualTo("add email");
			json.extractingPath(TIDEMARK + ".runs[*].state").asArray().containsExactly("applied");
			json.extractingPath(TIDEMARK + ".statements[*].command").asArray().containsExactly("ALTER TABLE", "INSERT");
			json.extractingPath(TIDEMARK + ".statements[1].number").isEqualTo(2);
			json.extractingPath(TIDEMARK + ".statements[1].line").isEqualTo(2);
			json.extractingPath(TIDEMARK + ".statements[1].excerpt").asString().startsWith("INSERT INTO customer");
		});
	}

	@Test
	void showsWhereARunBeganThatCouldLoseData(TestDatabase database) throws IOException {
		web(database).run((context) -> assertThat(context).hasNotFailed());
		Files.writeString(this.folder.resolve("V9__a.sql"), "UPDATE customer SET name = 'x'");
		web(database).withPropertyValues("tidemark.locations=classpath:db/migration,filesystem:" + this.folder)
			.run((context) -> {
				var json = assertThat(get(context, "/actuator/migrations/9")).hasStatusOk().bodyJson();
				json.extractingPath(TIDEMARK + ".runs[0].restorePoint.name").asString().matches("tidemark_.*_9");
				json.extractingPath(TIDEMARK + ".runs[0].restorePoint.walPosition")
					.asString()
					.matches("[0-9A-F]+/[0-9A-F]+");
			});
	}

	@Test
	void showsARepeatableByItsName(TestDatabase database) {
		web(database).run((context) -> assertThat(get(context, "/actuator/migrations/customer_names")).hasStatusOk()
			.bodyJson()
			.extractingPath(TIDEMARK + ".migration.kind")
			.isEqualTo("repeatable"));
	}

	@Test
	void doesNotFindWhatNobodyKnows(TestDatabase database) {
		web(database).run((context) -> {
			assertThat(get(context, "/actuator/migrations/99")).hasStatus(404);
			assertThat(get(context, "/actuator/migrations/nothing")).hasStatus(404);
		});
	}

	@Test
	void saysThatADatabaseIsUnreachable(TestDatabase database) throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			web(database)
				.withPropertyValues("tidemark.mode=off", "tidemark.inspection.timeout=300ms",
						"spring.datasource.url=jdbc:postgresql://localhost:" + silent.getLocalPort() + "/x")
				.run((context) -> {
					long start = System.nanoTime();
					var json = assertThat(get(context, "/actuator/migrations")).hasStatusOk().bodyJson();
					json.extractingPath(TIDEMARK + ".state").isEqualTo("unreachable");
					json.extractingPath(TIDEMARK + ".problems[0].code").isEqualTo("TM-DB-001");
					assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
					assertThat(get(context, "/actuator/migrations/1")).hasStatusOk()
						.bodyJson()
						.extractingPath(TIDEMARK + ".state")
						.isEqualTo("unreachable");
				});
		}
	}

	@Test
	void showsNoPassword(TestDatabase database) {
		web(database)
			.withPropertyValues("tidemark.connection.user=postgres",
					"tidemark.connection.password=" + database.password())
			.run((context) -> {
				String all = get(context, "/actuator/migrations").getResponse().getContentAsString();
				String one = get(context, "/actuator/migrations/1").getResponse().getContentAsString();
				assertThat(all + one).doesNotContain(database.password());
			});
	}

	@Test
	void walksParentContextsAndAllTidemarks(TestDatabase database) {
		new ApplicationContextRunner().withBean("inParent", Tidemark.class, () -> tidemark(database, "parent_history"))
			.withInitializer((context) -> context.setId("parent"))
			.run((parent) -> new ApplicationContextRunner().withParent(parent)
				.withInitializer((context) -> context.setId("child"))
				.withConfiguration(AutoConfigurations.of(TidemarkAutoConfiguration.class,
						EndpointAutoConfiguration.class, MigrationsEndpointAutoConfiguration.class))
				.withPropertyValues("management.endpoints.web.exposure.include=migrations", "tidemark.mode=off")
				.withBean("one", Tidemark.class, () -> tidemark(database, "one_history"))
				.withBean("two", Tidemark.class, () -> tidemark(database, "two_history"))
				.run((child) -> {
					MigrationsDescriptor migrations = child.getBean(MigrationsEndpoint.class).migrations();
					assertThat(migrations.contexts()).containsOnlyKeys("child", "parent");
					assertThat(migrations.contexts().get("child").parentId()).isEqualTo("parent");
					assertThat(migrations.contexts().get("child").tidemarks()).containsOnlyKeys("one", "two");
					assertThat(migrations.contexts().get("parent").tidemarks()).containsOnlyKeys("inParent");
				}));
	}

	@Test
	void isAbsentUnlessExposed(TestDatabase database) {
		web(database).withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationsEndpoint.class));
	}

	@Test
	void isAbsentWithoutAccess(TestDatabase database) {
		web(database).withPropertyValues("management.endpoint.migrations.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationsEndpoint.class));
	}

	@Test
	void backsOffFromAnOwnEndpoint(TestDatabase database) {
		web(database).withUserConfiguration(OwnEndpoint.class)
			.run((context) -> assertThat(context).hasSingleBean(MigrationsEndpoint.class).hasBean("ownEndpoint"));
	}

	private static Tidemark tidemark(TestDatabase database, String historyTable) {
		return Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.historyTable(historyTable)
			.build();
	}

	@Test
	void aDecisionIsTakenOnlyWhereAccessIsGranted(TestDatabase database) {
		leaveInDoubt(database);
		web(database).withPropertyValues("tidemark.mode=off").run((context) -> {
			assertThat(resolve(context, "")).hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
			assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("3");
		});
	}

	@Test
	void aDecisionIsRecordedAndShown(TestDatabase database) {
		leaveInDoubt(database);
		unrestricted(database).run((context) -> {
			var json = assertThat(resolve(context, "")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".runs[-1:].state").asArray().containsExactly("applied");
			json.extractingPath(TIDEMARK + ".runs[-1:].note").asArray().containsExactly("looked at it");
			assertThat(database.value("SELECT note FROM tidemark_history ORDER BY rank DESC LIMIT 1"))
				.isEqualTo("looked at it");
		});
	}

	@Test
	void aDecisionAboutWhatIsInOrderIsAConflictAndSaysWhy(TestDatabase database) {
		leaveInDoubt(database);
		database.execute("UPDATE tidemark_history SET state = 'applied'");
		unrestricted(database).run((context) -> {
			var json = assertThat(resolve(context, "")).hasStatus(HttpStatus.CONFLICT).bodyJson();
			json.extractingPath("$.problems[*].code").asArray().containsExactly("TM-VAL-009");
			json.extractingPath("$.problems[0].what").asString().contains("version 2");
			json.extractingPath("$.problems[0].state").isEqualTo("Nothing was changed.");
			json.extractingPath("$.problems[0].remedy").asString().isNotBlank();
		});
	}

	@Test
	void aDecisionAboutWhatNobodyKnowsIsNotFound(TestDatabase database) {
		leaveInDoubt(database);
		unrestricted(database)
			.run((context) -> assertThat(resolve(context, "99", 2, "")).hasStatus(HttpStatus.NOT_FOUND));
	}

	@Test
	void aDecisionWhileAnotherInstanceMigratesIsAConflict(TestDatabase database) throws Exception {
		leaveInDoubt(database);
		try (Connection holder = database.connect(); Statement statement = holder.createStatement()) {
			statement.execute("""
					SELECT pg_advisory_lock(('x' || left(encode(
					  sha256('tidemark "public"."tidemark_history"'), 'hex'), 16))::bit(64)::bigint)""");
			unrestricted(database).run((context) -> assertThat(resolve(context, "")).hasStatus(HttpStatus.CONFLICT)
				.bodyJson()
				.extractingPath("$.problems[*].code")
				.asArray()
				.containsExactly("TM-RUN-002"));
		}
	}

	@Test
	void aDecisionThatADatabaseDoesNotTakeIsUnavailable(TestDatabase database) throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			unrestricted(database)
				.withPropertyValues("tidemark.inspection.timeout=300ms",
						"spring.datasource.url=jdbc:postgresql://localhost:" + silent.getLocalPort()
								+ "/x?loginTimeout=1")
				.run((context) -> assertThat(resolve(context, "")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
					.bodyJson()
					.extractingPath("$.problems[*].code")
					.asArray()
					.containsExactly("TM-DB-001"));
		}
	}

	@Test
	void aDecisionThatSeveralDatabasesCouldBeMeantByNeedsAName(TestDatabase database) {
		leaveInDoubt(database);
		database.execute("CREATE TABLE other_history (LIKE tidemark_history INCLUDING ALL);"
				+ "INSERT INTO other_history SELECT * FROM tidemark_history;"
				+ "DO $$ BEGIN EXECUTE format('COMMENT ON TABLE other_history IS %L',"
				+ " obj_description('tidemark_history'::regclass)); END $$");
		unrestricted(database).withBean("orders", Tidemark.class, () -> tidemark(database, "tidemark_history"))
			.withBean("stock", Tidemark.class, () -> tidemark(database, "other_history"))
			.run((context) -> {
				var unclear = assertThat(resolve(context, "")).hasStatus(HttpStatus.BAD_REQUEST).bodyJson();
				unclear.extractingPath("$.problems[*].code").asArray().containsExactly("TM-VAL-010");
				unclear.extractingPath("$.problems[0].remedy").asString().contains("orders, stock");
				assertThat(resolve(context, "2", 2, ", \"tidemark\": \"shop\"")).hasStatus(HttpStatus.BAD_REQUEST)
					.bodyJson()
					.extractingPath("$.problems[0].what")
					.asString()
					.contains("'shop'");
				assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("3");
				assertThat(resolve(context, "2", 2, ", \"tidemark\": \"stock\"")).hasStatusOk();
				assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("3");
				assertThat(database.value("SELECT count(*) FROM other_history")).isEqualTo("4");
			});
	}

	@Test
	void aDecisionThatOneDatabaseOnlyCanBeMeantByNeedsNoName(TestDatabase database) {
		leaveInDoubt(database);
		unrestricted(database).withBean("orders", Tidemark.class, () -> tidemark(database, "tidemark_history"))
			.withBean("stock", Tidemark.class,
					() -> Tidemark
						.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
						.locations("filesystem:" + this.folder)
						.historyTable("stock_history")
						.build())
			.run((context) -> {
				assertThat(resolve(context, "")).hasStatusOk();
				assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("4");
			});
	}

	@Test
	void aDatabaseThatDoesNotAnswerLeavesAClearDecisionClear(TestDatabase database) throws IOException {
		leaveInDoubt(database);
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			unrestricted(database).withPropertyValues("tidemark.inspection.timeout=2s")
				.withBean("orders", Tidemark.class, () -> tidemark(database, "tidemark_history"))
				.withBean("stock", Tidemark.class, () -> Tidemark
					.builder(ConnectionSource
						.of("jdbc:postgresql://localhost:" + silent.getLocalPort() + "/x?loginTimeout=1", "x", null))
					.build())
				.run((context) -> {
					assertThat(resolve(context, "")).hasStatusOk();
					assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("4");
				});
		}
	}

	@Test
	void aRepeatableWhoseNameLooksLikeAVersionIsWrittenWithAnUnderscore(TestDatabase database) throws IOException {
		Files.writeString(this.folder.resolve("V2024__a.sql"), "");
		Files.writeString(this.folder.resolve("R__2024.sql"), "");
		web(database).withPropertyValues(locations()).run((context) -> {
			assertThat(get(context, "/actuator/migrations/2024")).hasStatusOk()
				.bodyJson()
				.extractingPath(TIDEMARK + ".migration.kind")
				.isEqualTo("versioned");
			assertThat(get(context, "/actuator/migrations/_2024")).hasStatusOk()
				.bodyJson()
				.extractingPath(TIDEMARK + ".migration.kind")
				.isEqualTo("repeatable");
		});
	}

	@Test
	void showsHowAMigrationCouldBeUndone(TestDatabase database) throws IOException {
		writeUndoable();
		Files.delete(this.folder.resolve("U2__b.sql"));
		web(database).withPropertyValues(locations()).run((context) -> {
			var with = assertThat(get(context, "/actuator/migrations/1")).hasStatusOk().bodyJson();
			with.extractingPath(TIDEMARK + ".undo.script").asString().endsWith("/U1__a.sql");
			with.doesNotHavePath(TIDEMARK + ".undo.suggestion");
			var without = assertThat(get(context, "/actuator/migrations/2")).hasStatusOk().bodyJson();
			without.doesNotHavePath(TIDEMARK + ".undo.script");
			without.extractingPath(TIDEMARK + ".undo.suggestedScript").asString().endsWith("/U2__b.sql");
			without.extractingPath(TIDEMARK + ".undo.suggestion").asString().contains("DROP TABLE \"b\";");
		});
	}

	@Test
	void nothingIsUndoneUnlessAccessIsGranted(TestDatabase database) throws IOException {
		writeUndoable();
		web(database).withPropertyValues(locations())
			.run((context) -> assertThat(undo(context, "\"to\": \"1\"")).hasStatus(HttpStatus.METHOD_NOT_ALLOWED));
	}

	@Test
	void migrationsAreUndoneOnceAndWhatWasDoneIsShown(TestDatabase database) throws IOException {
		writeUndoable();
		undoable(database).run((context) -> {
			var json = assertThat(undo(context, "\"from\": \"2\"")).hasStatusOk().bodyJson();
			json.extractingPath("$.currentVersion").isEqualTo("1");
			json.extractingPath("$.undone[*].version").asArray().containsExactly("2");
			json.extractingPath("$.dataLoss").asArray().isEmpty();
			var again = assertThat(undo(context, "\"from\": \"2\"")).hasStatusOk().bodyJson();
			again.extractingPath("$.undone").asArray().isEmpty();
			again.extractingPath("$.problems[*].code").asArray().containsExactly("TM-UND-004");
			var one = assertThat(get(context, "/actuator/migrations/2")).hasStatusOk().bodyJson();
			one.extractingPath(TIDEMARK + ".migration.state").isEqualTo("pending");
			one.extractingPath(TIDEMARK + ".runs[*].undo").asArray().containsExactly(false, true);
			one.extractingPath(TIDEMARK + ".runs[1].note").isEqualTo("rollback");
		});
	}

	@Test
	void anUndoThatWouldLoseDataIsAConflictUntilItIsAllowed(TestDatabase database) throws IOException {
		writeUndoable();
		undoable(database).run((context) -> {
			database.execute("INSERT INTO b VALUES (1)");
			var refused = assertThat(undo(context, "\"to\": \"1\"")).hasStatus(HttpStatus.CONFLICT).bodyJson();
			refused.extractingPath("$.problems[*].code").asArray().containsExactly("TM-UND-003");
			refused.extractingPath("$.problems[0].where.statement").isEqualTo(1);
			var allowed = assertThat(undo(context, "\"to\": \"1\", \"allowDataLoss\": \"agreed\"")).hasStatusOk()
				.bodyJson();
			allowed.extractingPath("$.dataLoss[*].rule").asArray().containsExactly("drop-table");
			allowed.extractingPath("$.dataLoss[0].table").isEqualTo("\"b\"");
		});
	}

	@Test
	void anUndoThatDoesNotSayWhatIsABadRequest(TestDatabase database) throws IOException {
		writeUndoable();
		undoable(database).run((context) -> {
			for (String what : new String[] { "\"count\": 1", "\"to\": \"x\"", "\"to\": \"1\", \"deployment\": \"y\"",
					"\"to\": \"1\", \"tidemark\": \"other\"" }) {
				assertThat(undo(context, what)).hasStatus(HttpStatus.BAD_REQUEST);
			}
			assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("2");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"as": "applied", "reason": "r"}                 | lacks the field 'rank'
			{"rank": 2, "reason": "r"}                       | lacks the field 'as'
			{"rank": 2, "as": "applied"}                     | lacks the field 'reason'
			{"rank": 2, "as": "applied", "reason": " "}      | lacks the field 'reason'
			{"rank": "two", "as": "applied", "reason": "r"}  | 'rank' of the request is no number: 'two'
			{"rank": 2, "as": "done", "reason": "r"}         | may be applied, undone, retry, continue
			{}                                               | lacks the field 'rank'
			""")
	void aDecisionThatLacksAFieldIsToldWhichOne(String body, String told, TestDatabase database) {
		leaveInDoubt(database);
		unrestricted(database).run((context) -> {
			var answer = assertThat(post(context, "/actuator/migrations/2", body)).hasStatus(HttpStatus.BAD_REQUEST)
				.bodyJson();
			answer.extractingPath("$.problems[*].code").asArray().containsExactly("TM-REP-002");
			answer.extractingPath("$.problems[0].what").asString().contains(told);
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"to": "1"}                                    | lacks the field 'reason'
			{"from": "2", "count": "all", "reason": "r"}   | 'count' of the request is no number
			""")
	void anUndoThatLacksAFieldIsToldWhichOne(String body, String told, TestDatabase database) throws IOException {
		writeUndoable();
		undoable(database)
			.run((context) -> assertThat(post(context, "/actuator/migrations", body)).hasStatus(HttpStatus.BAD_REQUEST)
				.bodyJson()
				.extractingPath("$.problems[0].what")
				.asString()
				.contains(told));
	}

	@Test
	void aDecisionMayBeToGoOnBehindAStatement(TestDatabase database) throws IOException {
		Files.writeString(this.folder.resolve("V1__a.sql"), "CREATE TABLE a (x int); INSERT INTO a VALUES (1), (1)");
		Files.writeString(this.folder.resolve("V2__b.sql"),
				"CREATE UNIQUE INDEX CONCURRENTLY u ON a (x); CREATE TABLE b ()");
		web(database).withPropertyValues(locations()).run((context) -> assertThat(context).hasFailed());
		unrestricted(database).withPropertyValues(locations())
			.run((context) -> assertThat(post(context, "/actuator/migrations/2",
					"{\"rank\": 2, \"as\": \"continue\", \"reason\": \"not needed\"}"))
				.hasStatusOk());
		assertThat(database.value("SELECT statements_done FROM tidemark_history WHERE rank = 3")).isEqualTo("1");
	}

	private void writeUndoable() throws IOException {
		Files.writeString(this.folder.resolve("V1__a.sql"), "CREATE TABLE a ()");
		Files.writeString(this.folder.resolve("U1__a.sql"), "DROP TABLE a");
		Files.writeString(this.folder.resolve("V2__b.sql"), "CREATE TABLE b (x int)");
		Files.writeString(this.folder.resolve("U2__b.sql"), "DROP TABLE b");
	}

	private WebApplicationContextRunner undoable(TestDatabase database) {
		return web(database).withPropertyValues(locations(), "management.endpoint.migrations.access=UNRESTRICTED");
	}

	private static MvcTestResult undo(AssertableWebApplicationContext context, String what) {
		return MockMvcTester.from(context)
			.post()
			.uri("/actuator/migrations")
			.contentType(MediaType.APPLICATION_JSON)
			.content("{\"reason\": \"rollback\", " + what + "}")
			.exchange();
	}

	/** The row of version 2 is the one of an instance that died. */
	private static void leaveInDoubt(TestDatabase database) {
		Runners.with(database).run((context) -> assertThat(context).hasNotFailed());
		database.execute("UPDATE tidemark_history SET state = 'interrupted' WHERE rank = 2");
	}

	private static MvcTestResult resolve(AssertableWebApplicationContext context, String more) {
		return resolve(context, "2", 2, more);
	}

	private static MvcTestResult resolve(AssertableWebApplicationContext context, String version, int rank,
			String more) {
		return post(context, "/actuator/migrations/" + version,
				"{\"rank\": " + rank + ", \"as\": \"applied\", \"reason\": \"looked at it\"" + more + "}");
	}

	private static MvcTestResult post(AssertableWebApplicationContext context, String path, String body) {
		return MockMvcTester.from(context)
			.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.content(body)
			.exchange();
	}

	private static WebApplicationContextRunner unrestricted(TestDatabase database) {
		return web(database).withPropertyValues("tidemark.mode=off",
				"management.endpoint.migrations.access=UNRESTRICTED");
	}

	static MvcTestResult get(AssertableWebApplicationContext context, String path) {
		return MockMvcTester.from(context).get().uri(path).exchange();
	}

	static WebApplicationContextRunner web(TestDatabase database) {
		return new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, TidemarkAutoConfiguration.class,
					TidemarkDatabasesAutoConfiguration.class, TidemarkTenantsAutoConfiguration.class,
					MigrationsEndpointAutoConfiguration.class, JacksonAutoConfiguration.class,
					HttpMessageConvertersAutoConfiguration.class, WebMvcAutoConfiguration.class,
					DispatcherServletAutoConfiguration.class, EndpointAutoConfiguration.class,
					WebEndpointAutoConfiguration.class, JacksonEndpointAutoConfiguration.class,
					WebMvcEndpointManagementContextConfiguration.class))
			.withInitializer((context) -> context.setId("shop"))
			.withPropertyValues(Runners.dataSource(database))
			.withPropertyValues("management.endpoints.web.exposure.include=migrations");
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpoint {

		@Bean
		MigrationsEndpoint ownEndpoint(ApplicationContext context) {
			return new MigrationsEndpoint(context, Duration.ofSeconds(1));
		}

	}

}
