package dev.tidemark.test.clone;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(PostgresExtension.class)
@Timeout(120)
class SparesTests {

	private final TestDatabase server;

	private final TemplateDatabase template;

	SparesTests(TestDatabase server, @TempDir Path folder) {
		this.server = server;
		this.template = new Migrations(folder).add("V1__item.sql", "CREATE TABLE item (id int)").templateOn(server);
	}

	@BeforeEach
	void noOthers() {
		Spares.dropAll();
	}

	@Test
	void theNextCloneIsMadeAhead() {
		try (DatabaseClone first = this.template.newClone()) {
			String oid = oid(awaitSpare(first));

			try (DatabaseClone second = this.template.newClone()) {
				assertThat(oid(second.name())).isEqualTo(oid);
				assertThat(Query.value(second, "SELECT count(*) FROM item")).isEqualTo("0");
			}
		}
	}

	@Test
	void aSpareThatNobodyKeepsIsNotTaken() {
		try (DatabaseClone first = this.template.newClone()) {
			String spare = awaitSpare(first);
			this.server.execute("SELECT pg_terminate_backend(pid) " + Migrations.keeperOf(spare));
			Migrations.awaitUnkept(this.server, spare);

			try (DatabaseClone second = this.template.newClone()) {
				assertThat(Query.value(second, "SELECT count(*) FROM item")).isEqualTo("0");
			}
			assertThat(Migrations.databases(this.server)).doesNotContain(spare);
		}
	}

	@Test
	void noneIsLeftAtTheEnd() {
		try (DatabaseClone first = this.template.newClone()) {
			String spare = awaitSpare(first);

			Spares.dropAll();
			assertThat(Migrations.databases(this.server)).doesNotContain(spare);
		}
	}

	/** Clones of other tests, whose contexts are still open, have a keeper too. */
	private String awaitSpare(DatabaseClone clone) {
		String youngest = "SELECT datname FROM pg_database WHERE datname LIKE 'tidemark\\_clone\\_%' AND oid > "
				+ oid(clone.name());
		await().atMost(Duration.ofSeconds(60)).until(() -> this.server.rows(youngest).size() == 1);
		return this.server.rows(youngest).get(0);
	}

	private String oid(String database) {
		return this.server.rows("SELECT oid FROM pg_database WHERE datname = '" + database + "'").get(0);
	}

}
