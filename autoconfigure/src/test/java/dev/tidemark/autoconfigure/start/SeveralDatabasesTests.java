package dev.tidemark.autoconfigure.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.autoconfigure.database.TidemarkDatabases;
import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.autoconfigure.TidemarkCustomizer;
import dev.tidemark.autoconfigure.TidemarkDataSource;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several databases by configuration.
 */
@ExtendWith(PostgresExtension.class)
class SeveralDatabasesTests {

	private static String[] url(String name, TestDatabase database) {
		String prefix = "tidemark.databases." + name + ".";
		return new String[] { prefix + "connection.url=" + database.jdbcUrl(),
				prefix + "connection.user=" + database.user(), prefix + "connection.password=" + database.password() };
	}

	@Test
	void eachOneMigratesItsOwnDatabase(TestDatabase database) {
		try (TestDatabase other = PostgresServer.shared().createDatabase()) {
			Runners.withoutDatabase()
				.withPropertyValues(url("orders", database))
				.withPropertyValues(url("billing", other))
				.withPropertyValues("tidemark.databases.billing.locations=classpath:migrations/second")
				.run((context) -> {
					assertThat(context).hasNotFailed().hasBean("ordersTidemark").hasBean("billingTidemark");
					assertThat(context.getBeansOfType(Tidemark.class)).hasSize(2);
					assertThat(database.value("SELECT to_regclass('customer')")).isEqualTo("customer");
					assertThat(database.value("SELECT to_regclass('invoice')")).isNull();
					assertThat(other.value("SELECT to_regclass('invoice')")).isEqualTo("invoice");
				});
		}
	}

	@Test
	void twoHistoriesInOneEmptySchemaBeginWithTheFirstStart(TestDatabase database) {
		twoHistories(database).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(database.value("SELECT count(*) FROM tm_catalog")).isEqualTo("1");
			assertThat(database.value("SELECT count(*) FROM tm_orders")).isEqualTo("3");
		});
	}

	@Test
	void aMistypedHistoryTableIsRefusedWithThePropertyOfItsDatabase(TestDatabase database) {
		twoHistories(database).run((context) -> assertThat(context).hasNotFailed());

		twoHistories(database).withPropertyValues("tidemark.databases.orders.history.table=tm_order").run((context) -> {
			FailureAnalysis analysis = new TidemarkFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("TM-BAS-001", "public.tm_orders (of an unnamed");
			assertThat(analysis.getAction()).contains("tidemark.databases.orders.history.table",
					"tidemark.databases.orders.baseline.version=0");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			run.skip.99=tried by hand | TM-SEL-001 | run.skip
			run.cherry-pick=99 | TM-SEL-001 | run.cherry-pick
			run.target=99 | TM-VAL-008 | run.target
			locations=classpath:nowhere | TM-SRC-001 | locations
			connection.init-sql=SELECT 1/0 | TM-DB-008 | connection.init-sql
			connection.role=nobody_at_all | TM-DB-012 | connection.role
			create-schemas=false | TM-DB-007 | create-schemas
			history.table=pending | TM-HIS-002 | history.table
			connection.url=jdbc:postgresql://nowhere.invalid/db | TM-DB-015 | connection.url
			""")
	void aMessageNamesThePropertyOfTheDatabaseThatItIsAbout(String setting, String code, String named,
			TestDatabase database) {
		database.execute("CREATE TABLE public.pending (id int)");
		String prefix = "tidemark.databases.orders.";
		Runners.withoutDatabase()
			.withPropertyValues(url("orders", database))
			.withPropertyValues(prefix + "schemas=public,elsewhere", prefix + "baseline.version=0", prefix + setting)
			.run((context) -> {
				FailureAnalysis analysis = new TidemarkFailureAnalyzer().analyze(context.getStartupFailure());
				assertThat(analysis.getDescription() + analysis.getAction()).contains(code, prefix + named)
					.doesNotContain("tidemark." + named);
			});
	}

	@Test
	void whatConcernsATenantNamesThePropertyOfTheDatabaseWithTheTenants(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("tidemark.databases.orders.tenants.schemas=acme,globex",
					"tidemark.databases.orders.run.skip.99=tried by hand")
			.run((context) -> {
				FailureAnalysis analysis = new TidemarkFailureAnalyzer().analyze(context.getStartupFailure());
				assertThat(analysis.getDescription() + analysis.getAction())
					.contains("tidemark.databases.orders.run.skip names")
					.doesNotContain("tidemark.run.skip");
			});
	}

	private static ApplicationContextRunner twoHistories(TestDatabase database) {
		return Runners.with(database)
			.withPropertyValues("tidemark.databases.catalog.locations=classpath:migrations/second",
					"tidemark.databases.catalog.history.table=tm_catalog",
					"tidemark.databases.orders.history.table=tm_orders");
	}

	@Test
	void tenantsOfTwoDatabasesBeginInTheSameSchemas(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("tidemark.databases.catalog.locations=classpath:migrations/second",
					"tidemark.databases.catalog.history.table=tm_catalog",
					"tidemark.databases.catalog.tenants.schemas=acme",
					"tidemark.databases.orders.history.table=tm_orders",
					"tidemark.databases.orders.tenants.schemas=acme")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(database.value("SELECT count(*) FROM acme.tm_catalog")).isEqualTo("1");
				assertThat(database.value("SELECT count(*) FROM acme.tm_orders")).isEqualTo("3");
			});
	}

	@Test
	void aDatabaseBorrowsFromTheDataSourceThatItNames(TestDatabase database) {
		try (TestDatabase other = PostgresServer.shared().createDatabase()) {
			Runners.withoutDatabase()
				.withBean("ordersDataSource", DataSource.class, () -> dataSource(database))
				.withPropertyValues("tidemark.databases.orders.connection.data-source=ordersDataSource")
				.withPropertyValues(url("billing", other))
				.run((context) -> {
					assertThat(database.value("SELECT to_regclass('customer')")).isEqualTo("customer");
					assertThat(other.value("SELECT to_regclass('customer')")).isEqualTo("customer");
				});
		}
	}

	@Test
	void theDatabaseWithoutANameNamesADataSourceToo(TestDatabase database) {
		Runners.withoutDatabase()
			.withBean("one", DataSource.class, () -> dataSource(database))
			.withBean("other", DataSource.class, PGSimpleDataSource::new)
			.withPropertyValues("tidemark.connection.data-source=one")
			.run((context) -> assertThat(database.value("SELECT to_regclass('customer')")).isEqualTo("customer"));
	}

	@Test
	void aDataSourceThatDoesNotExistIsToldWithThoseThatDo(TestDatabase database) {
		Runners.with(database)
			.withPropertyValues("tidemark.databases.orders.connection.data-source=odersDataSource")
			.run((context) -> {
				TidemarkException failure = failure(context.getStartupFailure());
				assertThat(failure.code()).isEqualTo(ErrorCode.DATA_SOURCE);
				assertThat(failure).hasMessageContaining("'odersDataSource'; there are dataSource");
			});
	}

	@Test
	void whatADatabaseDoesNotSayIsWhatAllSay(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.history.table=of_all", "tidemark.placeholders.a=1",
					"tidemark.databases.one.schema=one", "tidemark.databases.one.placeholders.b=2",
					"tidemark.databases.two.schema=two", "tidemark.databases.two.history.table=of_two")
			.run((context) -> {
				assertThat(database.value("SELECT count(*) FROM one.of_all")).isEqualTo("3");
				assertThat(database.value("SELECT count(*) FROM two.of_two")).isEqualTo("3");
				TidemarkProperties one = context.getBean(TidemarkDatabases.class).properties("one");
				assertThat(one.placeholders()).containsEntry("a", "1").containsEntry("b", "2");
			});
	}

	@Test
	void aDatabaseWithAUrlOfItsOwnDoesNotInheritADataSource(TestDatabase database) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.data-source=missing")
			.withPropertyValues(url("orders", database))
			.run((context) -> assertThat(database.value("SELECT to_regclass('customer')")).isEqualTo("customer"));
	}

	@Test
	void valuesOfAllTypesReachADatabase(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.databases.one.run.target=1", "tidemark.databases.one.locks.timeout=3s",
					"tidemark.databases.one.run.skip.R__x=later", "tidemark.databases.one.mode=off")
			.run((context) -> {
				TidemarkProperties one = context.getBean(TidemarkDatabases.class).properties("one");
				assertThat(one.run().target()).hasToString("1");
				assertThat(one.locks().timeout()).hasSeconds(3);
				assertThat(one.run().skip()).hasSize(1);
			});
	}

	@Test
	void theEnvironmentOfTheProcessNamesDatabasesToo(TestDatabase database) {
		with(database).withInitializer(environment(Map.of("TIDEMARK_DATABASES_ARCHIVE_SCHEMA", "archive")))
			.run((context) -> {
				assertThat(context).hasBean("archiveTidemark");
				assertThat(database.value("SELECT to_regclass('archive.customer')")).isEqualTo("archive.customer");
			});
	}

	@Test
	void aVariableOfTheEnvironmentIsAboutTheDatabaseWithDashes(TestDatabase database) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.databases.order-archive.connection.url=" + database.jdbcUrl(),
					"tidemark.databases.order-archive.connection.password=wrong")
			.withInitializer(environment(Map.of("TIDEMARK_DATABASES_ORDERARCHIVE_CONNECTION_USER", database.user(),
					"TIDEMARK_DATABASES_ORDERARCHIVE_CONNECTION_PASSWORD", database.password())))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(Tidemark.class).hasBean("order-archiveTidemark");
				assertThat(database.value("SELECT to_regclass('customer')")).isEqualTo("customer");
			});
	}

	@Test
	void aVariableOfTheEnvironmentIsAboutTheDatabaseInCamelCase(TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.orderArchive.schema=archive")
			.withInitializer(environment(Map.of("TIDEMARK_DATABASES_ORDERARCHIVE_HISTORY_TABLE", "h")))
			.run((context) -> {
				assertThat(context).hasSingleBean(Tidemark.class).hasBean("orderArchiveTidemark");
				assertThat(database.value("SELECT count(*) FROM archive.h")).isEqualTo("3");
			});
	}

	@Test
	void anUnderscoreInAVariableIsNoDash(TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.order-archive.schema=archive")
			.withInitializer(environment(Map.of("TIDEMARK_DATABASES_ORDER_ARCHIVE_CONNECTION_PASSWORD", "secret")))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("TIDEMARK_DATABASES_ORDER_ARCHIVE_CONNECTION_PASSWORD")
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(failure) -> assertThat(failure.getReason())
							.contains("TIDEMARK_DATABASES_ORDERARCHIVE_CONNECTION_PASSWORD")));
		assertThat(database.value("SELECT to_regclass('customer')")).isNull();
	}

	@Test
	void aVariableWithAnOldNameIsToldTheNewOne(TestDatabase database) {
		with(database).withInitializer(environment(Map.of("TIDEMARK_DATABASES_ORDERS_LOCKTIMEOUT", "1s")))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(failure) -> assertThat(failure.getReason())
							.isEqualTo("It is called TIDEMARK_DATABASES_ORDERS_LOCKS_TIMEOUT now.")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[Orders]", "[a.b]", "[0]" })
	void aNameInBracketsIsRefused(String name, TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases" + name + ".schema=one")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("tidemark.databases" + name));
	}

	@Test
	void whatIsSetToNothingMakesNoDatabase(TestDatabase database) {
		with(database).withInitializer(environment(Map.of("TIDEMARK_DATABASES_ARCHIVE_CONNECTION_URL", "")))
			.run((context) -> {
				assertThat(context).hasSingleBean(Tidemark.class).hasBean("tidemark");
				assertThat(database.value("SELECT to_regclass('customer')")).isEqualTo("customer");
			});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "connection.url", "connection.data-source", "tenants.provider", "tenants.schemas", "schema" })
	void whatADatabaseSetsToNothingIsWhatAllSay(String property, TestDatabase database) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=" + database.jdbcUrl(),
					"tidemark.connection.user=" + database.user(),
					"tidemark.connection.password=" + database.password(), "tidemark.schema=all",
					"tidemark.databases.one.run.target=1", "tidemark.databases.one." + property + "=")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("oneTidemark");
				assertThat(database.value("SELECT to_regclass('all.customer')")).isEqualTo("\"all\".customer");
			});
	}

	@Test
	void aDatabaseMayEmptyAPlaceholderOfAll(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.placeholders.a=1", "tidemark.databases.one.placeholders.a=",
					"tidemark.databases.one.mode=off")
			.run((context) -> assertThat(context.getBean(TidemarkDatabases.class).properties("one").placeholders())
				.containsEntry("a", ""));
	}

	@Test
	void aDatabaseOfItsOwnGoesBeforeTheOneThatIsMeantForMigrations(TestDatabase database) {
		try (TestDatabase other = PostgresServer.shared().createDatabase()) {
			Runners.withoutDatabase()
				.withBean("archiveDataSource", DataSource.class, () -> dataSource(other))
				.withUserConfiguration(ForMigrations.class)
				.withBean(TestDatabase.class, () -> database)
				.withPropertyValues(url("one", other))
				.withPropertyValues("tidemark.databases.one.schema=one",
						"tidemark.databases.two.connection.data-source=archiveDataSource",
						"tidemark.databases.two.schema=two", "tidemark.databases.three.schema=three")
				.run((context) -> {
					assertThat(other.value("SELECT to_regclass('one.customer')")).isEqualTo("one.customer");
					assertThat(other.value("SELECT to_regclass('two.customer')")).isEqualTo("two.customer");
					assertThat(database.value("SELECT to_regclass('three.customer')")).isEqualTo("three.customer");
				});
		}
	}

	@Test
	void connectionDetailsTakeThePlaceOfTheUrlOfAllOnly(TestDatabase database) {
		try (TestDatabase other = PostgresServer.shared().createDatabase()) {
			Runners.withoutDatabase()
				.withBean(TidemarkConnectionDetails.class, () -> details(database))
				.withPropertyValues("tidemark.connection.url=jdbc:postgresql://nowhere.invalid/x",
						"tidemark.databases.all.schema=one")
				.withPropertyValues(url("own", other))
				.run((context) -> {
					assertThat(database.value("SELECT to_regclass('one.customer')")).isEqualTo("one.customer");
					assertThat(other.value("SELECT to_regclass('customer')")).isEqualTo("customer");
				});
		}
	}

	@Test
	void aDatabaseWithoutAConnectionIsToldWithItsProperties() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.databases.order-archive.schema=one")
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageContaining("tidemark.databases.order-archive.connection.url"));
	}

	@Test
	void aDataSourceThatDoesNotExistIsToldWhereThereIsNone() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.databases.orders.connection.data-source=missing")
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageContainingAll("there is none at all", "tidemark.databases.orders.connection.data-source"));
	}

	@Test
	void namesMayHaveDashes(TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.order-archive.schema=archive").run((context) -> {
			assertThat(context).hasBean("order-archiveTidemark");
			assertThat(database.value("SELECT to_regclass('archive.customer')")).isEqualTo("archive.customer");
		});
	}

	@Test
	void withDatabasesThereIsNoneWithoutAName(TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.one.schema=one").run((context) -> {
			assertThat(context).hasSingleBean(Tidemark.class).doesNotHaveBean("tidemark");
			assertThat(database.value("SELECT to_regclass('public.customer')")).isNull();
		});
	}

	@Test
	void aDatabaseThatIsDisabledIsNotThere(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two",
					"tidemark.databases.two.enabled=false")
			.run((context) -> assertThat(context).hasBean("oneTidemark").doesNotHaveBean("twoTidemark"));
	}

	@Test
	void twoDatabasesWithOneHistoryAreRefused(TestDatabase database) {
		Runners.withoutDatabase()
			.withPropertyValues(url("one", database))
			.withPropertyValues(url("two", database))
			.run((context) -> {
				TidemarkException failure = failure(context.getStartupFailure());
				assertThat(failure.code()).isEqualTo(ErrorCode.SHARED_HISTORY);
				assertThat(failure).hasMessageContaining("The databases one and two");
				assertThat(database.value("SELECT to_regclass('customer')")).isNull();
			});
	}

	@Test
	void oneDatabaseMayHaveAHistoryForEachSearchPath(TestDatabase database) {
		database.execute("CREATE SCHEMA one; CREATE SCHEMA two");
		Runners.withoutDatabase()
			.withPropertyValues(url("one", database))
			.withPropertyValues(url("two", database))
			.withPropertyValues("tidemark.databases.one.connection.url=" + withSearchPath(database, "one"),
					"tidemark.databases.two.connection.url=" + withSearchPath(database, "two"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(database.value("SELECT to_regclass('one.customer')")).isEqualTo("one.customer");
				assertThat(database.value("SELECT to_regclass('two.customer')")).isEqualTo("two.customer");
			});
	}

	@Test
	void aDatabaseMayOnlyVerifyWhereOthersMigrate(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two",
					"tidemark.databases.two.mode=verify")
			.run((context) -> {
				assertThat(failure(context.getStartupFailure()).code()).isEqualTo(ErrorCode.PENDING);
				assertThat(database.value("SELECT to_regclass('one.customer')")).isEqualTo("one.customer");
				assertThat(database.value("SELECT to_regnamespace('two')")).isNull();
			});
	}

	@Test
	void aDatabaseMayBeOff(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two",
					"tidemark.databases.two.mode=off")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("twoTidemark");
				assertThat(database.value("SELECT to_regnamespace('two')")).isNull();
			});
	}

	@Test
	void theModeOfAllIsThatOfEachDatabase(TestDatabase database) {
		with(database).withPropertyValues("tidemark.mode=verify", "tidemark.databases.one.schema=one")
			.run((context) -> assertThat(failure(context.getStartupFailure()).code()).isEqualTo(ErrorCode.PENDING));
	}

	@Test
	void aDatabaseCannotMigrateWhereTheApplicationOnlyVerifies(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.mode=verify", "tidemark.databases.one.schema=one",
					"tidemark.databases.one.mode=migrate")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasRootCauseInstanceOf(InvalidConfigurationPropertyValueException.class)
				.rootCause()
				.hasMessageContaining("tidemark.databases.one.mode"));
		assertThat(database.value("SELECT to_regnamespace('one')")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "resolve.rank=1", "undo.to=1", "plan.format=json", "background.on-failure=stop",
			"inspection.timeout=1s", "report.file=r.json" })
	void whatIsSaidOfTheApplicationIsNotSaidOfADatabase(String property, TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.one." + property)
			.run((context) -> assertThat(context.getStartupFailure()).hasMessageContaining(
					"as tidemark." + property.substring(0, property.indexOf('=')).replaceFirst("\\..*", "")));
	}

	@Test
	void aDecisionIsAboutTheDatabaseThatItNames(TestDatabase database) {
		ApplicationContextRunner runner = with(database).withPropertyValues("tidemark.databases.one.schema=one",
				"tidemark.databases.two.schema=two");
		runner.run((context) -> assertThat(context).hasNotFailed());
		database.execute("UPDATE one.tidemark_history SET state = 'interrupted' WHERE rank = 2;"
				+ "UPDATE two.tidemark_history SET state = 'interrupted' WHERE rank = 2");

		runner.withPropertyValues(decision("database=two")).run((context) -> assertThat(context).hasFailed());
		assertThat(database.value("SELECT max(rank) FROM one.tidemark_history")).isEqualTo("3");
		assertThat(database.value("SELECT max(rank) FROM two.tidemark_history")).isEqualTo("4");
	}

	@Test
	void aDecisionIsAboutTheTenantThatItNames(TestDatabase database) {
		ApplicationContextRunner runner = with(database).withPropertyValues("tidemark.tenants.schemas=acme,globex");
		runner.run((context) -> assertThat(context).hasNotFailed());
		database.execute("UPDATE globex.tidemark_history SET state = 'interrupted' WHERE rank = 2");

		runner.withPropertyValues(decision("tenant=globex")).run((context) -> assertThat(context).hasNotFailed());
		assertThat(database.value("SELECT max(rank) FROM globex.tidemark_history")).isEqualTo("4");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			tenant=one       | there are several databases: one, two, many
			database=missing | there is no database named 'missing', only one, two, many
			database=many    | the database many has many tenants
			database=two     | the database two has the mode verify
			""")
	void noDecisionIsGuessed(String choice, String reason, TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two",
					"tidemark.databases.two.mode=verify", "tidemark.databases.many.tenants.schemas=many")
			.withPropertyValues(decision(choice))
			.run((context) -> {
				TidemarkException failure = failure(context.getStartupFailure());
				assertThat(failure.code()).isEqualTo(ErrorCode.DATABASE_UNCLEAR);
				assertThat(failure).hasMessageContaining("tidemark.resolve is about: " + reason);
				assertThat(database.value("SELECT to_regnamespace('one')")).isNull();
			});
	}

	@Test
	void aFailureNamesItsDatabase(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two",
					"tidemark.databases.two.locations=classpath:migrations/failing")
			.run((context) -> {
				TidemarkException failure = failure(context.getStartupFailure());
				assertThat(failure.database()).isEqualTo("two");
				assertThat(new TidemarkFailureAnalyzer().analyze(failure).getDescription())
					.startsWith("Database two: TM-RUN-001");
			});
	}

	@Test
	void aDatabaseCannotEndTheProcessAlone(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.one.mode=migrate-and-exit")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasRootCauseInstanceOf(InvalidConfigurationPropertyValueException.class)
				.rootCause()
				.hasMessageContaining("tidemark.databases.one.mode"));
	}

	@Test
	void aWrongValueIsToldWithTheNameOfItsProperty(TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.order-archive.locks.wait-timeout=-1s")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("tidemark.databases.order-archive.locks.wait-timeout"));
	}

	@Test
	void aCustomizerIsToldWhichDatabaseItChanges(TestDatabase database) {
		with(database).withUserConfiguration(NamedCustomizer.class)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two")
			.run((context) -> {
				assertThat(database.value("SELECT count(*) FROM one.history_of_one")).isEqualTo("3");
				assertThat(database.value("SELECT count(*) FROM two.history_of_two")).isEqualTo("3");
			});
	}

	@Test
	void listenersHearWhoseRunItIs(TestDatabase database) {
		Scopes scopes = new Scopes();
		with(database).withBean(RunListener.class, () -> scopes)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two")
			.run((context) -> assertThat(scopes.names).containsExactly("one", "one", "two", "two"));
	}

	@Test
	void tenantsOfAListAreMigrated(TestDatabase database) {
		with(database).withPropertyValues("tidemark.tenants.schemas=acme,globex").run((context) -> {
			assertThat(context).hasSingleBean(Tenants.class).hasBean("tidemarkTenants").doesNotHaveBean(Tidemark.class);
			assertThat(database.value("SELECT to_regclass('acme.customer')")).isEqualTo("acme.customer");
			assertThat(database.value("SELECT to_regclass('globex.customer')")).isEqualTo("globex.customer");
			assertThat(database.value("SELECT to_regclass('public.customer')")).isNull();
		});
	}

	@Test
	void tenantsOfAListInYamlAreMigrated(TestDatabase database) {
		with(database).withPropertyValues("tidemark.tenants.schemas[0]=acme")
			.run((context) -> assertThat(database.value("SELECT to_regclass('acme.customer')"))
				.isEqualTo("acme.customer"));
	}

	@Test
	void tenantsOfABeanAreMigrated(TestDatabase database) {
		with(database).withBean(TenantSchemas.class, () -> () -> List.of("acme"))
			.run((context) -> assertThat(database.value("SELECT to_regclass('acme.customer')"))
				.isEqualTo("acme.customer"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.tenants.provider=", "tidemark.tenants.schemas=" })
	void tenantsThatAreSetToNothingAreNoTenants(String property, TestDatabase database) {
		with(database).withPropertyValues(property).run((context) -> {
			assertThat(context).hasSingleBean(Tidemark.class).doesNotHaveBean(Tenants.class);
			assertThat(database.value("SELECT to_regclass('customer')")).isEqualTo("customer");
		});
	}

	@Test
	void theNamedOneOfSeveralBeansKnowsTheTenants(TestDatabase database) {
		ofTwo(database).withPropertyValues("tidemark.tenants.provider=one").run((context) -> {
			assertThat(database.value("SELECT to_regclass('acme.customer')")).isEqualTo("acme.customer");
			assertThat(database.value("SELECT to_regnamespace('globex')")).isNull();
		});
	}

	@Test
	void aListNeedsNoneOfSeveralBeans(TestDatabase database) {
		ofTwo(database).withPropertyValues("tidemark.tenants.schemas=initech").run((context) -> {
			assertThat(database.value("SELECT to_regclass('initech.customer')")).isEqualTo("initech.customer");
			assertThat(database.value("SELECT to_regnamespace('acme')")).isNull();
		});
	}

	@Test
	void severalBeansThatKnowTenantsAreTold(TestDatabase database) {
		ofTwo(database).run((context) -> {
			TidemarkException failure = failure(context.getStartupFailure());
			assertThat(failure.code()).isEqualTo(ErrorCode.TENANTS_UNKNOWN);
			assertThat(failure).hasMessageContaining("several TenantSchemas beans, one, other");
		});
	}

	@Test
	void noTenantsIsNoFailure(TestDatabase database) {
		with(database).withBean(TenantSchemas.class, () -> List::of)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Tenants.class));
	}

	@Test
	void tenantsMayBeListedInATableThatAnotherDatabaseMakes(TestDatabase database) {
		with(database).withUserConfiguration(ListedInATable.class)
			.withPropertyValues("tidemark.databases.shared.schema=public",
					"tidemark.databases.apps.tenants.provider=listed",
					"tidemark.databases.apps.locations=classpath:migrations/second")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("sharedTidemark").hasBean("appsTenants");
				assertThat(database.value("SELECT to_regclass('acme.invoice')")).isEqualTo("acme.invoice");
			});
	}

	@Test
	void databasesDoNotInheritTenants(TestDatabase database) {
		with(database)
			.withPropertyValues("tidemark.tenants.schemas=acme", "tidemark.databases.one.schema=one",
					"tidemark.tenants.connections=2")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(Tenants.class).hasBean("oneTidemark");
				assertThat(context.getBean(TidemarkDatabases.class).properties("one").tenants().connections())
					.isEqualTo(2);
			});
	}

	@Test
	void aProviderThatDoesNotExistIsTold(TestDatabase database) {
		with(database).withPropertyValues("tidemark.databases.apps.tenants.provider=missing")
			.run((context) -> assertThat(failure(context.getStartupFailure()).code())
				.isEqualTo(ErrorCode.TENANTS_UNKNOWN));
	}

	@Test
	void tenantsThatFailStopTheStartUnlessThatIsTolerated(TestDatabase database) {
		ApplicationContextRunner failing = with(database).withPropertyValues("tidemark.tenants.schemas=acme",
				"tidemark.locations=classpath:migrations/failing");
		failing.run((context) -> assertThat(failure(context.getStartupFailure()).code())
			.isEqualTo(ErrorCode.TENANTS_FAILED));
		failing.withPropertyValues("tidemark.tenants.on-failure=tolerate")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static ApplicationContextRunner with(TestDatabase database) {
		return Runners.with(database);
	}

	private static String[] decision(String choice) {
		return new String[] { "tidemark.resolve.migration=2", "tidemark.resolve.rank=2", "tidemark.resolve.as=applied",
				"tidemark.resolve." + choice };
	}

	private static String withSearchPath(TestDatabase database, String schema) {
		return database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "currentSchema=" + schema;
	}

	private static ApplicationContextRunner ofTwo(TestDatabase database) {
		return with(database).withBean("one", TenantSchemas.class, () -> () -> List.of("acme"))
			.withBean("other", TenantSchemas.class, () -> () -> List.of("globex"));
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> environment(
			Map<String, Object> variables) {
		return (context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables));
	}

	private static TidemarkConnectionDetails details(TestDatabase database) {
		return new TidemarkConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				return database.jdbcUrl();
			}

			@Override
			public String getUsername() {
				return database.user();
			}

			@Override
			public String getPassword() {
				return database.password();
			}

		};
	}

	private static DataSource dataSource(TestDatabase database) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(database.jdbcUrl());
		dataSource.setUser(database.user());
		dataSource.setPassword(database.password());
		return dataSource;
	}

	private static TidemarkException failure(Throwable thrown) {
		assertThat(thrown).isNotNull();
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof TidemarkException failure) {
				return failure;
			}
		}
		throw new AssertionError("Another failure", thrown);
	}

	@Configuration(proxyBeanMethods = false)
	static class NamedCustomizer {

		@Bean
		TidemarkCustomizer customizer() {
			return new TidemarkCustomizer() {

				@Override
				public void customize(Tidemark.Builder builder) {
					throw new IllegalStateException("Nobody knows whose settings these are");
				}

				@Override
				public void customize(String name, Tidemark.Builder builder) {
					builder.historyTable("history_of_" + name);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListedInATable {

		@Bean
		TenantSchemas listed(DataSource dataSource) {
			return () -> JdbcClient.create(dataSource)
				.sql("SELECT 'acme' FROM pg_class WHERE oid = 'customer'::regclass")
				.query(String.class)
				.list();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ForMigrations {

		@Bean
		@TidemarkDataSource
		DataSource forMigrations(TestDatabase database) {
			return dataSource(database);
		}

	}

	static class Scopes implements RunListener {

		private final List<String> names = new ArrayList<>();

		@Override
		public void runStarted(RunScope scope) {
			this.names.add(scope.tidemark());
		}

		@Override
		public void runFinished(RunResult result) {
			this.names.add(result.scope().tidemark());
		}

	}

}
