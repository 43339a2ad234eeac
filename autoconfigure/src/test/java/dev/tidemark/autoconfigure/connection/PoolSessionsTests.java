package dev.tidemark.autoconfigure.connection;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What migrations make belongs to whom, and lies where, sessions of the application would
 * have made it.
 */
@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class PoolSessionsTests {

	private static final String TABLES = "SELECT relnamespace::regnamespace || '.' || relname, relowner::regrole"
			+ " FROM pg_class WHERE relname IN ('customer', 'tidemark_history') ORDER BY 1";

	private static final String HIKARI = "spring.datasource.hikari.";

	private static final String SET_PATH = "SET search_path TO myapp";

	private final TestDatabase database;

	private final String owner;

	private final String app;

	private final String migrator;

	PoolSessionsTests(TestDatabase database) {
		this.database = database;
		this.owner = "fb_owner_" + database.name();
		this.app = "fb_app_" + database.name();
		this.migrator = "fb_migrator_" + database.name();
	}

	@BeforeEach
	void createRoles() {
		this.database.execute("""
				CREATE ROLE %1$s NOLOGIN;
				CREATE ROLE %2$s LOGIN PASSWORD 'pw' IN ROLE %1$s;
				CREATE ROLE %3$s LOGIN PASSWORD 'pw' IN ROLE %1$s;
				GRANT ALL ON SCHEMA public TO PUBLIC;
				CREATE SCHEMA myapp;
				CREATE SCHEMA "MyApp";
				GRANT ALL ON SCHEMA myapp, "MyApp" TO PUBLIC""".formatted(this.owner, this.app, this.migrator));
	}

	@AfterEach
	void dropRoles() {
		for (String role : new String[] { this.app, this.migrator, this.owner }) {
			this.database.execute("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
		}
	}

	private ApplicationContextRunner application(String... properties) {
		return Runners.with(this.database)
			.withPropertyValues("spring.datasource.username=" + this.app, "spring.datasource.password=pw")
			.withPropertyValues(properties);
	}

	private ApplicationContextRunner migrator(String... properties) {
		return application("tidemark.connection.user=" + this.migrator, "tidemark.connection.password=pw")
			.withPropertyValues(properties);
	}

	private void assertTables(ApplicationContextRunner runner, String schema, String owner) {
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.database.rows(TABLES)).containsExactly(schema + ".customer|" + owner,
					schema + ".tidemark_history|" + owner);
		});
	}

	@Test
	void theNextStartFindsTheHistory() {
		ApplicationContextRunner application = application(
				HIKARI + "connection-init-sql=SET ROLE " + this.owner + "; " + SET_PATH);
		assertTables(application, "myapp", this.owner);

		assertTables(application, "myapp", this.owner);
	}

	@Test
	void theRoleOfInitSqlOwnsWhatMigrationsMake() {
		assertTables(application(HIKARI + "connection-init-sql=SET ROLE " + this.owner), "public", this.owner);
	}

	@Test
	void theSearchPathOfInitSqlIsThatOfMigrations() {
		assertTables(application(HIKARI + "connection-init-sql=" + SET_PATH), "myapp", this.app);
	}

	@Test
	void initSqlComesAfterTheSchemaOfThePool() {
		assertTables(application(HIKARI + "schema=MyApp", HIKARI + "connection-init-sql=" + SET_PATH), "myapp",
				this.app);
	}

	@Test
	void theSchemaOfThePoolIsTakenLetterByLetter() {
		assertTables(application(HIKARI + "schema=MyApp"), "\"MyApp\"", this.app);
	}

	@Test
	void theSchemaOfThePoolGoesBeforeTheOneOfTheUrl() {
		assertTables(application("spring.datasource.url=" + this.database.jdbcUrl() + "?currentSchema=public",
				HIKARI + "schema=myapp"), "myapp", this.app);
	}

	@Test
	void optionsOfTheUrlHold() {
		assertTables(application("spring.datasource.url=" + this.database.jdbcUrl() + "?options=-c%20role=" + this.owner
				+ "%20-c%20search_path=myapp"), "myapp", this.owner);
	}

	@Test
	void optionsOfThePoolHold() {
		assertTables(application(HIKARI + "data-source-properties.options=-c role=" + this.owner), "public",
				this.owner);
	}

	@Test
	void settingsOfTheLoginHold() {
		this.database.execute("ALTER ROLE " + this.app + " SET role = " + this.owner + "; ALTER ROLE " + this.app
				+ " SET search_path = myapp");
		assertTables(application(), "myapp", this.owner);
	}

	@Test
	void aUserInTheUrlIsTheOneOfMigrationsToo() {
		assertTables(
				application(
						"spring.datasource.url=" + this.database.jdbcUrl() + "?user=" + this.migrator + "&password=pw"),
				"public", this.migrator);
	}

	@Test
	void aUserOfMigrationsGoesBeforeTheOneInTheUrl() {
		assertTables(
				migrator("spring.datasource.url=" + this.database.jdbcUrl() + "?user=" + this.app + "&password=pw"),
				"public", this.migrator);
	}

	@Test
	void whatAnotherBeanMadeOfThePoolHolds() {
		assertTables(application().withBean(BeanPostProcessor.class, () -> new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				if (bean instanceof HikariDataSource pool) {
					pool.setConnectionInitSql("SET ROLE " + PoolSessionsTests.this.owner);
				}
				return bean;
			}

		}), "public", this.owner);
	}

	@Test
	void aPoolWithCredentialsOfItsOwnIsBorrowedFrom() {
		assertTables(application(HIKARI + "username=" + this.migrator), "public", this.migrator);
	}

	static Stream<Map<String, String>> others() {
		return Stream.concat(othersWithInitSql(), Stream.of(Map.of("spring.datasource.type",
				"org.apache.commons.dbcp2.BasicDataSource", "spring.datasource.dbcp2.default-schema", "myapp")));
	}

	static Stream<Map<String, String>> othersWithInitSql() {
		return Stream.of(
				Map.of("spring.datasource.type", "org.apache.tomcat.jdbc.pool.DataSource",
						"spring.datasource.tomcat.init-s-q-l", SET_PATH),
				Map.of("spring.datasource.type", "org.apache.commons.dbcp2.BasicDataSource",
						"spring.datasource.dbcp2.connection-init-sqls", SET_PATH));
	}

	@ParameterizedTest
	@MethodSource("others")
	void otherPoolsThatSetUpSessionsAreBorrowedFrom(Map<String, String> properties) {
		assertTables(application(pairs(properties)), "myapp", this.app);
	}

	@Test
	void otherPoolsThatDoNotAreLeftAlone() {
		application("spring.datasource.type=org.apache.commons.dbcp2.BasicDataSource",
				"spring.datasource.dbcp2.max-total=2")
			.run((context) -> assertThat(context.getBean(Tidemark.class).connections().isBorrowed()).isFalse());
	}

	private static String[] pairs(Map<String, String> properties) {
		return properties.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + entry.getValue())
			.toArray(String[]::new);
	}

	@Test
	void aUrlOfItsOwnWithTheUserOfTheApplicationHasItsSessions() {
		assertTables(application("tidemark.connection.url=" + this.database.jdbcUrl(),
				HIKARI + "connection-init-sql=SET ROLE " + this.owner + "; " + SET_PATH), "myapp", this.owner);
	}

	@Test
	void aRoleOfMigrationsGoesBeforeTheOneOfInitSql() {
		this.database.execute("GRANT " + this.migrator + " TO " + this.app);
		assertTables(application(HIKARI + "connection-init-sql=SET ROLE " + this.owner,
				"tidemark.connection.role=" + this.migrator), "public", this.migrator);
	}

	@Test
	void aSchemaOfMigrationsGoesBeforeTheOneOfInitSql() {
		assertTables(application(HIKARI + "connection-init-sql=" + SET_PATH, "tidemark.schema=MyApp"), "\"MyApp\"",
				this.app);
	}

	@Test
	void anotherUserIsRefusedWhereInitSqlSetsTheSearchPath() {
		migrator(HIKARI + "connection-init-sql=" + SET_PATH).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContainingAll("TM-CFG-001", HIKARI + "connection-init-sql", "tidemark.schema",
					"tidemark.connection.init-sql")
			.hasMessageNotContaining("myapp"));
		assertThat(this.database.rows(TABLES)).isEmpty();
	}

	@Test
	void anotherUserOfTheSameDatabaseIsRefusedAsWell() {
		migrator("tidemark.connection.url=" + this.database.jdbcUrl(), HIKARI + "connection-init-sql=" + SET_PATH)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("tidemark.schema"));
	}

	@ParameterizedTest
	@MethodSource("othersWithInitSql")
	void anotherUserIsRefusedWithOtherPoolsToo(Map<String, String> properties) {
		migrator(pairs(properties))
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("tidemark.schema"));
	}

	@Test
	void anotherUserWithASchemaOfItsOwnIsTakenAtItsWord() {
		assertTables(migrator(HIKARI + "connection-init-sql=" + SET_PATH, "tidemark.schema=myapp"), "myapp",
				this.migrator);
	}

	@Test
	void theSchemaOfThePoolHoldsForAnotherUser() {
		assertTables(migrator(HIKARI + "schema=myapp"), "myapp", this.migrator);
	}

	@Test
	void anotherUserIsToldWhereInitSqlSetsARole(CapturedOutput output) {
		assertTables(migrator(HIKARI + "connection-init-sql=SET ROLE " + this.owner), "public", this.migrator);
		assertThat(output).contains(HIKARI + "connection-init-sql sets the role", "tidemark.connection.role");
	}

	@Test
	void aDataSourceOfItsOwnIsAskedToo() {
		migrator().withBean("dataSource", DataSource.class, () -> {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(this.database.jdbcUrl());
			pool.setUsername(this.app);
			pool.setPassword("pw");
			pool.setConnectionInitSql(SET_PATH);
			return pool;
		})
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("connectionInitSql of the HikariDataSource", "tidemark.schema"));
	}

	private String url(String parameters) {
		return this.database.jdbcUrl() + "?" + parameters;
	}

	static Stream<List<String>> schemas() {
		return Stream.of(List.of("spring.datasource.url=%s?currentSchema=myapp"),
				List.of("spring.datasource.url=%s?ssl=false&options=-c%%20search_path=myapp"),
				List.of(HIKARI + "data-source-properties.currentSchema=myapp"),
				List.of(HIKARI + "data-source-properties.options=-c search_path=myapp"),
				List.of("spring.datasource.type=org.apache.tomcat.jdbc.pool.DataSource",
						"spring.datasource.tomcat.connection-properties=ssl=false;currentSchema=myapp"),
				List.of("spring.datasource.type=org.apache.commons.dbcp2.BasicDataSource",
						"spring.datasource.dbcp2.default-schema=myapp"));
	}

	private String[] filled(List<String> properties) {
		return properties.stream().map((text) -> text.formatted(this.database.jdbcUrl())).toArray(String[]::new);
	}

	@ParameterizedTest
	@MethodSource("schemas")
	void aUrlOfItsOwnMeetsTheSchemaOfTheApplication(List<String> properties) {
		assertTables(application(filled(properties))
			.withPropertyValues("tidemark.connection.url=" + this.database.jdbcUrl()), "myapp", this.app);
	}

	@ParameterizedTest
	@MethodSource("schemas")
	void aUrlOfItsOwnWithAnotherUserMeetsItToo(List<String> properties) {
		assertTables(
				migrator(filled(properties)).withPropertyValues("tidemark.connection.url=" + this.database.jdbcUrl()),
				"myapp", this.migrator);
	}

	@ParameterizedTest
	@ValueSource(strings = { "currentSchema=%22MyApp%22", "options=-c%20search_path=%22MyApp%22" })
	void whatAUrlOfItsOwnSaysOfTheSchemaGoesBefore(String parameter) {
		assertTables(application("spring.datasource.url=" + url("currentSchema=myapp"), HIKARI + "schema=public",
				"tidemark.connection.url=" + url(parameter)), "\"MyApp\"", this.app);
	}

	@Test
	void theSchemaOfAnotherDatabaseIsNotThatOfAnotherUser() {
		TestDatabase other = PostgresServer.shared().createDatabase();

		assertTables(migrator("spring.datasource.url=" + other.jdbcUrl() + "?currentSchema=myapp",
				"tidemark.connection.url=" + this.database.jdbcUrl()), "public", this.migrator);
	}

	@Test
	void theRoleOfOptionsOwnsWhatMigrationsMakeByAUrlOfTheirOwn() {
		assertTables(application(HIKARI + "data-source-properties.options=-c role=" + this.owner,
				"tidemark.connection.url=" + this.database.jdbcUrl()), "public", this.owner);
	}

	@Test
	void anotherUserIsToldWhereOptionsSetARole(CapturedOutput output) {
		assertTables(migrator(HIKARI + "data-source-properties.options=-c role=" + this.app,
				HIKARI + "data-source-properties.currentSchema=myapp",
				"tidemark.connection.url=" + this.database.jdbcUrl()), "myapp", this.migrator);
		assertThat(output).contains("The parameter options of the application's driver sets the role",
				"tidemark.connection.user", "tidemark.connection.role");
	}

	@Test
	void anotherUserIsRefusedWhereOptionsSetARoleAndTheSearchPath() {
		migrator(HIKARI + "data-source-properties.options=-c role=" + this.app + " -c search_path=myapp",
				"tidemark.connection.url=" + this.database.jdbcUrl())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("TM-CFG-001", "does not hold for tidemark.connection.user",
						"tidemark.schema"));
		assertThat(this.database.rows(TABLES)).isEmpty();
	}

	@Test
	void optionsOfItsOwnThatLeaveOutTheSearchPathAreRefused() {
		application(HIKARI + "data-source-properties.options=-c search_path=myapp",
				"tidemark.connection.url=" + url("options=-c%20work_mem=5MB"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("TM-CFG-001", "does not hold for tidemark.connection.url", "tidemark.schema"));
		assertThat(this.database.rows(TABLES)).isEmpty();
	}

}
