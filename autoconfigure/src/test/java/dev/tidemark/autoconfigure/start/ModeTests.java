package dev.tidemark.autoconfigure.start;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;

import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.HotStandby;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class ModeTests {

	private static final String CUSTOMER = "SELECT to_regclass('customer')";

	@Test
	void verifyRefusesADatabaseThatLacksMigrationsAndChangesNothing(TestDatabase database) {
		Runners.with(database).withPropertyValues("tidemark.mode=verify").run((context) -> {
			assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(throwable(TidemarkException.class))
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.PENDING);
			assertThat(database.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
				.isEqualTo("0");
		});
	}

	@Test
	void verifyAcceptsADatabaseThatIsUpToDate(TestDatabase database) {
		Runners.with(database).run((context) -> assertThat(context).hasNotFailed());
		Runners.with(database)
			.withPropertyValues("tidemark.mode=verify")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "verify", "migrate" })
	void aStandbyIsVerified(String mode, @TempDir Path folder, CapturedOutput output) {
		try (HotStandby standby = HotStandby.start(folder,
				(primary) -> Runners.with(primary).withPropertyValues("tidemark.run.target=1").run((context) -> {
				}))) {
			ApplicationContextRunner runner = Runners.with(standby.database())
				.withPropertyValues("tidemark.mode=" + mode);
			runner.withPropertyValues("tidemark.run.target=1").run((context) -> assertThat(context).hasNotFailed());
			runner.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(throwable(TidemarkException.class))
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.PENDING));
			assertThatStatusIsPrinted(runner, output);
		}
	}

	private static void assertThatStatusIsPrinted(ApplicationContextRunner runner, CapturedOutput output) {
		List<Integer> codes = new ArrayList<>();
		runner.withPropertyValues("tidemark.mode=status", "tidemark.status.pending-exit-code=3")
			.withBean(JvmExit.class, () -> codes::add)
			.run((context) -> assertThat(codes).containsExactly(3));
		assertThat(output).contains("schema public, version 1: 2 migrations are pending.");
	}

	@Test
	void offRunsNothingAndSaysSo(TestDatabase database, CapturedOutput output) {
		Runners.with(database).withPropertyValues("tidemark.mode=off").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(database.value(CUSTOMER)).isNull();
			assertThat(output).containsOnlyOnce("No migration runs: tidemark.mode=off");
		});
	}

	@Test
	void offAsYamlReadsItIsOff(TestDatabase database) {
		Runners.with(database)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("yaml", Map.of("tidemark.mode", false))))
			.run((context) -> assertThat(context.getBean(TidemarkProperties.class).mode()).isEqualTo(Mode.OFF));
	}

	@Test
	void aDecisionIsCarriedOutOnceBeforeTheRun(TestDatabase database, CapturedOutput output) {
		Runners.with(database).run((context) -> assertThat(context).hasNotFailed());
		database.execute("UPDATE tidemark_history SET state = 'interrupted' WHERE rank = 2");
		String[] decision = { "tidemark.resolve.migration=2", "tidemark.resolve.rank=2", "tidemark.resolve.as=applied",
				"tidemark.resolve.reason=looked at it" };

		Runners.with(database).run((context) -> assertThat(context).hasFailed());
		Runners.with(database).withPropertyValues(decision).run((context) -> assertThat(context).hasNotFailed());
		assertThat(database.value("SELECT note FROM tidemark_history ORDER BY rank DESC LIMIT 1"))
			.isEqualTo("looked at it");
		Runners.with(database).withPropertyValues(decision).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("tidemark.resolve has nothing to do for '2'");
	}

	@Test
	@Timeout(60)
	void aDecisionWaitsForAnotherInstanceAsLongAsTheRunDoes(TestDatabase database) throws SQLException {
		Runners.with(database).run((context) -> assertThat(context).hasNotFailed());
		database.execute("UPDATE tidemark_history SET state = 'interrupted' WHERE rank = 2");
		try (Connection other = database.connect(); Statement statement = other.createStatement()) {
			statement.execute("""
					SELECT pg_advisory_lock(('x' || left(encode(
					  sha256('tidemark "public"."tidemark_history"'), 'hex'), 16))::bit(64)::bigint)""");
			Runners.with(database)
				.withPropertyValues("tidemark.resolve.migration=2", "tidemark.resolve.rank=2",
						"tidemark.resolve.as=applied", "tidemark.locks.wait-timeout=100ms")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.asInstanceOf(throwable(TidemarkException.class))
					.extracting(TidemarkException::code)
					.isEqualTo(ErrorCode.INSTANCE_LOCK));
		}
		assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("3");
	}

	@Test
	void aDecisionNeedsToSayWhat(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("tidemark.resolve.migration=2")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("tidemark.resolve.as"));
	}

	@Test
	void migrateAndExitMigratesAndEndsWithZero(TestDatabase database) {
		List<Integer> codes = new ArrayList<>();
		observed(database, codes).run((context) -> {
			assertThat(codes).containsExactly(0);
			assertThat(database.value(CUSTOMER)).isEqualTo("customer");
		});
	}

	@Test
	void migrateAndExitFailsTheStartWhenAMigrationFails(TestDatabase database) {
		List<Integer> codes = new ArrayList<>();
		observed(database, codes).withPropertyValues("tidemark.locations=classpath:migrations/failing")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(codes).isEmpty();
			});
	}

	@Test
	void migrateAndExitMigratesTenants(TestDatabase database) {
		List<Integer> codes = new ArrayList<>();
		observed(database, codes).withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			assertThat(codes).containsExactly(0);
			assertThat(database.value("SELECT to_regclass('globex.customer')")).isEqualTo("globex.customer");
		});
	}

	@Test
	void verifyRefusesTenantsThatLackMigrations(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("tidemark.mode=verify", "tidemark.tenants.schemas=acme")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("TM-TEN-001", "TM-VAL-007 Schema \"acme\""));
		assertThat(database.value("SELECT to_regnamespace('acme')")).isNull();
	}

	@Test
	void thePauseBetweenAttemptsGrowsToTenMinutesOrStaysAsItIs() {
		assertThat(BackgroundMigration.longer(Duration.ofSeconds(10))).hasSeconds(20);
		assertThat(BackgroundMigration.longer(Duration.ofMinutes(9))).hasMinutes(10);
		assertThat(BackgroundMigration.longer(Duration.ofMinutes(10))).hasMinutes(10);
		assertThat(BackgroundMigration.longer(Duration.ofMinutes(30))).hasMinutes(30);
	}

	private static ApplicationContextRunner observed(TestDatabase database, List<Integer> codes) {
		return Runners.with(database)
			.withPropertyValues("tidemark.mode=migrate-and-exit")
			.withBean(JvmExit.class, () -> codes::add);
	}

}
