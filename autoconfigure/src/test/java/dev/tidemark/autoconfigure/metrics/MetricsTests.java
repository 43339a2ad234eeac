package dev.tidemark.autoconfigure.metrics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.metrics.buffering.BufferingApplicationStartup;
import org.springframework.boot.context.metrics.buffering.StartupTimeline.TimelineEvent;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(PostgresExtension.class)
class MetricsTests {

	private static final Path REFERENCE = Path.of("..", "docs", "reference", "metrics.md");

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void countsMigrationsByState(TestDatabase database) {
		with(database).withPropertyValues("tidemark.run.target=1").run((context) -> {
			assertThat(migrations(database, "applied")).isEqualTo(1);
			assertThat(migrations(database, "pending")).isEqualTo(2);
			assertThat(migrations(database, "failed")).isZero();
		});
	}

	@Test
	void readingGaugesAsksNoDatabase(TestDatabase database) {
		with(database).run((context) -> {
			database.execute("DROP TABLE tidemark_history");
			assertThat(migrations(database, "applied")).isEqualTo(3);
		});
	}

	@Test
	void tellsWhenTheLastRunSucceeded(TestDatabase database) {
		double before = System.currentTimeMillis() / 1000.0;
		with(database).run((context) -> assertThat(this.registry.get("tidemark.last.success")
			.tag("database", database.name())
			.tag("schema", "public")
			.gauge()
			.value()).isBetween(before, before + 60));
	}

	@Test
	void measuresWhatAVerificationFound(TestDatabase database) {
		double before = System.currentTimeMillis() / 1000.0;
		Runners.with(database).run((context) -> assertThat(context).hasNotFailed());
		with(database).withPropertyValues("tidemark.mode=verify").run((context) -> {
			assertThat(migrations(database, "applied")).isEqualTo(3);
			assertThat(migrations(database, "pending")).isZero();
			assertThat(this.registry.get("tidemark.last.success").gauge().value()).isBetween(before, before + 60);
			assertThat(this.registry.find("tidemark.run").timer()).isNull();
		});
	}

	@Test
	void measuresWhatAVerificationMissed(TestDatabase database) {
		with(database).withPropertyValues("tidemark.mode=verify").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(migrations(database, "pending")).isEqualTo(3);
			assertThat(this.registry.get("tidemark.last.success").gauge().value()).isZero();
		});
	}

	@Test
	void countsWhatARunHasDoneBeforeItFailed(TestDatabase database, @TempDir Path folder) throws Exception {
		Files.writeString(folder.resolve("V1__a.sql"), "CREATE TABLE a ()");
		Files.writeString(folder.resolve("V2__b.sql"), "SELECT oops");
		Files.writeString(folder.resolve("V3__c.sql"), "CREATE TABLE c ()");
		with(database).withPropertyValues("tidemark.locations=filesystem:" + folder).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(migrations(database, "applied")).isEqualTo(1);
			assertThat(migrations(database, "failed")).isEqualTo(1);
			assertThat(migrations(database, "pending")).isEqualTo(1);
			assertThat(this.registry.get("tidemark.last.success").gauge().value()).isZero();
		});
	}

	@Test
	void whatNobodyCanDecideCountsAsInterrupted(TestDatabase database, @TempDir Path folder) throws Exception {
		Files.writeString(folder.resolve("V1__a.sql"), "DO 'BEGIN COMMIT; PERFORM 1 / 0; END'");
		with(database).withPropertyValues("tidemark.locations=filesystem:" + folder).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(migrations(database, "interrupted")).isEqualTo(1);
			assertThat(migrations(database, "failed")).isZero();
		});
	}

	@Test
	void countsWhatStandsInTheWayOfARun(TestDatabase database) {
		Runners.with(database).run((context) -> assertThat(context).hasNotFailed());
		database.execute("UPDATE tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");
		with(database).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(migrations(database, "changed")).isEqualTo(1);
			assertThat(migrations(database, "applied")).isEqualTo(2);
		});
	}

	@Test
	void anUndoThatFailsAsAWholeChangesNothing(TestDatabase database, @TempDir Path folder) throws Exception {
		Files.writeString(folder.resolve("V1__a.sql"), "CREATE TABLE a ()");
		Files.writeString(folder.resolve("U1__a.sql"), "SELECT oops");
		with(database).withPropertyValues("tidemark.locations=filesystem:" + folder).run((context) -> {
			assertThatExceptionOfType(TidemarkException.class)
				.isThrownBy(() -> context.getBean(Tidemark.class).undo(UndoRequest.of(UndoSelection.last(1))));
			assertThat(migrations(database, "applied")).isEqualTo(1);
			assertThat(migrations(database, "failed")).isZero();
		});
	}

	@Test
	void timesTheWaitForTheLock(TestDatabase database) {
		with(database)
			.run((context) -> assertThat(this.registry.get("tidemark.lock.wait").timer().count()).isEqualTo(1));
	}

	@Test
	void timesEachMigrationAndTheRun(TestDatabase database) {
		with(database).run((context) -> {
			assertThat(
					this.registry.get("tidemark.run").tags("outcome", "applied", "error.code", "none").timer().count())
				.isEqualTo(1);
			assertThat(this.registry.get("tidemark.migration")
				.tags("kind", "versioned", "outcome", "applied", "error.code", "none")
				.timer()
				.count()).isEqualTo(2);
			assertThat(this.registry.get("tidemark.migration").tag("kind", "repeatable").timer().count()).isEqualTo(1);
			assertThat(this.registry.get("tidemark.run").timer().totalTime(TimeUnit.NANOSECONDS)).isPositive();
		});
	}

	@Test
	void timesWhatFailedWithItsCode(TestDatabase database) {
		with(database).withPropertyValues("tidemark.locations=classpath:migrations/failing").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(this.registry.get("tidemark.migration")
				.tags("outcome", "failed", "error.code", "TM-RUN-001")
				.timer()
				.count()).isEqualTo(1);
			assertThat(this.registry.get("tidemark.run")
				.tags("outcome", "failed", "error.code", "TM-RUN-001")
				.timer()
				.count()).isEqualTo(1);
		});
	}

	@Test
	void measuresAnUndo(TestDatabase database, @TempDir Path folder) throws Exception {
		for (int version = 1; version <= 2; version++) {
			Files.writeString(folder.resolve("V" + version + "__t.sql"), "CREATE TABLE t" + version + " ()");
			Files.writeString(folder.resolve("U" + version + "__t.sql"), "DROP TABLE t" + version);
		}
		with(database).withPropertyValues("tidemark.locations=filesystem:" + folder).run((context) -> {
			context.getBean(Tidemark.class).undo(UndoRequest.of(UndoSelection.last(2)));
			assertThat(migrations(database, "pending")).isEqualTo(2);
			assertThat(migrations(database, "applied")).isZero();
			assertThat(this.registry.get("tidemark.migration")
				.tags("kind", "undo", "outcome", "undone", "error.code", "none")
				.timer()
				.count()).isEqualTo(2);
			assertThat(this.registry.get("tidemark.run").tag("outcome", "undone").timer().count()).isEqualTo(1);
		});
	}

	@Test
	void observesMigrationsAsChildrenOfTheRun(TestDatabase database) {
		ObservationRegistry observations = ObservationRegistry.create();
		List<Observation.Context> stopped = new ArrayList<>();
		observations.observationConfig().observationHandler(new Stopped(stopped));
		Runners.with(database)
			.withConfiguration(AutoConfigurations.of(TidemarkObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> observations)
			.run((context) -> {
				assertThat(stopped).extracting(Observation.Context::getName)
					.containsExactly("tidemark.migration", "tidemark.migration", "tidemark.migration", "tidemark.run");
				assertThat(stopped.get(0).getParentObservation()).isNotNull();
				assertThat(stopped.get(0).getContextualName()).isEqualTo("tidemark migration 1");
				assertThat(stopped.get(0).getHighCardinalityKeyValue("script").getValue())
					.isEqualTo("db/migration/V1__create_customer.sql");
				assertThat(observations.getCurrentObservation()).isNull();
			});
	}

	@Test
	void tellsStartupStepsOfRunAndMigrations(TestDatabase database) {
		BufferingApplicationStartup startup = new BufferingApplicationStartup(2048);
		Runners.with(database).withInitializer((context) -> context.setApplicationStartup(startup)).run((context) -> {
			List<TimelineEvent> events = startup.getBufferedTimeline()
				.getEvents()
				.stream()
				.filter((event) -> event.getStartupStep().getName().startsWith("tidemark."))
				.toList();
			assertThat(events).extracting((event) -> event.getStartupStep().getName())
				.containsExactlyInAnyOrder("tidemark.run", "tidemark.migration", "tidemark.migration",
						"tidemark.migration");
			TimelineEvent run = events.stream()
				.filter((event) -> event.getStartupStep().getName().equals("tidemark.run"))
				.findFirst()
				.orElseThrow();
			assertThat(events).allSatisfy((event) -> assertThat(event.getStartupStep().getTags()).anySatisfy((tag) -> {
				assertThat(tag.getKey()).isEqualTo("tidemark");
				assertThat(tag.getValue()).isEqualTo("tidemark");
			}));
			assertThat(events).filteredOn((event) -> event != run)
				.allSatisfy((event) -> assertThat(event.getStartupStep().getParentId())
					.isEqualTo(run.getStartupStep().getId()));
		});
	}

	@Test
	void countsTenantsAndHasNoMeterForEachOfThem(TestDatabase database) {
		with(database).withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			assertThat(this.registry.get("tidemark.tenants")
				.tags("tidemark", "tidemark", "state", "migrated")
				.gauge()
				.value()).isEqualTo(2);
			assertThat(this.registry.get("tidemark.tenants").tag("state", "failed").gauge().value()).isZero();
			assertThat(this.registry.get("tidemark.tenants.last.success").gauge().value()).isPositive();
			assertThat(this.registry.find("tidemark.migrations").gauge()).isNull();
			assertThat(this.registry.getMeters()).noneMatch((meter) -> "acme".equals(meter.getId().getTag("schema")));
		});
	}

	@Test
	void tellsDatabasesApart(TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two")
			.run((context) -> {
				for (String name : List.of("one", "two")) {
					assertThat(this.registry.get("tidemark.migrations")
						.tags("tidemark", name, "state", "applied")
						.gauge()
						.value()).isEqualTo(3);
					assertThat(this.registry.get("tidemark.run").tag("tidemark", name).timer().count()).isEqualTo(1);
					assertThat(this.registry.get("tidemark.lock.wait").tag("tidemark", name).timer().count())
						.isEqualTo(1);
					assertThat(this.registry.get("tidemark.lock.retries").tag("tidemark", name).counter().count())
						.isZero();
					assertThat(this.registry.get("tidemark.migration")
						.tags("tidemark", name, "kind", "versioned")
						.timer()
						.count()).isEqualTo(2);
				}
			});
	}

	@Test
	void theReferenceNamesTheMetersOfTenants(TestDatabase database) throws Exception {
		String reference = Files.readString(REFERENCE);
		with(database).withPropertyValues("tidemark.tenants.schemas=acme")
			.run((context) -> assertThat(this.registry.getMeters())
				.filteredOn((meter) -> meter.getId().getName().startsWith("tidemark."))
				.allSatisfy((meter) -> assertThat(reference).contains("| `" + meter.getId().getName() + "` |")));
	}

	@Test
	void theReferenceNamesEveryMeter(TestDatabase database) throws Exception {
		String reference = Files.readString(REFERENCE);
		with(database).run((context) -> assertThat(this.registry.getMeters())
			.filteredOn((meter) -> meter.getId().getName().startsWith("tidemark."))
			.isNotEmpty()
			.allSatisfy((meter) -> {
				assertThat(reference).contains("| `" + meter.getId().getName() + "` |");
				meter.getId().getTags().forEach((tag) -> assertThat(reference).contains("`" + tag.getKey() + "`"));
			}));
	}

	private double migrations(TestDatabase database, String state) {
		return this.registry.get("tidemark.migrations")
			.tags("state", state, "database", database.name(), "schema", "public")
			.gauge()
			.value();
	}

	private ApplicationContextRunner with(TestDatabase database) {
		return Runners.with(database)
			.withBean(MeterRegistry.class, () -> this.registry)
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, ObservationAutoConfiguration.class,
					TidemarkMetricsAutoConfiguration.class, TidemarkObservationAutoConfiguration.class));
	}

	private record Stopped(List<Observation.Context> contexts) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			this.contexts.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
