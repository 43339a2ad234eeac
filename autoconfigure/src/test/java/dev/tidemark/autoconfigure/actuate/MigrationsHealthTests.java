package dev.tidemark.autoconfigure.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

@ExtendWith(PostgresExtension.class)
class MigrationsHealthTests {

	@Test
	void isUpWhenAllIsApplied(TestDatabase database) {
		with(database).run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails())
				.isEqualTo(Map.of("state", "up-to-date", "version", "2", "pending", List.of(), "problems", List.of()));
		});
	}

	@Test
	void listsWhatIsPending(TestDatabase database) {
		with(database).withPropertyValues("tidemark.mode=off").run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).containsEntry("state", "pending")
				.containsEntry("pending", List.of("1", "2", "customer names"));
		});
	}

	@Test
	void ofManyThatArePendingTheFirstAreListedAndAllCounted(TestDatabase database, @TempDir Path folder)
			throws IOException {
		for (int version = 1; version <= 25; version++) {
			Files.writeString(folder.resolve("V" + version + "__t.sql"), "SELECT 1");
		}
		with(database).withPropertyValues("tidemark.mode=off", "tidemark.locations=filesystem:" + folder)
			.run((context) -> assertThat(health(context).getDetails()).containsEntry("pendingCount", 25)
				.extractingByKey("pending", LIST)
				.hasSize(20)
				.startsWith("1", "2"));
	}

	@Test
	void isDownWhenAnAppliedFileChanged(TestDatabase database) {
		with(database).run((context) -> {
			database.execute("UPDATE tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");
			assertDown(health(context), "TM-VAL-001");
		});
	}

	@Test
	void isDownWhenAMigrationWasInterrupted(TestDatabase database) {
		with(database).run((context) -> {
			database.execute("UPDATE tidemark_history SET state = 'running', statements_done = 1 WHERE version = '2'");
			assertDown(health(context), "TM-VAL-006");
		});
	}

	@Test
	void isDownWhenAMigrationFailedHalfWay(TestDatabase database) {
		with(database).run((context) -> {
			database.execute("UPDATE tidemark_history SET state = 'failed', statements_done = 1 WHERE version = '2'");
			assertDown(health(context), "TM-VAL-005");
		});
	}

	@Test
	void isDownWithTheCodeOfAFailureThatLeftNothingBehind(TestDatabase database) {
		String failing = "tidemark.locations=classpath:migrations/failing";
		with(database).withPropertyValues(failing).run((context) -> assertThat(context).hasFailed());
		with(database).withPropertyValues(failing, "tidemark.mode=off")
			.run((context) -> assertDown(health(context), "TM-RUN-001"));
	}

	@Test
	void isUnknownWhenTheDatabaseDoesNotAnswer(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.mode=off", "spring.datasource.url=jdbc:postgresql://localhost:1/x",
					"spring.datasource.password=hidden-secret")
			.run((context) -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
				assertThat(health(context).getDetails()).containsEntry("state", "unreachable")
					.asString()
					.doesNotContain("hidden-secret");
			});
	}

	@Test
	void tellsSeveralTidemarksApart(TestDatabase database) {
		with(database).withBean("one", Tidemark.class, () -> tidemark(database, "one_history"))
			.withBean("two", Tidemark.class, () -> tidemark(database, "two_history"))
			.withPropertyValues("tidemark.mode=off")
			.run((context) -> assertThat(
					context.getBean("migrationsHealthContributor", CompositeHealthContributor.class).stream())
				.extracting(CompositeHealthContributor.Entry::name)
				.containsExactly("one", "two"));
	}

	@Test
	void isDownWhenATenantIsBlocked(TestDatabase database) {
		with(database).withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			database.execute("UPDATE acme.tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			assertThat(health(context).getDetails()).containsEntry("state", "blocked")
				.containsEntry("blocked", List.of("acme"));
		});
	}

	@Test
	void isAbsentWhenSwitchedOff(TestDatabase database) {
		with(database).withPropertyValues("management.health.migrations.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthContributor.class));
	}

	@Test
	void backsOffFromAnOwnIndicator(TestDatabase database) {
		with(database).withBean("migrationsHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthContributor.class));
	}

	private static void assertDown(Health health, String code) {
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("state", "blocked").containsEntry("problems", List.of(code));
	}

	private static Health health(ApplicationContext context) {
		Health health = context.getBean("migrationsHealthContributor", HealthIndicator.class).health();
		assertThat(health).isNotNull();
		return health;
	}

	private static ApplicationContextRunner with(TestDatabase database) {
		return Runners.with(database)
			.withConfiguration(AutoConfigurations.of(MigrationsHealthContributorAutoConfiguration.class));
	}

	private static Tidemark tidemark(TestDatabase database, String historyTable) {
		return Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.historyTable(historyTable)
			.build();
	}

}
