package dev.tidemark.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.LiveTraffic;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long readers wait for a migration of their table behind a report, with Tidemark and
 * with Flyway as they come.
 */
@Tag("proof")
@Timeout(300)
@ExtendWith(PostgresExtension.class)
class LiveLockComparisonTests {

	private static final Duration REPORT = Duration.ofSeconds(30);

	private static final Duration BASELINE = Duration.ofSeconds(5);

	private final TestDatabase database;

	@TempDir
	private Path folder;

	LiveLockComparisonTests(TestDatabase database) {
		this.database = database;
	}

	@Test
	void withTidemarkTheyWaitForLessThanOneAttempt() throws Exception {
		assertThat(slowestRead("Tidemark", this::tidemark)).isLessThan(Duration.ofSeconds(1));
	}

	@Test
	void withFlywayTheyWaitForTheReport() throws Exception {
		assertThat(slowestRead("Flyway", this::flyway)).isGreaterThan(Duration.ofSeconds(1));
	}

	private void tidemark() {
		Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))
			.locations("filesystem:" + this.folder)
			.build()
			.migrate();
	}

	private void flyway() {
		Flyway.configure()
			.dataSource(this.database.jdbcUrl(), this.database.user(), this.database.password())
			.locations("filesystem:" + this.folder)
			.load()
			.migrate();
	}

	private Duration slowestRead(String name, Runnable migrate) throws Exception {
		add("V1__a.sql", "CREATE TABLE a (id int, x int); INSERT INTO a SELECT n, 0 FROM generate_series(0, 99) AS n");
		migrate.run();
		add("V2__b.sql", "ALTER TABLE a ADD COLUMN y int");
		try (LiveTraffic traffic = new LiveTraffic(this.database).readers(4)
			.writers(2)
			.transactions(3, Duration.ofMillis(20))) {
			Future<Long> report = traffic.report(REPORT);
			Duration baseline = traffic.slowestReadWithin(BASELINE);
			migrate.run();
			Duration late = Duration.ofNanos(System.nanoTime() - report.get());
			Duration slowest = traffic.slowestRead();
			System.out.println("Live lock with " + name + ": slowest read " + slowest.toMillis() + " ms, before "
					+ baseline.toMillis() + " ms; applied " + late.toMillis() + " ms after the report");
			return slowest;
		}
	}

	private void add(String name, String sql) throws Exception {
		Files.writeString(this.folder.resolve(name), sql);
	}

}
