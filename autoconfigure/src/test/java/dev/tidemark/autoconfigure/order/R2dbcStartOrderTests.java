package dev.tidemark.autoconfigure.order;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.r2dbc.core.R2dbcEntityTemplate;
import org.springframework.r2dbc.core.DatabaseClient;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that work with R2DBC, and have a JDBC URL for migrations only.
 */
@ExtendWith(PostgresExtension.class)
class R2dbcStartOrderTests {

	@Test
	void whatIsMadeOfDatabaseClientWaits(TestDatabase database) {
		reactive(database).withUserConfiguration(DatabaseClientUser.class)
			.run((context) -> assertThat(context).getBean("customers").isEqualTo(1L));
	}

	@Test
	void whatIsMadeOfATemplateOfOnesOwnWaits(TestDatabase database) {
		reactive(database).withUserConfiguration(TemplateUser.class)
			.run((context) -> assertThat(context).getBean("customers").isEqualTo(1L));
	}

	@Test
	void whatIsMadeOfTheConnectionFactoryDoesNotWait(TestDatabase database) {
		reactive(database).withUserConfiguration(ConnectionFactoryUser.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("relation \"customer\" does not exist"));
	}

	@Test
	void nothingIsMissedWithoutR2dbc(TestDatabase database) {
		Runners.with(database)
			.withClassLoader(
					new FilteredClassLoader("org.springframework.r2dbc", "org.springframework.data.r2dbc", "io.r2dbc"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static ApplicationContextRunner reactive(TestDatabase database) {
		return Runners.withoutDatabase()
			.withBean(ConnectionFactory.class, () -> connectionFactory(database))
			.withPropertyValues("tidemark.connection.url=" + database.jdbcUrl(),
					"tidemark.connection.user=" + database.user(),
					"tidemark.connection.password=" + database.password());
	}

	private static ConnectionFactory connectionFactory(TestDatabase database) {
		String url = database.jdbcUrl().substring("jdbc:".length()).replaceFirst("\\?.*", "");
		return ConnectionFactories.get(ConnectionFactoryOptions.parse("r2dbc:" + url)
			.mutate()
			.option(ConnectionFactoryOptions.USER, database.user())
			.option(ConnectionFactoryOptions.PASSWORD, database.password())
			.build());
	}

	private static Object count(DatabaseClient client) {
		return client.sql("SELECT count(*) FROM customer").mapValue(Long.class).one().block();
	}

	/** The user comes first, so that only the order of their creation decides. */
	@Configuration(proxyBeanMethods = false)
	static class DatabaseClientUser {

		@Bean
		Object customers(DatabaseClient client) {
			return count(client);
		}

		@Bean
		DatabaseClient databaseClient(ConnectionFactory connectionFactory) {
			return DatabaseClient.create(connectionFactory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TemplateUser {

		@Bean
		Object customers(R2dbcEntityTemplate template) {
			return count(template.getDatabaseClient());
		}

		@Bean
		R2dbcEntityTemplate r2dbcEntityTemplate(ConnectionFactory connectionFactory) {
			return new R2dbcEntityTemplate(connectionFactory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConnectionFactoryUser {

		@Bean
		Object customers(ConnectionFactory connectionFactory) {
			return count(DatabaseClient.create(connectionFactory));
		}

	}

}
