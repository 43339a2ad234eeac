package dev.tidemark.autoconfigure.code;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkCustomizer;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.start.TidemarkFailureAnalyzer;
import dev.tidemark.autoconfigure.unregistered.callback.Grants;
import dev.tidemark.autoconfigure.unregistered.harmless.Harmless;
import dev.tidemark.autoconfigure.unregistered.inherited.AddFax;
import dev.tidemark.autoconfigure.unregistered.migration.AddPhone;
import dev.tidemark.autoconfigure.unregistered.nested.Fixture;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.testkit.CompiledClasses;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Migrations and callbacks in the packages of an application, of which nobody has made
 * beans.
 */
@ExtendWith(PostgresExtension.class)
class UnregisteredCodeTests {

	private static ApplicationContextRunner scanning(TestDatabase database, Class<?>... types) {
		return Runners.with(database).withInitializer((context) -> {
			BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context.getBeanFactory();
			for (Class<?> type : types) {
				AutoConfigurationPackages.register(registry, type.getPackageName());
			}
		});
	}

	/** With the filter that Spring Boot gives to each test. */
	private static ApplicationContextRunner inTest(ApplicationContextRunner runner) {
		return runner.withInitializer((context) -> ((BeanDefinitionRegistry) context.getBeanFactory())
			.registerBeanDefinition("testTypeExcludeFilter",
					new RootBeanDefinition("org.springframework.boot.test.context.filter.TestTypeExcludeFilter")));
	}

	private static void assertRefused(ApplicationContextRunner runner, TestDatabase database, Class<?> type,
			String kind) {
		runner.run((context) -> {
			FailureAnalysis analysis = new TidemarkFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("TM-COD-006", "The class " + type.getName() + " is " + kind
					+ " and lies in a package that the application scans, but it is no bean");
			assertThat(analysis.getAction()).contains("@Component", "@Bean",
					"tidemark.files.exclude=" + type.getName().replace('.', '/') + ".class");
			assertThat(database.value("SELECT to_regclass('tidemark_history')")).isNull();
		});
	}

	private static void assertStarts(ApplicationContextRunner runner) {
		runner.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void aMigrationThatIsNoBeanIsRefusedBeforeAnythingRuns(TestDatabase database) {
		assertRefused(scanning(database, AddPhone.class), database, AddPhone.class, "a CodeMigration");
	}

	@Test
	void aCallbackThatIsNoBeanIsRefusedBeforeAnythingRuns(TestDatabase database) {
		assertRefused(scanning(database, Grants.class), database, Grants.class, "a Callback");
	}

	@Test
	void aMigrationByWhatItExtendsIsFoundThoughThatLiesElsewhere(TestDatabase database) {
		assertRefused(scanning(database, AddFax.class), database, AddFax.class, "a CodeMigration");
	}

	@Test
	void aComponentThatNoScanFindsIsRefused(TestDatabase database) {
		Class<?> type = dev.tidemark.autoconfigure.unregistered.component.AddPhone.class;
		assertRefused(scanning(database, type), database, type, "a CodeMigration");
	}

	@ParameterizedTest
	@ValueSource(strings = { "verify", "plan", "background", "migrate-and-exit" })
	void itIsRefusedInEveryModeThatNeedsAllMigrations(String mode, TestDatabase database) {
		assertRefused(scanning(database, AddPhone.class).withPropertyValues("tidemark.mode=" + mode), database,
				AddPhone.class, "a CodeMigration");
	}

	@Test
	void nothingIsRefusedWhereNothingRuns(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class).withPropertyValues("tidemark.mode=off"));
	}

	@Test
	void whatIsABeanStarts(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class, Grants.class).withBean(AddPhone.class).withBean(Grants.class));
	}

	@Test
	void aBeanThatIsKnownByItsInterfaceOnlyStarts(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class).withBean(CodeMigration.class, AddPhone::new));
	}

	@Test
	void whatABeanExtendsStarts(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class, AddFax.class).withBean(AddFax.class));
	}

	@Test
	void aBeanBehindAProxyOfItsInterfaceStarts(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class).withBean(CodeMigration.class, () -> {
			ProxyFactory proxy = new ProxyFactory(CodeMigration.class, (MethodInterceptor) (call) -> call.proceed());
			proxy.setTarget(new AddPhone());
			return (CodeMigration) proxy.getProxy();
		}));
	}

	@Test
	void whatACustomizerAddsToOneOfSeveralDatabasesStarts(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class)
			.withPropertyValues("tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two")
			.withBean(TidemarkCustomizer.class, () -> new TidemarkCustomizer() {

				@Override
				public void customize(Tidemark.Builder builder) {
					throw new IllegalStateException("it is told which database is meant");
				}

				@Override
				public void customize(String database, Tidemark.Builder builder) {
					if (database.equals("one")) {
						builder.migration(new AddPhone());
					}
				}

			}));
	}

	@Test
	void whatIsExcludedStarts(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class)
			.withPropertyValues("tidemark.files.exclude=dev/tidemark/**/unregistered/**"));
	}

	@Test
	void whatOneOfSeveralDatabasesExcludesStarts(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class).withPropertyValues("tidemark.databases.one.schema=one",
				"tidemark.databases.two.schema=two", "tidemark.databases.two.files.exclude=**/AddPhone.class"));
	}

	@Test
	void whatNobodyHasForgottenStarts(TestDatabase database) {
		assertStarts(scanning(database, Harmless.class));
	}

	@Test
	void allClassesAreToldAtOnce(TestDatabase database) {
		scanning(database, AddPhone.class, Grants.class).run((context) -> assertThat(
				new TidemarkFailureAnalyzer().analyze(context.getStartupFailure()).getDescription())
			.contains(AddPhone.class.getName(), Grants.class.getName()));
	}

	@Test
	void componentsThatAreScannedStart(TestDatabase database) {
		assertStarts(scanning(database, dev.tidemark.autoconfigure.unregistered.component.AddPhone.class)
			.withUserConfiguration(Scanning.class));
	}

	@Test
	void whatIsNestedInATestClassStartsInATest(TestDatabase database) {
		assertStarts(inTest(scanning(database, Fixture.class)));
	}

	@Test
	void whatLooksLikeATestClassMeansNothingOutsideOfTests(TestDatabase database) {
		assertRefused(scanning(database, Fixture.class), database, Fixture.AddPhone.class, "a CodeMigration");
	}

	@Test
	void aTestIsToldWhereItsOwnMigrationsMayBe(TestDatabase database) {
		inTest(scanning(database, AddPhone.class))
			.run((context) -> assertThat(new TidemarkFailureAnalyzer().analyze(context.getStartupFailure()).getAction())
				.contains("nest it in the test class"));
	}

	@Test
	void scopedBeansBehindProxiesRunOnce(TestDatabase database) {
		scanning(database, AddPhone.class, Grants.class).withPropertyValues("tidemark.locations=classpath:db/migration")
			.withUserConfiguration(Scoped.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(database.value("SELECT count(*) FROM tidemark_history WHERE version = '3'")).isEqualTo("1");
				assertThat(database.value("SELECT to_regclass('granted')::text")).isEqualTo("granted");
			});
	}

	@Test
	void tidemarksOfOnesOwnKnowTheirCode(TestDatabase database) {
		assertStarts(scanning(database, AddPhone.class).withBean(Tidemark.class,
				() -> Tidemark
					.builder(dev.tidemark.session.connect.ConnectionSource.of(database.jdbcUrl(), database.user(),
							database.password()))
					.migration(new AddPhone())
					.build()));
	}

	@Test
	void aMigrationOfFlywaysIsRefused(@TempDir Path folder, TestDatabase database) throws Exception {
		try (URLClassLoader loader = flyway(folder)) {
			ofFlyway(loader, database).run((context) -> assertThat(
					new TidemarkFailureAnalyzer().analyze(context.getStartupFailure()).getDescription())
				.contains("TM-COD-007", "shop.V5__Foo is a Java migration of Flyway's"));
		}
	}

	@Test
	void aMigrationOfFlywaysIsFlywaysAsLongAsItIsAtWork(@TempDir Path folder, TestDatabase database) throws Exception {
		try (URLClassLoader loader = flyway(folder)) {
			assertStarts(ofFlyway(loader, database).withBean(loader.loadClass("org.flywaydb.core.Flyway")));
		}
	}

	private static URLClassLoader flyway(Path folder) throws IOException {
		Path classes = new CompiledClasses(folder)
			.add("org.flywaydb.core.api.migration.JavaMigration", "public interface JavaMigration { }")
			.add("org.flywaydb.core.Flyway", "public class Flyway { }")
			.add("shop.V5__Foo", "public class V5__Foo implements org.flywaydb.core.api.migration.JavaMigration { }")
			.compile();
		return new URLClassLoader(new URL[] { classes.toUri().toURL() }, UnregisteredCodeTests.class.getClassLoader());
	}

	private static ApplicationContextRunner ofFlyway(ClassLoader loader, TestDatabase database) {
		return Runners.with(database)
			.withClassLoader(loader)
			.withInitializer((context) -> AutoConfigurationPackages
				.register((BeanDefinitionRegistry) context.getBeanFactory(), "shop"));
	}

	@Test
	void aMigrationInALocationIsNoBeanByThat(@TempDir Path folder, TestDatabase database) throws Exception {
		Path classes = new CompiledClasses(folder)
			.add("shop.db.AddFax", "public class AddFax extends " + AddPhone.class.getName() + " { }")
			.compile();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { classes.toUri().toURL() },
				getClass().getClassLoader())) {
			ApplicationContextRunner runner = Runners.with(database)
				.withClassLoader(loader)
				.withPropertyValues("tidemark.locations=classpath:db/migration,classpath:shop/db");
			runner.run((context) -> assertThat(
					new TidemarkFailureAnalyzer().analyze(context.getStartupFailure()).getDescription())
				.contains("TM-COD-006", "shop.db.AddFax is a CodeMigration and lies in a location"));
			assertStarts(runner.withBean(loader.loadClass("shop.db.AddFax")));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ComponentScan(basePackageClasses = dev.tidemark.autoconfigure.unregistered.component.AddPhone.class)
	static class Scanning {

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.INTERFACES)
		CodeMigration addPhone() {
			return new AddPhone();
		}

		@Bean
		@Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
		Grants grants() {
			return new Grants();
		}

	}

}
