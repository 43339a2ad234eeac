package dev.tidemark.autoconfigure.connection;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

/**
 * URLs of drivers that wrap PostgreSQL's, and connections that wrap its connections.
 */
@ExtendWith(PostgresExtension.class)
class WrapperUrlTests {

	private static final String WHO = "SELECT DISTINCT database_user FROM tidemark_history";

	private static final String P6SPY = "p6spy";

	private final TestDatabase database;

	WrapperUrlTests(TestDatabase database) {
		this.database = database;
	}

	static Stream<Arguments> wrappers() {
		return Stream.of(Arguments.of(P6SPY, "com.p6spy.engine.spy.P6SpyDriver"),
				Arguments.of("aws-wrapper", "software.amazon.jdbc.Driver"),
				Arguments.of("otel", "io.opentelemetry.instrumentation.jdbc.OpenTelemetryDriver"));
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void aConnectionIsBorrowedOfThePool(String wrapper, String driver) {
		with(wrapper, driver).withPropertyValues("spring.datasource.hikari.maximum-pool-size=1").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Tidemark.class).connections().isBorrowed()).isTrue();
			assertThat(this.database.rows(WHO)).containsExactly(this.database.user());
			assertThat(context.getBean(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections()).isZero();
		});
	}

	/** One of the drivers counts milliseconds. */
	@ParameterizedTest
	@CsvSource({ "p6spy, com.p6spy.engine.spy.P6SpyDriver, 1", "aws-wrapper, software.amazon.jdbc.Driver, 1000",
			"otel, io.opentelemetry.instrumentation.jdbc.OpenTelemetryDriver, 1" })
	void theTimeoutOfTheUrlCutsNothingOff(String wrapper, String driver, int timeout) {
		with(wrapper, driver)
			.withPropertyValues("spring.datasource.url=" + wrapped(wrapper) + "?socketTimeout=" + timeout,
					"tidemark.locations=classpath:migrations/session")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.database.value("SELECT count(*) FROM session_of_migration")).isEqualTo("1");
				try (Connection connection = context.getBean(DataSource.class).getConnection()) {
					assertThat(connection.getNetworkTimeout()).isEqualTo(1000);
				}
			});
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void aUserOfItsOwnIsLoggedInByTheSameDriver(String wrapper, String driver) {
		String role = role();
		with(wrapper, driver)
			.withPropertyValues("tidemark.connection.user=" + role, "tidemark.connection.password=migrator-secret")
			.run((context) -> {
				assertThat(this.database.rows(WHO)).containsExactly(role);
				assertThat(context.getBean(HikariDataSource.class).isRunning()).isFalse();
			});
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void aUrlOfItsOwnIsOpenedByTheDriverOfTheClassPath(String wrapper, String driver) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=" + wrapped(wrapper),
					"tidemark.connection.user=" + this.database.user(),
					"tidemark.connection.password=" + this.database.password())
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void theUrlOfADatabaseIsOpenedByTheDriverOfTheClassPath() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.databases.orders.connection.url=" + wrapped(P6SPY),
					"tidemark.databases.orders.connection.user=" + this.database.user(),
					"tidemark.databases.orders.connection.password=" + this.database.password())
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	@Test
	void theUrlOfTenantsIsOpenedByTheDriverOfTheClassPath() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=" + wrapped(P6SPY),
					"tidemark.connection.user=" + this.database.user(),
					"tidemark.connection.password=" + this.database.password(), "tidemark.tenants.schemas=acme,initech")
			.run((context) -> assertThat(this.database.value("SELECT 'initech.customer'::regclass"))
				.isEqualTo("initech.customer"));
	}

	@Test
	void aUrlThatNoDriverOpensIsRefusedByTheNameOfItsProperty() {
		Runners.withoutDatabase()
			.withPropertyValues(
					"tidemark.databases.orders.connection.url=jdbc:nobody:postgresql://db/x?password=s3cret")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("TM-DB-004", "tidemark.databases.orders.connection.url",
						"tidemark.databases.orders.connection.data-source")
				.hasMessageNotContaining("s3cret"));
	}

	/** Opened would be a container, for which there has to be Docker. */
	@Test
	void theUrlOfAContainerIsLeftToThePool() {
		Runners.withoutDatabase()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:tc:postgresql:16-alpine:///test", "tidemark.mode=off")
			.run((context) -> assertThat(context.getBean(Tidemark.class).connections())
				.satisfies((source) -> assertThat(source.isBorrowed()).isTrue())
				.hasToString("a HikariDataSource"));
	}

	@Test
	void aDriverOfItsOwnOpensAUrlOfPostgresqlToo() {
		Runners.with(this.database)
			.withPropertyValues("spring.datasource.driver-class-name=" + OwnDriver.class.getName(), "tidemark.mode=off")
			.run((context) -> assertThat(context.getBean(Tidemark.class).connections().isBorrowed()).isTrue());
	}

	@ParameterizedTest
	@ValueSource(classes = { LazyConnectionDataSourceProxy.class, TransactionAwareDataSourceProxy.class,
			DelegatingDataSource.class, Routing.class })
	void whateverWrapsADataSourceIsBorrowedFrom(Class<? extends DataSource> type) {
		Runners.withoutDatabase()
			.withBean(DataSource.class, () -> wrapping(type))
			.run((context) -> assertThat(this.database.rows(WHO)).containsExactly(this.database.user()));
	}

	private DataSource wrapping(Class<? extends DataSource> type) {
		DataSource target = dataSource();
		if (type == Routing.class) {
			Routing routing = new Routing();
			routing.setTargetDataSources(Map.of("one", target));
			routing.initialize();
			return routing;
		}
		try {
			return type.getConstructor(DataSource.class).newInstance(target);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void connectionsThatDoNotLeadToThoseOfTheDriverAreRefusedWithTheirType() {
		Runners.withoutDatabase()
			.withBean(DataSource.class, () -> new Closed(dataSource()))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("TM-DB-004", "does not lead to a connection of the PostgreSQL driver",
						"org.postgresql.PGConnection", "tidemark.connection.url")
				.asInstanceOf(throwable(TidemarkException.class))
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.NOT_POSTGRESQL));
	}

	private ApplicationContextRunner with(String wrapper, String driver) {
		return Runners.with(this.database)
			.withPropertyValues("spring.datasource.url=" + wrapped(wrapper),
					"spring.datasource.driver-class-name=" + driver);
	}

	private String wrapped(String wrapper) {
		return this.database.jdbcUrl().replace("jdbc:", "jdbc:" + wrapper + ":");
	}

	private String role() {
		String role = "wrapped_" + this.database.name();
		this.database.execute("DO $$ BEGIN CREATE ROLE " + role + " LOGIN PASSWORD 'migrator-secret'; "
				+ "EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT ALL ON SCHEMA public TO " + role);
		return role;
	}

	private DataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.jdbcUrl());
		dataSource.setUser(this.database.user());
		dataSource.setPassword(this.database.password());
		return dataSource;
	}

	/** Logs in by other means than the driver does that it extends. */
	public static class OwnDriver extends org.postgresql.Driver {

	}

	static class Routing extends AbstractRoutingDataSource {

		@Override
		protected Object determineCurrentLookupKey() {
			return "one";
		}

	}

	/** Its connections unwrap to nothing. */
	private static final class Closed extends DelegatingDataSource {

		private Closed(DataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection target = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						try {
							return method.getName().equals("isWrapperFor") ? false : method.invoke(target, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

	}

}
