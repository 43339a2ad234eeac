package dev.tidemark.test.clone;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class LeftoversTests {

	/** The lock that this name speaks of is 81985529216486895. */
	private static final String KEY = "0123456789abcdef";

	private static final String TEMPLATE = "tidemark_template_0123456789abcdef0123456789abcdef";

	@TempDir
	private static Path folder;

	private final TestDatabase server;

	private final Migrations migrations;

	LeftoversTests(TestDatabase server) {
		this.server = server;
		this.migrations = new Migrations(folder).add("V1__item.sql", "CREATE TABLE item (id int)");
	}

	@AfterEach
	void drop() {
		for (String name : this.server.rows("SELECT datname FROM pg_database WHERE datname LIKE '%0123456789abcde%'")) {
			this.server.execute("ALTER DATABASE " + name + " IS_TEMPLATE false");
			this.server.execute("DROP DATABASE " + name + " WITH (FORCE)");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark_clone_", "tidemark_building_" })
	void whatADeadMakerHasLeftIsDropped(String prefix) {
		this.server.execute("CREATE DATABASE " + prefix + KEY);

		makeClone();
		assertThat(Migrations.databases(this.server)).doesNotContain(prefix + KEY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark_clone_", "tidemark_building_" })
	void whatALivingMakerUsesStays(String prefix) throws SQLException {
		this.server.execute("CREATE DATABASE " + prefix + KEY);
		try (Connection maker = this.server.connect(); Statement statement = maker.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(81985529216486895)");

			makeClone();
			assertThat(Migrations.databases(this.server)).contains(prefix + KEY);
		}
	}

	@Test
	void aCloneThatSomebodyLooksAtStays() throws SQLException {
		this.server.execute("CREATE DATABASE tidemark_clone_" + KEY);
		try (Connection visitor = DriverManager.getConnection(this.server.server().jdbcUrl("tidemark_clone_" + KEY),
				this.server.user(), this.server.password())) {
			makeClone();

			assertThat(visitor.isValid(5)).isTrue();
		}
	}

	@Test
	void aTemplateThatNobodyHasUsedForADayIsDropped() {
		this.server.execute("CREATE DATABASE " + TEMPLATE + " IS_TEMPLATE true ALLOW_CONNECTIONS false");
		usedLast("25 hours");

		makeClone();
		assertThat(Migrations.databases(this.server)).doesNotContain(TEMPLATE);
	}

	@Test
	void aTemplateThatWasUsedLaterStays() {
		this.server.execute("CREATE DATABASE " + TEMPLATE);
		usedLast("23 hours");

		makeClone();
		assertThat(Migrations.databases(this.server)).contains(TEMPLATE);
	}

	@Test
	void eachCloneMarksItsTemplateAsUsed() {
		makeClone();
		Migrations.templates(this.server)
			.forEach((name) -> this.server.execute("COMMENT ON DATABASE " + name + " IS NULL"));

		makeClone();
		assertThat(this.server.rows("SELECT shobj_description(oid, 'pg_database') FROM pg_database"
				+ " WHERE datname LIKE 'tidemark\\_template\\_%'"))
			.filteredOn((comment) -> !comment.isEmpty())
			.singleElement()
			.asString()
			.matches("Template database of tests, last used \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark_clone_of_0123456789abcdef", "tidemark_clone_0123456789abcde",
			"my_tidemark_clone_0123456789abcdef", TEMPLATE })
	void whatWasMadeBySomebodyElseStays(String name) {
		this.server.execute("CREATE DATABASE " + name);

		makeClone();
		assertThat(this.server.rows("SELECT datname FROM pg_database")).contains(name);
	}

	@Test
	void whatBelongsToAnotherRoleStays() {
		this.server.execute("CREATE DATABASE tidemark_clone_" + KEY);
		this.server.execute("CREATE ROLE clone_maker LOGIN PASSWORD 'maker-secret' CREATEDB");
		try {
			this.migrations.template(this.server.jdbcUrl(), "clone_maker", "maker-secret").newClone().close();

			assertThat(Migrations.databases(this.server)).contains("tidemark_clone_" + KEY);
		}
		finally {
			Spares.dropAll();
			this.server.rows("SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = 'clone_maker'")
				.forEach((name) -> {
					this.server.execute("ALTER DATABASE " + name + " IS_TEMPLATE false");
					this.server.execute("DROP DATABASE " + name);
				});
			this.server.execute("DROP ROLE clone_maker");
		}
	}

	private void usedLast(String ago) {
		this.server.execute("DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE " + TEMPLATE
				+ " IS %L', 'Template database of tests, last used '" + " || to_char((now() - interval '" + ago
				+ "') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC');" + " END $$");
	}

	/** Whoever gets a spare leaves the tidying to whoever made it. */
	private void makeClone() {
		Spares.dropAll();
		this.migrations.templateOn(this.server).newClone().close();
	}

}
