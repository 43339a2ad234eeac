package dev.tidemark.autoconfigure.backfill;

import java.nio.file.Path;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.fixture.StartedApplication;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whole applications whose builds read what a backfill fills.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class ReadinessTests {

	private static final String MANUAL = "start=manual";

	private final TestDatabase database;

	private BackfillFiles files;

	ReadinessTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void files(@TempDir Path folder) {
		this.files = new BackfillFiles(folder).before(this.database);
	}

	private StartedApplication web(String... properties) {
		return StartedApplication.web(this.database, with(properties));
	}

	private String[] with(String... properties) {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 0, properties.length);
		all[properties.length] = this.files.location();
		return all;
	}

	private static void awaitAlive(StartedApplication application) {
		await().until(() -> application.get("health/liveness").status() == 200);
	}

	private static void letGoOn(StartedApplication application) {
		StartedApplication.Answer answer = application.post("migrations/2",
				"{\"action\": \"start\", \"reason\": \"now\"}");
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
	}

	@Test
	void anInstanceIsAliveAndNotReadyUntilWhatItReadsIsDone() {
		this.files.backfill(MANUAL);
		try (StartedApplication application = web()) {
			awaitAlive(application);

			assertThat(application.readiness()).isEqualTo(503);
			assertThat(application.get("health/readiness").body()).contains("OUT_OF_SERVICE");
			assertThat(application.isStarted()).isFalse();
			letGoOn(application);
			application.awaitStart();

			assertThat(application.readiness()).isEqualTo(200);
			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("1|500");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.backfill.enabled=false", "tidemark.mode=verify" })
	void anInstanceThatDoesNotWorkGetsReadyWhenAnotherOneIsDone(String property) {
		Tidemark other = this.files.tidemark(this.database);
		this.files.backfill("");
		try (StartedApplication application = web(property)) {
			awaitAlive(application);
			assertThat(application.readiness()).isEqualTo(503);
			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("0|500");

			other.backfills().work(BackfillScope.ALL);

			application.awaitStart();
			assertThat(application.readiness()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "now", "later" })
	void whatThisBuildDoesNotReadIsDoneBesideIt(String reads) {
		this.files.backfill("reads=" + reads);
		try (StartedApplication application = web()) {
			application.awaitStart();

			assertThat(application.readiness()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("1|500"));
		}
	}

	@Test
	void aBuildThatRequiresTheVersionWaitsForIt() {
		this.files.backfill("reads=later " + MANUAL);
		try (StartedApplication before = web(); StartedApplication after = web("tidemark.requires=2")) {
			before.awaitStart();
			awaitAlive(after);

			assertThat(before.readiness()).isEqualTo(200);
			assertThat(after.readiness()).isEqualTo(503);
			letGoOn(after);
			after.awaitStart();
			assertThat(after.readiness()).isEqualTo(200);
		}
	}

	@Test
	void aVersionThatIsRequiredAndUnknownEndsTheStart() {
		assertRefused("Version 77 is required", shown().withPropertyValues("tidemark.requires=77"));
	}

	@Test
	void oneThatMigratesInTheBackgroundWaitsForBoth() {
		this.files.write("V3__more.sql", "CREATE TABLE more ()").backfill(MANUAL);
		try (StartedApplication application = web("tidemark.mode=background")) {
			await().until(() -> this.database.value("SELECT to_regclass('more')") != null);
			awaitAlive(application);

			assertThat(application.readiness()).isEqualTo(503);
			letGoOn(application);
			application.awaitStart();
			assertThat(application.readiness()).isEqualTo(200);
		}
	}

	@Test
	void whereNobodyCouldSeeThatItWaitsTheStartFails() {
		this.files.backfill("");

		assertRefused("version 2 (", hidden());
		assertRefused("version 2 (", hidden().withBean("readinessStateHealthIndicator", Object.class, Object::new));
		assertRefused("version 2 (", shown().withPropertyValues("management.server.port=-1"));
		assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("0|500");
	}

	@Test
	void soItDoesForWhatASettingRequires() {
		this.files.backfill("reads=later");

		hidden().run((context) -> assertThat(context).hasNotFailed());
		assertRefused("version 2 (", hidden().withPropertyValues("tidemark.requires=2"));
		assertRefused("version 2 (",
				hidden().withPropertyValues("tidemark.requires=2", "tidemark.backfill.reads=later"));
		assertRefused("version 2 (", shown().withPropertyValues("tidemark.requires=2", "tidemark.backfill.reads=fail"));
	}

	@Test
	void aFileCannotHaveAProcessWaitThatCannot() {
		this.files.backfill("reads=ready");

		assertRefused("version 2 (", hidden());
		assertRefused("version 2 (", hidden().withPropertyValues("tidemark.backfill.reads=later"));
		assertRefused("version 2 (", shown().withPropertyValues("tidemark.backfill.reads=fail"));
		assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("0|500");
	}

	@Test
	void aFileMayWantTheStartToFail() {
		this.files.backfill("reads=fail");

		assertRefused("version 2 (", shown());
	}

	/** The process has no readiness. */
	private ApplicationContextRunner hidden() {
		return Runners.with(this.database).withPropertyValues(this.files.location());
	}

	/** The process shows its readiness. */
	private ApplicationContextRunner shown() {
		return hidden().withBean("readinessStateHealthIndicator", Object.class, Object::new)
			.withBean("healthEndpointWebExtension", Object.class, Object::new);
	}

	private static void assertRefused(String text, ApplicationContextRunner runner) {
		runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining(text)
			.asInstanceOf(InstanceOfAssertFactories.throwable(TidemarkException.class))
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.BACKFILL_REQUIRED));
		assertThat(ExitCode.of(ErrorCode.BACKFILL_REQUIRED)).isEqualTo(ExitCode.TRY_AGAIN_LATER);
	}

	@Test
	void aProcessThatNobodyAsksWaitsIfASettingWantsThat() {
		this.files.backfill("reads=ready");
		try (StartedApplication application = StartedApplication.plain(this.database,
				with("tidemark.backfill.reads=ready"))) {
			application.awaitStart();

			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("1|500");
		}
	}

	@Test
	void inANewDatabaseNobodyWaits(@TempDir Path folder) {
		new BackfillFiles(folder).write("V1__users.sql", "CREATE TABLE people (id bigint PRIMARY KEY, moved int)")
			.write("V2__move.backfill.sql",
					"-- tidemark: batch table=people\nUPDATE people SET moved = 1 WHERE {batch}");
		this.database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
		try (StartedApplication application = StartedApplication.plain(this.database,
				"tidemark.locations=filesystem:" + folder)) {
			application.awaitStart();

			assertThat(this.database.rows("SELECT phase FROM tidemark_history ORDER BY rank")).containsExactly("expand",
					"backfill");
		}
	}

}
