package dev.tidemark.autoconfigure.start;

import java.util.Set;

import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.autoconfigure.early.Subscriber;
import dev.tidemark.autoconfigure.early.migration.AddMail;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that work in a run.
 */
@ExtendWith(PostgresExtension.class)
class EarlyBeansTests {

	@Test
	void aMigrationThatIsABeanRunsInItsPlace(TestDatabase database) {
		Runners.with(database).withUserConfiguration(Migrating.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(database.rows("SELECT rank, version, script LIKE '%AddPhone' FROM tidemark_history"
					+ " WHERE rank > 1 ORDER BY rank"))
				.containsExactly("2|2|f", "3|3|t", "4||f");
			assertThat(database.value("SELECT phone FROM customer")).isEqualTo("none");
		});
	}

	@Test
	void callbacksThatAreBeansRunInTheirOrder(TestDatabase database) {
		Runners.with(database).withUserConfiguration(CallingBack.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(database.rows("SELECT what FROM told ORDER BY id")).containsExactly("first", "second");
		});
	}

	@Test
	void hibernateFindsWhatAMigrationInJavaMade(TestDatabase database) {
		withJpa(database).withUserConfiguration(Migrating.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(EntityManagerFactory.class)
				.createEntityManager()
				.createQuery("select s.phone from Subscriber s")
				.getSingleResult()).isEqualTo("none");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aMigrationThatNeedsJpaIsTold(boolean lazy, TestDatabase database) {
		withJpa(database).withInitializer((context) -> {
			if (lazy) {
				context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
			}
		})
			.withUserConfiguration(NeedingJpa.class)
			.run((context) -> assertThatIsTooEarly(context, "The migration bean 'copyNames' needs",
					"copyNames -> entityManagerFactory"));
	}

	@Test
	void aMigrationThatNeedsJpaIsToldToWhatAsksForJpaFirst(TestDatabase database) {
		withJpa(database).withUserConfiguration(UsingJpaFirst.class, NeedingJpa.class)
			.run((context) -> assertThatIsTooEarly(context, "'copyNames'", "entityManagerFactory"));
	}

	@Test
	void aMigrationThatNeedsTheJdbcClientOfTheApplicationIsTold(TestDatabase database) {
		Runners.with(database)
			.withConfiguration(
					AutoConfigurations.of(JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class))
			.withUserConfiguration(NeedingJdbcClient.class)
			.run((context) -> assertThatIsTooEarly(context,
					"The migration bean 'copyNames' needs what is only there after the migrations"));
	}

	@ParameterizedTest
	@ValueSource(classes = { AskingForJpa.class, CallingBackAskingForJpa.class })
	void codeThatAsksForJpaOnlyWhenItIsCalledIsToldToo(Class<?> configuration, TestDatabase database) {
		withJpa(database).withUserConfiguration(configuration).run((context) -> {
			FailureAnalysis analysis = new TidemarkFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).startsWith("TM-COD-004 ")
				.contains("asks for a bean that waits for the migrations", "'entityManagerFactory'");
			assertThat(analysis.getAction()).contains("JdbcClient that the", "ApplicationRunner");
		});
	}

	@Test
	void plainClassesOfAPackageAreFoundByTheirType(TestDatabase database) {
		Runners.with(database).withUserConfiguration(Scanning.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(database.rows("SELECT version, description FROM tidemark_history WHERE version = '3'"))
				.containsExactly("3|AddMail");
		});
	}

	@Test
	void aCallbackThatNeedsJpaIsTold(TestDatabase database) {
		withJpa(database).withUserConfiguration(CallingBackWithJpa.class)
			.run((context) -> assertThatIsTooEarly(context, "The callback bean 'grants' needs",
					"entityManagerFactory"));
	}

	@Test
	void otherFailuresOfABeanAreItsOwn(TestDatabase database) {
		Runners.with(database)
			.withUserConfiguration(Failing.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(IllegalStateException.class)
				.hasMessage("no bean today"));
	}

	private static void assertThatIsTooEarly(AssertableApplicationContext context, String... description) {
		FailureAnalysis analysis = new TidemarkFailureAnalyzer().analyze(context.getStartupFailure());
		assertThat(analysis.getDescription()).startsWith("TM-COD-004 ").contains(description);
		assertThat(analysis.getAction()).contains("JdbcClient that the", "ApplicationRunner");
		assertThat(((TidemarkException) analysis.getCause()).code()).isEqualTo(ErrorCode.CODE_TOO_EARLY);
		assertThat(context.getStartupFailure()).rootCause().isInstanceOf(TidemarkException.class);
	}

	private static ApplicationContextRunner withJpa(TestDatabase database) {
		return Runners.with(database)
			.withConfiguration(
					AutoConfigurations.of(HibernateJpaAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withPropertyValues("spring.jpa.hibernate.ddl-auto=validate")
			.withUserConfiguration(Entities.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = Subscriber.class)
	static class Entities {

	}

	@Configuration(proxyBeanMethods = false)
	static class Migrating {

		@Bean
		AddPhone addPhone() {
			return new AddPhone();
		}

	}

	static class AddPhone implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("3");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			jdbc.client().sql("ALTER TABLE customer ADD COLUMN phone text").update();
			jdbc.client().sql("UPDATE customer SET phone = :phone").param("phone", "none").update();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedingJpa {

		@Bean
		AddPhone copyNames(EntityManagerFactory entities) {
			return new AddPhone();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ComponentScan(basePackageClasses = AddMail.class, useDefaultFilters = false,
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = CodeMigration.class))
	static class Scanning {

	}

	@Configuration(proxyBeanMethods = false)
	static class AskingForJpa {

		@Bean
		AddPhone copyNames(ObjectProvider<EntityManagerFactory> entities) {
			return new AddPhone() {

				@Override
				public void migrate(JdbcContext jdbc) {
					entities.getObject().createEntityManager();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CallingBackAskingForJpa {

		@Bean
		Telling grants(@Lazy EntityManagerFactory entities) {
			return new Telling("SELECT 1") {

				@Override
				public void call(CallbackContext context) {
					entities.createEntityManager();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsingJpaFirst {

		@Bean
		String first(EntityManagerFactory entities) {
			return "first";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedingJdbcClient {

		@Bean
		AddPhone copyNames(JdbcClient jdbc) {
			return new AddPhone();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		AddPhone copyNames() {
			throw new IllegalStateException("no bean today");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CallingBack {

		@Bean
		@Order(2)
		Telling second() {
			return new Telling("INSERT INTO told (what) VALUES ('second')");
		}

		@Bean
		@Order(1)
		Telling first() {
			return new Telling("CREATE TABLE told (id serial, what text); INSERT INTO told (what) VALUES ('first')");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CallingBackWithJpa {

		@Bean
		Telling grants(EntityManagerFactory entities) {
			return new Telling("SELECT 1");
		}

	}

	static class Telling implements Callback {

		private final String sql;

		Telling(String sql) {
			this.sql = sql;
		}

		@Override
		public Set<CallbackEvent> events() {
			return Set.of(CallbackEvent.AFTER_MIGRATE);
		}

		@Override
		public void call(CallbackContext context) {
			context.operations().execute(this.sql);
		}

	}

}
