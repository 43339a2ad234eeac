package dev.tidemark.test.clone.boot;

import java.util.List;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;

import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

/**
 * The application whose contexts work on clones.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ShopApplication {

	/** What the connection details of all contexts name. */
	static final TestDatabase ORIGINAL = PostgresServer.shared().createDatabase();

	static void nameOriginal(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", ORIGINAL::jdbcUrl);
		registry.add("spring.datasource.username", ORIGINAL::user);
		registry.add("spring.datasource.password", ORIGINAL::password);
		registry.add("spring.jpa.hibernate.ddl-auto", () -> "validate");
	}

	static String database(JdbcClient jdbc) {
		return jdbc.sql("SELECT current_database()").query(String.class).single();
	}

	static List<String> tablesOfOriginal() {
		return ORIGINAL.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
	}

	@Entity(name = "customer")
	static class Customer {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		private Long id;

		private String name;

		private String email;

		protected Customer() {
		}

		Customer(String name) {
			this.name = name;
		}

	}

}
