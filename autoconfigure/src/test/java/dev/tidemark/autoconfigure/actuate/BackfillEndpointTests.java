package dev.tidemark.autoconfigure.actuate;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import dev.tidemark.Tenants;
import dev.tidemark.autoconfigure.backfill.BackfillFiles;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class BackfillEndpointTests {

	private static final String TIDEMARK = "$.contexts.shop.tidemarks.tidemark";

	private static final String TENANTS = "$.contexts.shop.tenants.tidemarkTenants";

	private final TestDatabase database;

	private BackfillFiles files;

	BackfillEndpointTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void files(@TempDir Path folder) {
		this.files = new BackfillFiles(folder).before(this.database).backfill("size=100 max-size=100");
	}

	private WebApplicationContextRunner web() {
		return MigrationsEndpointTests.web(this.database)
			.withPropertyValues("tidemark.mode=off", "management.endpoint.migrations.access=UNRESTRICTED",
					this.files.location());
	}

	private static MvcTestResult get(AssertableWebApplicationContext context, String path) {
		return MigrationsEndpointTests.get(context, "/actuator/migrations" + path);
	}

	private static MvcTestResult post(AssertableWebApplicationContext context, String path, String body) {
		return MockMvcTester.from(context)
			.post()
			.uri("/actuator/migrations" + path)
			.contentType(MediaType.APPLICATION_JSON)
			.content(body)
			.exchange();
	}

	private void work() {
		this.files.tidemark(this.database).backfills().work(BackfillScope.ALL);
	}

	@Test
	void whatWaitsIsListedWithItsReasonAndItsProgress() {
		web().run((context) -> {
			var json = assertThat(get(context, "")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".state").isEqualTo("up-to-date");
			json.extractingPath(TIDEMARK + ".pending").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".deviating").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".waiting[0].version").isEqualTo("2");
			json.extractingPath(TIDEMARK + ".waiting[0].phase").isEqualTo("backfill");
			json.extractingPath(TIDEMARK + ".waiting[0].state").isEqualTo("waiting");
			json.extractingPath(TIDEMARK + ".backfills[0].state").isEqualTo("waiting");
			json.extractingPath(TIDEMARK + ".backfills[0].rows").isEqualTo(0);
			json.extractingPath(TIDEMARK + ".backfills[0].required").isEqualTo(true);
		});
	}

	@Test
	void whereNoneIsLeftNoneIsListed() {
		work();
		web().run((context) -> {
			var json = assertThat(get(context, "")).hasStatusOk().bodyJson();
			json.doesNotHavePath(TIDEMARK + ".backfills");
			json.extractingPath(TIDEMARK + ".waiting").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".applied[*].phase").asArray().containsExactly("backfill", "expand");
		});
	}

	@Test
	void whatOneHasEndedByIsAProblemOfTheDatabaseUntilItGoesOn() {
		this.database.execute("ALTER TABLE users ADD CONSTRAINT few CHECK (id < 300 OR moved = 0)");
		work();
		web().run((context) -> {
			var json = assertThat(get(context, "")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".state").isEqualTo("up-to-date");
			json.extractingPath(TIDEMARK + ".problems[*].code").asArray().containsExactly("TM-BKF-005");
			assertThat(post(context, "/2", "{\"action\": \"resume\", \"reason\": \"mended\"}")).hasStatusOk();
			assertThat(get(context, "")).bodyJson().extractingPath(TIDEMARK + ".problems").asArray().isEmpty();
		});
	}

	@Test
	void oneIsShownWithItsBatches() {
		work();
		web().run((context) -> {
			var json = assertThat(get(context, "/2")).hasStatusOk().bodyJson();
			json.extractingPath(TIDEMARK + ".migration.phase").isEqualTo("backfill");
			json.extractingPath(TIDEMARK + ".backfill.state").isEqualTo("finished");
			json.extractingPath(TIDEMARK + ".backfill.percent").isEqualTo(100);
			json.extractingPath(TIDEMARK + ".backfill.rows").isEqualTo(500);
			json.extractingPath(TIDEMARK + ".backfill.signals").asArray();
			json.extractingPath(TIDEMARK + ".backfill.lastBatches").asArray();
			assertThat(get(context, "/1")).bodyJson().doesNotHavePath(TIDEMARK + ".backfill");
		});
	}

	@Test
	void aBackfillIsPausedResumedAndCancelled() {
		web().run((context) -> {
			assertThat(post(context, "/2", "{\"action\": \"pause\", \"reason\": \"the shop is slow\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.state")
				.isEqualTo("paused");
			work();
			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("0|500");
			assertThat(get(context, "/2")).bodyJson()
				.extractingPath(TIDEMARK + ".backfill.reason")
				.asString()
				.contains("the shop is slow");
			assertThat(post(context, "/2", "{\"action\": \"resume\", \"reason\": \"it is fast again\"}")).hasStatusOk();
			work();
			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("1|500");
			assertThat(post(context, "/2", "{\"action\": \"cancel\", \"reason\": \"enough\"}"))
				.hasStatus(HttpStatus.CONFLICT)
				.bodyJson()
				.extractingPath("$.problems[0].code")
				.isEqualTo("TM-BKF-009");
		});
	}

	@Test
	void aPaceIsReadAsFilesWriteIt() {
		this.files.backfill("start=manual");
		web().run((context) -> {
			assertThat(post(context, "/2", "{\"action\": \"start\", \"reason\": \"now\"}")).hasStatusOk();
			assertThat(post(context, "/2",
					"{\"action\": \"pace\", \"duty\": \"0.2\", \"maxWalPerSecond\": \"8MB\", \"reason\": \"slowly\"}"))
				.hasStatusOk();
			assertThat(post(context, "/2", "{\"action\": \"pace\", \"duty\": \"0\", \"reason\": \"slowly\"}"))
				.hasStatus(HttpStatus.BAD_REQUEST)
				.bodyJson()
				.extractingPath("$.problems[0].what")
				.asString()
				.contains("'duty'");
		});
	}

	@Test
	void aDryRunTellsWhatBatchesWouldDoAndLeavesNothing() {
		web().run((context) -> {
			var json = assertThat(post(context, "/2", "{\"action\": \"dry-run\", \"batches\": \"2\"}")).hasStatusOk()
				.bodyJson();
			json.extractingPath("$.batches.length()").isEqualTo(2);
			json.extractingPath("$.batches[0].rows").isEqualTo(100);
			json.extractingPath("$.batches[0].plans").asArray().isNotEmpty();
			json.extractingPath("$.batches[0].locks").asArray().isNotEmpty();
			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("0|500");
		});
	}

	@Test
	void allArePausedAtOnce() {
		web().run((context) -> {
			var json = assertThat(post(context, "", "{\"action\": \"pause-backfills\", \"reason\": \"a fire\"}"))
				.hasStatusOk()
				.bodyJson();
			json.extractingPath("$.paused.tidemark[0].version").isEqualTo("2");
			json.extractingPath("$.paused.tidemark[0].state").isEqualTo("paused");
			json.extractingPath("$.problems").asMap().isEmpty();
			work();
			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("0|500");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/2 | {"action": "hurry", "reason": "x"}    | 400 | TM-REP-002 | and may be resolve, start, pause, resume
			/2 | {"action": "pause"}                   | 400 | TM-REP-002 | lacks the field 'reason'
			/2 | {"action": "pace", "reason": "x"}     | 400 | TM-REP-002 | does not say which pace
			/2 | {"action": "dry-run", "batches": "0"} | 400 | TM-REP-002 | must be from 1 to 100
			/2 | {"reason": "x"}                       | 400 | TM-REP-002 | lacks the field 'rank'
			/1 | {"action": "pause", "reason": "x"}    | 409 | TM-BKF-009 | no backfill of version 1
			''  | {"action": "stop", "reason": "x"}     | 400 | TM-REP-002 | and may be undo, pause-backfills
			/2 | {"action": "pause", "reason": "x", "tidemark": "other"} | 400 | TM-VAL-010 | Nothing is named 'other'
			""")
	void whatCannotBeDoneIsToldWithItsReason(String path, String body, int status, String code, String what) {
		web().run((context) -> {
			var json = assertThat(post(context, path, body)).hasStatus(status).bodyJson();
			json.extractingPath("$.problems[0].code").isEqualTo(code);
			json.extractingPath("$.problems[0].what").asString().contains(what);
		});
	}

	@Test
	void whoMistypesAnActionIsShownOneThatThereIs() {
		web().run((context) -> {
			assertThat(post(context, "/2", "{\"action\": \"hurry\", \"reason\": \"x\"}")).bodyJson()
				.extractingPath("$.problems[0].remedy")
				.asString()
				.contains("{\"action\": \"pause\", ");
			assertThat(post(context, "", "{\"action\": \"stop\", \"reason\": \"x\"}")).bodyJson()
				.extractingPath("$.problems[0].remedy")
				.asString()
				.contains("{\"action\": \"pause-backfills\", ");
		});
	}

	@Test
	void writesAreOffUnlessAccessIsGranted() {
		MigrationsEndpointTests.web(this.database)
			.withPropertyValues("tidemark.mode=off", this.files.location())
			.run((context) -> {
				assertThat(post(context, "/2", "{\"action\": \"pause\", \"reason\": \"x\"}"))
					.hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
				assertThat(post(context, "", "{\"action\": \"pause-backfills\", \"reason\": \"x\"}"))
					.hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
			});
	}

	@Test
	void thoseOfAllTenantsAreShownTogetherAndPausedAndResumedAtOnce() {
		this.database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
		this.files.remove("V2__move.backfill.sql");
		Tenants before = Tenants.builder(this.files.tidemark(this.database), () -> List.of("acme", "globex")).build();
		before.migrate();
		this.files.backfill("size=100 max-size=100");
		web().withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			var json = assertThat(get(context, "")).hasStatusOk().bodyJson();
			json.extractingPath(TENANTS + ".state").isEqualTo("up-to-date");
			json.extractingPath(TENANTS + ".backfills[*].version").asArray().containsExactly("2");
			json.extractingPath(TENANTS + ".backfills[0].state").isEqualTo("waiting");
			assertThat(post(context, "", "{\"action\": \"pause-backfills\", \"reason\": \"a fire\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.paused.tidemarkTenants[0].state")
				.isEqualTo("paused");
			before.backfills().work(BackfillScope.ALL);
			assertThat(this.database.value("SELECT sum(moved) FROM globex.users")).isEqualTo("0");
			assertThat(post(context, "/2",
					"{\"action\": \"resume\", \"reason\": \"out\", \"tidemark\": \"tidemarkTenants\"}"))
				.hasStatusOk();
			before.backfills().work(BackfillScope.ALL);
			assertThat(this.database.value("SELECT sum(moved) FROM acme.users")).isEqualTo("500");
			assertThat(this.database.value("SELECT sum(moved) FROM globex.users")).isEqualTo("500");
			assertThat(get(context, "")).bodyJson().doesNotHavePath(TENANTS + ".backfills");
		});
	}

	@Test
	void ofSeveralDatabasesTheNamedOneIsMeantAndAllArePaused() {
		web()
			.withPropertyValues("tidemark.databases.one.schema=public", "tidemark.databases.two.schema=two",
					"tidemark.databases.two.locations=classpath:none", "tidemark.files.fail-on-missing-locations=false")
			.run((context) -> {
				assertThat(post(context, "/2",
						"{\"action\": \"pause\", \"reason\": \"x\", \"tidemark\": \"oneTidemark\"}"))
					.hasStatusOk();
				assertThat(post(context, "/2", "{\"action\": \"resume\", \"reason\": \"x\"}")).hasStatusOk();
				var json = assertThat(post(context, "", "{\"action\": \"pause-backfills\", \"reason\": \"x\"}"))
					.hasStatusOk()
					.bodyJson();
				json.extractingPath("$.paused.oneTidemark[0].version").isEqualTo("2");
				json.extractingPath("$.paused.twoTidemark").asArray().isEmpty();
			});
	}

}
