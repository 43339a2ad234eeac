package dev.tidemark.test.clone.boot;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.test.clone.ClonedDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A slice takes connection details of one's own for those of production, and would put an
 * embedded database in their place.
 */
@JdbcTest
@ClonedDatabase
class ReplacedDatabaseTests {

	@Autowired
	private JdbcClient jdbc;

	@Test
	void aCloneIsNotReplaced() {
		assertThat(ShopApplication.database(this.jdbc)).startsWith("tidemark_clone_");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Details {

		@Bean
		JdbcConnectionDetails ownDetails() {
			return new JdbcConnectionDetails() {

				@Override
				public String getUsername() {
					return ShopApplication.ORIGINAL.user();
				}

				@Override
				public String getPassword() {
					return ShopApplication.ORIGINAL.password();
				}

				@Override
				public String getJdbcUrl() {
					return ShopApplication.ORIGINAL.jdbcUrl();
				}

			};
		}

	}

}
