package dev.tidemark.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.start.TidemarkInitializer;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class TidemarkAutoConfigurationTests {

	@Test
	void migratesWhenTheContextStarts(TestDatabase database) {
		Runners.with(database).run((context) -> {
			assertThat(context).hasSingleBean(Tidemark.class).hasSingleBean(TidemarkInitializer.class);
			assertThat(database.rows("SELECT version, description, state FROM tidemark_history ORDER BY rank"))
				.containsExactly("1|create customer|applied", "2|add email|applied", "|customer names|applied");
		});
	}

	@Test
	void isAbsentWithoutDatabase() {
		Runners.withoutDatabase()
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TidemarkInitializer.class));
	}

	@Test
	void anEmptyUrlIsNoDatabase() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TidemarkInitializer.class));
	}

	@Test
	void isAbsentWithoutDriver(TestDatabase database) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=" + database.jdbcUrl())
			.withClassLoader(new FilteredClassLoader("org.postgresql"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TidemarkInitializer.class));
	}

	@Test
	void isAbsentWhenDisabled(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("tidemark.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(Tidemark.class)
				.doesNotHaveBean(TidemarkInitializer.class));
	}

	@Test
	void backsOffFromAnOwnTidemarkButRunsIt(TestDatabase database) {
		Runners.withoutDatabase()
			.withBean("mine", Tidemark.class, () -> tidemark(database, "classpath:migrations/second"))
			.run((context) -> {
				assertThat(context).hasSingleBean(Tidemark.class).hasBean("mine");
				assertThat(database.value("SELECT to_regclass('invoice')")).isEqualTo("invoice");
			});
	}

	@Test
	void runsSeveralTidemarksInTheirOrder(TestDatabase database) {
		Runners.withoutDatabase()
			.withBean(TestDatabase.class, () -> database)
			.withUserConfiguration(TwoTidemarks.class)
			.run((context) -> assertThat(context.getBean(TwoTidemarks.class).ran).containsExactly("first", "second"));
	}

	@Test
	void backsOffFromAnOwnInitializer(TestDatabase database) {
		Runners.with(database).withUserConfiguration(OwnInitializer.class).run((context) -> {
			assertThat(context).hasSingleBean(TidemarkInitializer.class).hasBean("ownInitializer");
			assertThat(database.value("SELECT to_regclass('customer')")).isNull();
		});
	}

	@Test
	void customizersHaveTheLastWordInTheirOrder(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("tidemark.history.table=of_properties")
			.withUserConfiguration(TwoCustomizers.class)
			.run((context) -> assertThat(database.value("SELECT count(*) FROM of_second_customizer")).isEqualTo("3"));
	}

	@Test
	void tellsListenersInTheirOrder(TestDatabase database) {
		Runners.with(database)
			.withUserConfiguration(TwoListeners.class)
			.run((context) -> assertThat(context.getBean(TwoListeners.class).told).containsExactly("first", "second"));
	}

	@Test
	void usesTheClockOfTheApplication(TestDatabase database) {
		Clock clock = Clock.fixed(Instant.parse("2031-02-03T04:05:06Z"), ZoneOffset.UTC);
		Runners.with(database)
			.withBean(Clock.class, () -> clock)
			.run((context) -> assertThat(
					database.value("SELECT DISTINCT started_at AT TIME ZONE 'UTC' FROM tidemark_history"))
				.isEqualTo("2031-02-03 04:05:06"));
	}

	@Test
	void recordsApplicationVersionAndInstance(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("spring.application.name=shop", "spring.application.version=3.1", "HOSTNAME=pod-7")
			.run((context) -> assertThat(
					database.rows("SELECT DISTINCT application, application_version, instance FROM tidemark_history"))
				.containsExactly("shop|3.1|pod-7:" + ProcessHandle.current().pid()));
	}

	@Test
	void recordsTheVersionOfTheBuildIfThatIsAllThereIs(TestDatabase database) {
		Properties build = new Properties();
		build.setProperty("version", "4.2-build");
		Runners.with(database)
			.withBean(BuildProperties.class, () -> new BuildProperties(build))
			.run((context) -> assertThat(database.value("SELECT DISTINCT application_version FROM tidemark_history"))
				.isEqualTo("4.2-build"));
	}

	@Test
	void takesTheActiveProfilesForTheNamesOfTheEnvironment(TestDatabase database, @TempDir Path folder)
			throws IOException {
		Files.writeString(folder.resolve("V1__a.sql"), "-- tidemark: only=staging\nCREATE TABLE a ()");
		ApplicationContextRunner runner = Runners.with(database)
			.withPropertyValues("tidemark.locations=filesystem:" + folder);

		runner.run((context) -> assertThat(database.value("SELECT to_regclass('a')")).isNull());
		runner.withPropertyValues("spring.profiles.active=eu,staging", "tidemark.run.environments=test")
			.run((context) -> assertThat(database.value("SELECT to_regclass('a')")).isNull());
		runner.withPropertyValues("spring.profiles.active=eu,staging")
			.run((context) -> assertThat(database.value("SELECT to_regclass('a')")).isEqualTo("a"));
	}

	@Test
	void withoutAProfileTheEnvironmentIsTheDefaultOne(TestDatabase database, @TempDir Path folder) throws IOException {
		Files.writeString(folder.resolve("V1__a.sql"), "-- tidemark: only=default\nCREATE TABLE a ()");

		Runners.with(database)
			.withPropertyValues("tidemark.locations=filesystem:" + folder)
			.run((context) -> assertThat(database.value("SELECT to_regclass('a')")).isEqualTo("a"));
	}

	private static Tidemark tidemark(TestDatabase database, String location, RunListener... listeners) {
		Tidemark.Builder builder = Tidemark
			.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.locations(location)
			.historyTable("history_of_" + location.replaceAll("\\W", "_"))
			.baseline(Baseline.NOTHING, "shares the schema with another one");
		for (RunListener listener : listeners) {
			builder.listener(listener);
		}
		return builder.build();
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoTidemarks {

		private final List<String> ran = new ArrayList<>();

		@Bean
		@Order(2)
		Tidemark aSecond(TestDatabase database) {
			return tidemark(database, "classpath:migrations/second", telling("second"));
		}

		@Bean
		@Order(1)
		Tidemark first(TestDatabase database) {
			return tidemark(database, "classpath:db/migration", telling("first"));
		}

		private RunListener telling(String name) {
			return new Telling(this.ran, name);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnInitializer {

		@Bean
		TidemarkInitializer ownInitializer() {
			return new TidemarkInitializer(List.of(), Mode.MIGRATE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoCustomizers {

		@Bean
		@Order(2)
		TidemarkCustomizer second() {
			return (builder) -> builder.historyTable("of_second_customizer");
		}

		@Bean
		@Order(1)
		TidemarkCustomizer first() {
			return (builder) -> builder.historyTable("of_first_customizer");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoListeners {

		private final List<String> told = new ArrayList<>();

		@Bean
		@Order(2)
		RunListener second() {
			return new Telling(this.told, "second");
		}

		@Bean
		@Order(1)
		RunListener first() {
			return new Telling(this.told, "first");
		}

	}

	private record Telling(List<String> told, String name) implements RunListener {

		@Override
		public void runFinished(RunResult result) {
			this.told.add(this.name);
		}

	}

}
