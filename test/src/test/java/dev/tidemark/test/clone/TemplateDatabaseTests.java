package dev.tidemark.test.clone;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@ExtendWith(PostgresExtension.class)
@Timeout(120)
class TemplateDatabaseTests {

	private final TestDatabase original;

	private final Migrations migrations;

	TemplateDatabaseTests(TestDatabase original, @TempDir Path folder) {
		this.original = original;
		this.migrations = new Migrations(folder).add("V1__item.sql",
				"CREATE TABLE item (id int PRIMARY KEY); INSERT INTO item VALUES (1)");
	}

	@Test
	void aCloneHasTablesDataAndHistory() {
		try (DatabaseClone clone = template().newClone()) {
			assertThat(Query.value(clone, "SELECT current_database()")).isEqualTo(clone.name());
			assertThat(Query.value(clone, "SELECT id FROM item")).isEqualTo("1");
			assertThat(Query.value(clone, "SELECT state FROM tidemark_history WHERE version = '1'"))
				.isEqualTo("applied");
		}
	}

	@Test
	void theDefaultIsWhatLiesOnTheClassPath() {
		try (DatabaseClone clone = TemplateDatabase
			.on(this.original.jdbcUrl(), this.original.user(), this.original.password())
			.newClone()) {
			assertThat(Query.value(clone, "SELECT name FROM customer_names")).isEqualTo("Ada");
		}
	}

	@Test
	void onlyTheFirstCloneMigrates() {
		template().newClone().close();
		template().newClone().close();

		assertThat(this.migrations.runs()).isEqualTo(1);
	}

	@Test
	void aCloneDoesNotSeeWhatAnotherTestDoes() {
		try (DatabaseClone first = template().newClone(); DatabaseClone second = template().newClone()) {
			Query.execute(first, "INSERT INTO item VALUES (2)");

			assertThat(Query.value(second, "SELECT count(*) FROM item")).isEqualTo("1");
			assertThat(first.name()).isNotEqualTo(second.name());
		}
	}

	@Test
	void anEditedFileMakesAnotherTemplate() {
		template().newClone().close();
		this.migrations.add("V1__item.sql", "CREATE TABLE item (id bigint PRIMARY KEY)");

		try (DatabaseClone clone = template().newClone()) {
			assertThat(Query.value(clone, "SELECT count(*) FROM item")).isEqualTo("0");
		}
		assertThat(this.migrations.runs()).isEqualTo(2);
	}

	@Test
	void anotherSearchPathMakesAnotherTemplate() {
		this.migrations.add("V0__schema.sql", "CREATE SCHEMA IF NOT EXISTS public");
		template().newClone().close();
		TemplateDatabase other = this.migrations.template(this.original.jdbcUrl() + "?options=-c%20enable_sort=on",
				this.original.user(), this.original.password());
		other.newClone().close();
		assertThat(this.migrations.runs()).isEqualTo(1);

		other = this.migrations.template(this.original.jdbcUrl() + "?currentSchema=public,pg_temp",
				this.original.user(), this.original.password());
		other.newClone().close();
		assertThat(this.migrations.runs()).isEqualTo(2);
	}

	@Test
	void theDatabaseOfTheUrlStaysUntouched() {
		template().newClone().close();

		assertThat(this.original.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
			.isEmpty();
	}

	@Test
	void theDatabaseOfTheUrlNeedNotExist() {
		TemplateDatabase template = this.migrations.template(PostgresServer.shared().jdbcUrl("nowhere"),
				this.original.user(), this.original.password());

		try (DatabaseClone clone = template.newClone()) {
			assertThat(Query.value(clone, "SELECT id FROM item")).isEqualTo("1");
		}
	}

	@Test
	void closingDropsTheCloneWhoeverIsConnected() throws SQLException {
		DatabaseClone clone = template().newClone();
		try (Connection lingering = clone.dataSource().getConnection()) {
			clone.close();

			assertThat(Migrations.databases(this.original)).doesNotContain(clone.name());
			assertThat(lingering.isValid(5)).isFalse();
		}
	}

	@Test
	void theTemplateIsProtected() {
		List<String> before = Migrations.templates(this.original);
		template().newClone().close();

		assertThat(this.original.rows("SELECT datname, datistemplate, datallowconn FROM pg_database"
				+ " WHERE datname LIKE 'tidemark\\_template\\_%'"))
			.filteredOn((row) -> !before.contains(row.substring(0, row.indexOf('|'))))
			.singleElement()
			.asString()
			.endsWith("|t|f");
	}

	@Test
	void aMigrationThatFailsLeavesNothingBehind() {
		this.migrations.add("V2__wrong.sql", "CREATE TABLE item (id int)");
		List<String> before = Migrations.databases(this.original);

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> template().newClone())
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.STATEMENT);
		assertThat(Migrations.databases(this.original)).isEqualTo(before);
	}

	@Test
	void settingsAndRightsOfTheDatabaseAreCopied() {
		this.original.execute("DROP ROLE IF EXISTS clone_reader; CREATE ROLE clone_reader");
		this.migrations.add("V2__database.sql", """
				DO $$
				BEGIN
				  EXECUTE format('ALTER DATABASE %I SET search_path = "a b", public', current_database());
				  EXECUTE format('ALTER DATABASE %I SET app.tenant = ''it''''s''', current_database());
				  EXECUTE format('ALTER ROLE clone_reader IN DATABASE %I SET work_mem = ''7MB''', current_database());
				  EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database());
				  EXECUTE format('GRANT CONNECT ON DATABASE %I TO clone_reader', current_database());
				END $$""");
		try (DatabaseClone clone = template().newClone()) {
			assertThat(Query.value(clone, "SHOW search_path")).isEqualTo("\"a b\", public");
			assertThat(Query.value(clone, "SHOW app.tenant")).isEqualTo("it's");
			assertThat(Query.value(clone, "SELECT setconfig[1] FROM pg_db_role_setting s JOIN pg_database d"
					+ " ON d.oid = s.setdatabase WHERE setrole = 'clone_reader'::regrole AND datname = current_database()"))
				.isEqualTo("work_mem=7MB");
			assertThat(Query.value(clone,
					"SELECT has_database_privilege('clone_reader', current_database(), 'CONNECT')"
							+ " AND NOT has_database_privilege('pg_monitor', current_database(), 'CONNECT')"))
				.isEqualTo("t");
		}
		finally {
			// Its template would keep the role.
			dropTemplates();
			this.original.execute("DROP ROLE clone_reader");
		}
	}

	private void dropTemplates() {
		Spares.dropAll();
		Migrations.templates(this.original).forEach((name) -> {
			this.original.execute("ALTER DATABASE " + name + " IS_TEMPLATE false");
			this.original.execute("DROP DATABASE " + name);
		});
	}

	@Test
	void theTemplateMayBeginAsACopy() {
		this.original.execute("CREATE SCHEMA palette; CREATE TYPE palette.colour AS ENUM ('red')");
		this.migrations.add("V2__colour.sql", "ALTER TABLE item ADD colour palette.colour");

		try (DatabaseClone clone = template().from(this.original.name()).newClone()) {
			assertThat(Query.value(clone, "SELECT 'red'::palette.colour")).isEqualTo("red");
		}
	}

	@Test
	void whatTheServerRefusesIsTold() throws SQLException {
		try (Connection lingering = this.original.connect()) {
			assertThat(lingering.isValid(5)).isTrue();
			assertThatExceptionOfType(TidemarkException.class)
				.isThrownBy(() -> template().from(this.original.name()).newClone())
				.withMessageContaining("SQLSTATE 55006")
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.CLONE_FAILED);
		}
	}

	@Test
	void aLargeTemplateIsCopiedToo() {
		this.migrations.add("V2__fill.sql",
				"CREATE TABLE large AS SELECT repeat('x', 1000) FROM generate_series(1, 70000)");
		try (DatabaseClone clone = template().newClone()) {
			assertThat(Query.value(clone, "SELECT count(*) FROM large")).isEqualTo("70000");
		}
	}

	@Test
	void threadsThatAskAtOnceMakeOneTemplate() throws Exception {
		this.migrations.add("V2__slow.sql", "SELECT pg_sleep(0.3)");
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			Callable<DatabaseClone> newClone = () -> template().newClone();
			List<Future<DatabaseClone>> results = threads.invokeAll(Stream.generate(() -> newClone).limit(4).toList());
			Set<String> names = new TreeSet<>();
			for (Future<DatabaseClone> result : results) {
				try (DatabaseClone clone = result.get()) {
					assertThat(Query.value(clone, "SELECT id FROM item")).isEqualTo("1");
					names.add(clone.name());
				}
			}
			assertThat(names).hasSize(4);
			assertThat(this.migrations.runs()).isEqualTo(1);
		}
		finally {
			threads.shutdown();
		}
	}

	@Test
	void aRoleWithTheRightNeedsNoOther() {
		withRole("CREATEDB", () -> {
			try (DatabaseClone clone = roleTemplate().newClone()) {
				assertThat(Query.value(clone, "SELECT tableowner FROM pg_tables WHERE tablename = 'item'"))
					.isEqualTo("clone_maker");
			}
		});
	}

	@Test
	void aRoleWithoutTheRightIsToldWhatToGrant() {
		withRole("NOCREATEDB", () -> {
			TidemarkException ex = catchThrowableOfType(TidemarkException.class, () -> roleTemplate().newClone());

			assertThat(ex.code()).isEqualTo(ErrorCode.CLONE_PRIVILEGE);
			assertThat(ex).hasMessageContaining("CREATEDB").hasMessageNotContaining("maker-secret");
		});
	}

	@Test
	void aTemplateOfAnotherRoleIsNotTaken() {
		template().newClone().close();

		withRole("CREATEDB", () -> roleTemplate().newClone().close());
		assertThat(this.migrations.runs()).isEqualTo(2);
	}

	@Test
	void aWrongPasswordIsToldAndNotShown() {
		TidemarkException ex = catchThrowableOfType(TidemarkException.class,
				() -> this.migrations
					.template(this.original.jdbcUrl() + "?password=wrong-secret", this.original.user(), "wrong-secret")
					.newClone());

		assertThat(ex.code()).isEqualTo(ErrorCode.AUTHENTICATION);
		assertThat(ex).hasMessageNotContaining("wrong-secret");
	}

	@Test
	void aUrlThatCannotBeLedElsewhereIsRefused() {
		assertThatExceptionOfType(TidemarkException.class)
			.isThrownBy(() -> this.migrations.template("jdbc:tc:postgresql:18:///orders", "a", "b").newClone())
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.CLONE_IMPOSSIBLE);
	}

	private void withRole(String right, Runnable test) {
		this.original.execute("CREATE ROLE clone_maker LOGIN PASSWORD 'maker-secret' " + right);
		try {
			test.run();
		}
		finally {
			dropTemplates();
			this.original.execute("DROP ROLE clone_maker");
		}
	}

	private TemplateDatabase roleTemplate() {
		return this.migrations.template(this.original.jdbcUrl(), "clone_maker", "maker-secret");
	}

	private TemplateDatabase template() {
		return this.migrations.templateOn(this.original);
	}

}
