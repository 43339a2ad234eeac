package dev.tidemark.autoconfigure.order;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class StartOrderTests {

	@ParameterizedTest
	@ValueSource(strings = { "spring.jpa.bootstrap=default", "spring.jpa.bootstrap=async",
			"spring.main.lazy-initialization=true", "spring.datasource.connection-fetch=lazy" })
	void hibernateFindsTheSchemaThatTheSameStartMade(String property, TestDatabase database) {
		withJpa(database).withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			Object email = context.getBean(EntityManagerFactory.class)
				.createEntityManager()
				.createQuery("select c.email from StartOrderTests$Customer c")
				.getSingleResult();
			assertThat(email).isEqualTo("ada@example.com");
		});
	}

	@Test
	void hibernateFindsTheSchemaThatWasMadeOnABorrowedConnection(TestDatabase database) {
		withJpa(database)
			.withPropertyValues("spring.datasource.url=" + database.jdbcUrl().replace("jdbc:", "jdbc:p6spy:"),
					"spring.datasource.driver-class-name=com.p6spy.engine.spy.P6SpyDriver")
			.run((context) -> assertThat(context).hasSingleBean(EntityManagerFactory.class));
	}

	@Test
	void hibernateRefusesTheSchemaWithoutMigrations(TestDatabase database) {
		withJpa(database).withPropertyValues("tidemark.mode=off")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("missing table [customer]"));
	}

	@Test
	void whatIsMadeOfJdbcTemplateWaits(TestDatabase database) {
		Runners.with(database)
			.withConfiguration(AutoConfigurations.of(JdbcTemplateAutoConfiguration.class))
			.withUserConfiguration(JdbcTemplateUser.class)
			.run((context) -> assertThat(context).getBean("customers").isEqualTo(1));
	}

	@Test
	void whatIsMadeOfJdbcClientWaits(TestDatabase database) {
		Runners.with(database)
			.withConfiguration(
					AutoConfigurations.of(JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class))
			.withUserConfiguration(JdbcClientUser.class)
			.run((context) -> assertThat(context).getBean("customers").isEqualTo(1));
	}

	@Test
	void whatIsMadeOfJooqWaits(TestDatabase database) {
		Runners.with(database)
			.withConfiguration(AutoConfigurations.of(JooqAutoConfiguration.class))
			.withUserConfiguration(JooqUser.class)
			.run((context) -> assertThat(context).getBean("customers").isEqualTo(1));
	}

	@Test
	void whatIsAnnotatedWaits(TestDatabase database) {
		Runners.with(database)
			.withBean(TestDatabase.class, () -> database)
			.withUserConfiguration(AnnotatedUser.class)
			.run((context) -> assertThat(context).getBean("customers").isEqualTo("1"));
	}

	@Test
	void migratesUnderLazyInitializationIfNothingAsksForTheDatabase(TestDatabase database) {
		Runners.with(database)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(database.value("SELECT count(*) FROM customer")).isEqualTo("1"));
	}

	@Test
	void scriptsOfBootRunAfterMigrations(TestDatabase database) {
		Runners.with(database)
			.withConfiguration(AutoConfigurations.of(DataSourceInitializationAutoConfiguration.class))
			.withPropertyValues("spring.sql.init.mode=always",
					"spring.sql.init.schema-locations=classpath:schema-after.sql")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(database.value("SELECT to_regclass('customer_note')")).isEqualTo("customer_note");
			});
	}

	private static ApplicationContextRunner withJpa(TestDatabase database) {
		return Runners.with(database)
			.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class,
					TransactionAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
			.withInitializer((context) -> {
				if (context.getEnvironment().getProperty("spring.main.lazy-initialization", Boolean.class, false)) {
					context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
				}
			})
			.withPropertyValues("spring.jpa.hibernate.ddl-auto=validate")
			.withUserConfiguration(Entities.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = Customer.class)
	static class Entities {

	}

	@Entity
	@Table(name = "customer")
	static class Customer {

		@Id
		private Long id;

		@Column(columnDefinition = "text")
		private String name;

		@Column(columnDefinition = "text")
		private String email;

	}

	@Configuration(proxyBeanMethods = false)
	static class JdbcTemplateUser {

		@Bean
		Integer customers(JdbcTemplate jdbc) {
			return jdbc.queryForObject("SELECT count(*) FROM customer", Integer.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JdbcClientUser {

		@Bean
		Integer customers(JdbcClient jdbc) {
			return jdbc.sql("SELECT count(*) FROM customer").query(Integer.class).single();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JooqUser {

		@Bean
		Integer customers(DSLContext jooq) {
			return jooq.fetchCount(jooq.selectFrom("customer"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AnnotatedUser {

		@Bean
		@DependsOnDatabaseInitialization
		String customers(TestDatabase database) {
			return String.valueOf(database.value("SELECT count(*) FROM customer"));
		}

	}

}
