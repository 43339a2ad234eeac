package dev.tidemark.autoconfigure.testcontainers;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Needs no Docker: the container says that it runs already.
 */
class TidemarkContainerConnectionDetailsFactoryTests {

	@Test
	void aContainerSaysWhereToMigrate() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class))
			.withUserConfiguration(Containers.class)
			.run((context) -> assertThat(context.getBean(TidemarkConnectionDetails.class))
				.extracting(TidemarkConnectionDetails::getJdbcUrl, TidemarkConnectionDetails::getUsername,
						TidemarkConnectionDetails::getPassword)
				.containsExactly("jdbc:postgresql://container/shop", "ada", "lovelace"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Containers {

		@Bean
		@ServiceConnection
		PostgreSQLContainer database() {
			return new StartedContainer();
		}

	}

	private static final class StartedContainer extends PostgreSQLContainer {

		private StartedContainer() {
			super("postgres:18");
			withUsername("ada");
			withPassword("lovelace");
		}

		@Override
		public void start() {
		}

		@Override
		public void stop() {
		}

		@Override
		public String getJdbcUrl() {
			return "jdbc:postgresql://container/shop";
		}

		@Override
		public Set<Integer> getLivenessCheckPortNumbers() {
			return Set.of();
		}

	}

}
