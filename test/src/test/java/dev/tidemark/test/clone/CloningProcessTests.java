package dev.tidemark.test.clone;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Test runs in JVMs of their own.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class CloningProcessTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final TestDatabase database;

	private final Migrations migrations;

	CloningProcessTests(TestDatabase database, @TempDir Path folder) {
		this.database = database;
		this.migrations = new Migrations(folder).add("V1__item.sql", "CREATE TABLE item (id int)");
	}

	@Test
	void processesThatStartAtOnceMakeOneTemplate() throws IOException {
		this.migrations.add("V2__slow.sql", "SELECT pg_sleep(1)");
		int templates = Migrations.templates(this.database).size();
		try (CloningProcess first = start(); CloningProcess second = start(); CloningProcess third = start()) {
			Set<String> clones = Set.of(first.awaitClone(), second.awaitClone(), third.awaitClone());

			assertThat(Migrations.databases(this.database)).containsAll(clones);
			assertThat(Migrations.templates(this.database)).hasSize(templates + 1);
			assertThat(this.migrations.templateOn(this.database)).satisfies(this::needsNoMigration);
			first.end();
			second.end();
			third.end();
			assertThat(Migrations.databases(this.database)).doesNotContainAnyElementsOf(clones);
		}
	}

	private void needsNoMigration(TemplateDatabase template) {
		template.newClone().close();
		assertThat(this.migrations.runs()).isZero();
	}

	@Test
	void theCloneOfAKilledProcessIsDroppedByTheNext() throws IOException {
		try (CloningProcess process = start()) {
			String clone = process.awaitClone();
			process.kill();
			Migrations.awaitUnkept(this.database, clone);
			assertThat(Migrations.databases(this.database)).contains(clone);

			needsNoMigration(this.migrations.templateOn(this.database));
			assertThat(Migrations.databases(this.database)).doesNotContain(clone);
		}
	}

	@Test
	void aProcessThatIsKilledHalfWayLeavesNoTemplate() {
		this.migrations.add("V2__endless.sql", "CREATE TABLE half (id int); SELECT pg_sleep(600)");
		int templates = Migrations.templates(this.database).size();
		try (CloningProcess process = start()) {
			String sleeping = "SELECT datname FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND datname LIKE 'tidemark%'";
			await().atMost(PATIENCE).until(() -> this.database.value(sleeping) != null);
			String building = this.database.value(sleeping);
			assertThat(building).startsWith("tidemark_building_");
			process.kill();
			// The server notices only when the statement is done.
			this.database
				.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + building + "'");
			Migrations.awaitUnkept(this.database, building);
			await().atMost(PATIENCE)
				.until(() -> this.database.rows("SELECT pid FROM pg_stat_activity WHERE datname = '" + building + "'")
					.isEmpty());
			assertThat(Migrations.templates(this.database)).hasSize(templates);

			this.migrations.add("V2__endless.sql", "CREATE TABLE half (id int)");
			try (DatabaseClone clone = this.migrations.templateOn(this.database).newClone()) {
				assertThat(Query.value(clone, "SELECT count(*) FROM half")).isEqualTo("0");
			}
			assertThat(Migrations.databases(this.database)).doesNotContain(building);
		}
	}

	private CloningProcess start() {
		return CloningProcess.start(this.database, this.migrations);
	}

}
