package dev.tidemark.autoconfigure.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.autoconfigure.TidemarkDataSource;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.start.TidemarkAutoConfiguration;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.PgBouncer;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The database and user of each choice differ, so that the history tells which was taken.
 */
@ExtendWith(PostgresExtension.class)
class ConnectionChoiceTests {

	private static final String WHO = "SELECT DISTINCT database_user FROM tidemark_history";

	private final TestDatabase database;

	private TestDatabase other;

	private String role;

	ConnectionChoiceTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void createRole() {
		this.role = "migrator_" + this.database.name();
		this.database.execute("DO $$ BEGIN CREATE ROLE " + this.role + " LOGIN PASSWORD 'migrator-secret'; "
				+ "EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT ALL ON SCHEMA public TO " + this.role);
	}

	@Test
	void takesTheUrlOfTheApplicationWithoutTouchingThePool() {
		Runners.with(this.database).run((context) -> {
			assertThat(this.database.rows(WHO)).containsExactly(this.database.user());
			assertThat(context.getBean(HikariDataSource.class).isRunning()).isFalse();
		});
	}

	@Test
	void userAndPasswordAloneReuseTheUrl() {
		Runners.with(this.database)
			.withPropertyValues("tidemark.connection.user=" + this.role, "tidemark.connection.password=migrator-secret")
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.role));
	}

	@Test
	void aUrlOfItsOwnGoesBeforeTheOneOfTheApplication() {
		withOther()
			.withPropertyValues("tidemark.connection.url=" + this.database.jdbcUrl(),
					"tidemark.connection.user=" + this.role, "tidemark.connection.password=migrator-secret")
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.role));
	}

	@Test
	void aUrlAloneReusesUserAndPassword() {
		withOther().withPropertyValues("tidemark.connection.url=" + this.database.jdbcUrl())
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void aUrlNeedsNoDataSource() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=" + this.database.jdbcUrl(),
					"tidemark.connection.user=" + this.role, "tidemark.connection.password=migrator-secret")
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.role));
	}

	@Test
	void ownConnectionDetailsTakeThePlaceOfProperties() {
		withOther().withPropertyValues("tidemark.connection.url=jdbc:postgresql://nowhere.invalid/x")
			.withBean(TidemarkConnectionDetails.class, this::details)
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.role));
	}

	@Test
	void theQualifiedDataSourceGoesBeforeEverything() {
		withOther().withBean("databaseOfMigrations", DataSource.class, () -> dataSource(this.database))
			.withUserConfiguration(QualifiedDataSource.class)
			.withPropertyValues("tidemark.connection.url=jdbc:postgresql://nowhere.invalid/x")
			.withBean(TestDatabase.class, () -> this.database)
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void anOwnDataSourceIsBorrowed() {
		Runners.withoutDatabase()
			.withBean(DataSource.class, () -> dataSource(this.database))
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void anOwnLazyDataSourceIsBorrowed() {
		Runners.withoutDatabase()
			.withBean(DataSource.class, () -> new LazyConnectionDataSourceProxy(dataSource(this.database)))
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void userAndPasswordAloneReuseTheUrlOfAnOwnDataSource() {
		Runners.withoutDatabase()
			.withBean(DataSource.class, () -> pool(true))
			.withPropertyValues("tidemark.connection.user=" + this.role, "tidemark.connection.password=migrator-secret")
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.role));
	}

	@Test
	void userAndPasswordAloneAreRefusedIfTheDataSourceDoesNotTellItsUrl() {
		Runners.withoutDatabase()
			.withBean(DataSource.class, () -> new Opaque(dataSource(this.database)))
			.withPropertyValues("tidemark.connection.user=" + this.role)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(TidemarkException.class)
				.hasMessageContainingAll("TM-CFG-001", "Opaque", "Set tidemark.connection.url as well."));
	}

	@Test
	void aBorrowedConnectionGoesBackAsItCame() {
		Runners.withoutDatabase().withBean(HikariDataSource.class, () -> pool(false)).run((context) -> {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(this.database.value("SELECT count(*) FROM customer")).isEqualTo("1");
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			try (var connection = pool.getConnection();
					var statement = connection.createStatement();
					var results = statement.executeQuery("SHOW lock_timeout")) {
				results.next();
				assertThat(results.getString(1)).isEqualTo("0");
				assertThat(connection.getAutoCommit()).isFalse();
				connection.rollback();
			}
		});
	}

	@Test
	void aPoolOfOneConnectionBehindAPoolerInTransactionModeIsRefused() {
		String reason = PgBouncer.whyNot();
		assumeTrue(reason == null, () -> "NOT TESTED: poolers, since PgBouncer cannot be installed here: " + reason);
		try (PgBouncer bouncer = PgBouncer.start(this.database.server(), Map.of("pool_mode", "transaction"))) {
			Runners.withoutDatabase().withBean(HikariDataSource.class, () -> {
				HikariDataSource pool = pool(false);
				pool.setJdbcUrl(bouncer.jdbcUrl(this.database));
				return pool;
			})
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.asInstanceOf(throwable(TidemarkException.class))
					.extracting(TidemarkException::code)
					.isEqualTo(ErrorCode.POOLER));
		}
	}

	@Test
	void aDataSourceThatDoesNotTellItsUrlIsBorrowedAllTheSame() {
		Runners.withoutDatabase()
			.withBean(DataSource.class, () -> new Opaque(dataSource(this.database)))
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void aDataSourceThatATestPutInPlaceOfBootsIsBorrowed() {
		withOther().withBean(ReplacedDataSource.class, () -> new ReplacedDataSource(dataSource(this.database)))
			.run((context) -> {
				assertThat(context.getBean(JdbcConnectionDetails.class).getJdbcUrl()).isEqualTo(this.other.jdbcUrl());
				assertThat(this.database.rows(WHO)).containsExactly(this.database.user());
				assertThat(this.other.value("SELECT to_regclass('tidemark_history')")).isNull();
			});
	}

	@Test
	void thePrimaryOfSeveralDataSourcesIsBorrowed() {
		Runners.withoutDatabase()
			.withBean(TestDatabase.class, () -> this.database)
			.withUserConfiguration(SeveralDataSources.class)
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void severalEqualDataSourcesAreRefused() {
		Runners.withoutDatabase()
			.withBean("one", DataSource.class, () -> dataSource(this.database))
			.withBean("two", DataSource.class, () -> dataSource(this.database))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("no single DataSource", "@TidemarkDataSource"));
	}

	@Test
	void driverPropertiesOfThePoolAreTakenOverExceptForItsTimeouts() {
		Runners.with(this.database)
			.withPropertyValues("spring.datasource.hikari.data-source-properties.options=-c work_mem=5MB",
					"spring.datasource.hikari.data-source-properties.ApplicationName=pool",
					"spring.datasource.hikari.data-source-properties.socketTimeout=1",
					"tidemark.locations=classpath:migrations/session")
			.run((context) -> assertThat(this.database.rows("SELECT * FROM session_of_migration"))
				.containsExactly("5MB|tidemark"));
	}

	@Test
	void theSchemaOfThePoolIsTheOneThatIsMigrated() {
		this.database.execute("CREATE SCHEMA shop");
		Runners.with(this.database)
			.withPropertyValues("spring.datasource.hikari.schema=shop")
			.run((context) -> assertThat(this.database.value("SELECT to_regclass('shop.customer')"))
				.isEqualTo("shop.customer"));
	}

	@Test
	void aMissingUrlIsToldByBoot() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TidemarkAutoConfiguration.class, DataSourceAutoConfiguration.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("Failed to determine a suitable driver class"));
	}

	private ApplicationContextRunner withOther() {
		this.other = PostgresServer.shared().createDatabase();
		return Runners.with(this.other);
	}

	private TidemarkConnectionDetails details() {
		return new TidemarkConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				return ConnectionChoiceTests.this.database.jdbcUrl();
			}

			@Override
			public String getUsername() {
				return ConnectionChoiceTests.this.role;
			}

			@Override
			public String getPassword() {
				return "migrator-secret";
			}

		};
	}

	private HikariDataSource pool(boolean autoCommit) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(this.database.jdbcUrl());
		pool.setUsername(this.database.user());
		pool.setPassword(this.database.password());
		pool.setAutoCommit(autoCommit);
		pool.setMaximumPoolSize(1);
		return pool;
	}

	private static DataSource dataSource(TestDatabase database) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(database.jdbcUrl());
		dataSource.setUser(database.user());
		dataSource.setPassword(database.password());
		return dataSource;
	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedDataSource {

		@Bean(defaultCandidate = false)
		@TidemarkDataSource
		DataSource tidemarkDataSource(TestDatabase database) {
			return dataSource(database);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SeveralDataSources {

		@Bean
		@Primary
		DataSource primary(TestDatabase database) {
			return dataSource(database);
		}

		@Bean
		DataSource reporting() {
			return new PGSimpleDataSource();
		}

	}

	/** Replaces the definition of the bean, as Boot's and others' test support does. */
	static class ReplacedDataSource implements BeanFactoryPostProcessor {

		private final DataSource replacement;

		ReplacedDataSource(DataSource replacement) {
			this.replacement = replacement;
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beanFactory;
			registry.removeBeanDefinition("dataSource");
			registry.registerBeanDefinition("dataSource",
					new RootBeanDefinition(DataSource.class, () -> this.replacement));
		}

	}

	private static final class Opaque extends AbstractDataSource {

		private final DataSource target;

		private Opaque(DataSource target) {
			this.target = target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.target.getConnection();
		}

		@Override
		public Connection getConnection(String user, String password) throws SQLException {
			return this.target.getConnection(user, password);
		}

	}

}
