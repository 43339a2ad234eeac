package dev.tidemark.autoconfigure.connection;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.io.support.SpringFactoriesLoader;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionDetailsFactoryTests {

	private final ConnectionDetailsFactories factories = new ConnectionDetailsFactories(
			ConnectionDetailsFactoryTests.class.getClassLoader());

	@Test
	void adaptsWhatDockerComposeSaysOfADatabase() {
		TidemarkConnectionDetails details = (TidemarkConnectionDetails) this.factories
			.getConnectionDetails(new ComposeDatabase(), false)
			.get(TidemarkConnectionDetails.class);
		assertThat(details).isNotNull()
			.extracting(TidemarkConnectionDetails::getJdbcUrl, TidemarkConnectionDetails::getUsername,
					TidemarkConnectionDetails::getPassword)
			.containsExactly("jdbc:postgresql://compose/shop", "ada", "lovelace");
	}

	@Test
	void aFactoryForContainersIsRegistered() {
		List<?> names = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(ConnectionDetailsFactory.class, (type, name, absent) -> {
			})
			.stream()
			.map((factory) -> factory.getClass().getSimpleName())
			.toList();
		assertThat(names).asString().contains("TidemarkContainerConnectionDetailsFactory");
	}

	private static final class ComposeDatabase implements JdbcConnectionDetails {

		@Override
		public String getJdbcUrl() {
			return "jdbc:postgresql://compose/shop";
		}

		@Override
		public String getUsername() {
			return "ada";
		}

		@Override
		public String getPassword() {
			return "lovelace";
		}

	}

}
