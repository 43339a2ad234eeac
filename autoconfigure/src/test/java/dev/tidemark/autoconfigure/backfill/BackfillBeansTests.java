package dev.tidemark.autoconfigure.backfill;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.KeysOfBatch;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class BackfillBeansTests {

	private final TestDatabase database;

	private BackfillFiles files;

	BackfillBeansTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void files(@TempDir Path folder) {
		this.files = new BackfillFiles(folder).before(this.database);
	}

	private ApplicationContextRunner runner() {
		return Runners.with(this.database)
			.withConfiguration(
					AutoConfigurations.of(JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class))
			.withPropertyValues(this.files.location(), "tidemark.backfill.reads=now");
	}

	@Test
	void listenersAndThrottlesMayUseWhatWaitsForTheMigrations() {
		this.files.backfill("");
		runner().withUserConfiguration(Beans.class).run((context) -> {
			List<BackfillProgress> ended = context.getBean(Tidemark.class).backfills().work(BackfillScope.ALL);

			assertThat(ended).singleElement()
				.satisfies((backfill) -> assertThat(backfill.state()).isEqualTo(BackfillState.FINISHED));
			List<String> events = context.getBean(Beans.class).events;
			assertThat(events).startsWith("first started 500", "second started 500")
				.contains("asked 500", "first batch 500")
				.endsWith("first finished 500", "second finished 500");
		});
	}

	@Test
	void aThrottleThatDoesNotAnswerIsNamedAndStopsNothing() {
		this.files.backfill("");
		List<SignalReading> signals = new CopyOnWriteArrayList<>();
		runner().withBean("orders-queue", BackfillThrottle.class, () -> () -> {
			throw new IllegalStateException();
		}).withBean(BackfillListener.class, () -> new BackfillListener() {

			@Override
			public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
				signals.addAll(progress.signals());
			}

		}).run((context) -> {
			context.getBean(Tidemark.class).backfills().work(BackfillScope.ALL);

			assertThat(signals).filteredOn((signal) -> signal.signal().equals("orders-queue"))
				.isNotEmpty()
				.allSatisfy((signal) -> assertThat(signal.reason()).contains("IllegalStateException"));
		});
	}

	@Test
	void aBackfillMayBeABean() {
		this.database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
		runner().withBean(InJava.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("1|500");
			assertThat(this.database.rows("SELECT version, phase, state FROM tidemark_history ORDER BY rank"))
				.containsExactly("1|expand|applied", "5|backfill|applied");
		});
	}

	/** A backfill in Java. */
	static class InJava implements CodeBackfill {

		@Override
		public MigrationVersion version() {
			return MigrationVersion.of("5");
		}

		@Override
		public String description() {
			return "move";
		}

		@Override
		public String table() {
			return "users";
		}

		@Override
		public void run(KeysOfBatch batch, JdbcContext jdbc) {
			jdbc.client().sql("UPDATE users SET moved = moved + 1 WHERE " + batch.condition()).update();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Beans {

		private final List<String> events = new CopyOnWriteArrayList<>();

		@Bean
		@Order(2)
		BackfillListener second(JdbcClient jdbc) {
			return new Told("second", jdbc, this.events);
		}

		@Bean
		@Order(1)
		BackfillListener first(JdbcClient jdbc) {
			return new Told("first", jdbc, this.events);
		}

		@Bean
		BackfillThrottle own(JdbcClient jdbc) {
			return () -> {
				this.events.add("asked " + count(jdbc));
				return new SignalReading("own", Verdict.GO, null, "never", null);
			};
		}

		private static long count(JdbcClient jdbc) {
			return jdbc.sql("SELECT count(*) FROM users").query(Long.class).single();
		}

		private record Told(String name, JdbcClient jdbc, List<String> events) implements BackfillListener {

			@Override
			public void backfillStarted(RunScope scope, BackfillProgress progress) {
				this.events.add(this.name + " started " + count(this.jdbc));
			}

			@Override
			public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
				this.events.add(this.name + " batch " + count(this.jdbc));
			}

			@Override
			public void backfillEnded(RunScope scope, BackfillProgress progress) {
				this.events.add(this.name + " " + progress.state() + " " + count(this.jdbc));
			}

		}

	}

}
