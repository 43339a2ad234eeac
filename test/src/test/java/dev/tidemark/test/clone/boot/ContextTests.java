package dev.tidemark.test.clone.boot;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import dev.tidemark.test.clone.ClonedDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test classes with the same configuration share a context, and with it the clone; those
 * with another one have another clone of the same template.
 */
@SpringBootTest
@ClonedDatabase
class ContextTests {

	private static final Map<String, String> DATABASES = new ConcurrentHashMap<>();

	private static final Map<String, String> MAKERS = new ConcurrentHashMap<>();

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		ShopApplication.nameOriginal(registry);
	}

	@Test
	void first(TestInfo test) {
		look(test);
	}

	private void look(TestInfo test) {
		assertThat(this.jdbc.sql("SELECT name FROM customer_names").query(String.class).single()).isEqualTo("Ada");
		DATABASES.put(test.getDisplayName(), ShopApplication.database(this.jdbc));
		MAKERS.put(test.getDisplayName(),
				this.jdbc.sql("SELECT DISTINCT deployment_id FROM tidemark_history").query(String.class).single());
	}

	@Nested
	class WithTheSameConfiguration {

		@Test
		void second(TestInfo test) {
			look(test);
		}

	}

	@Nested
	@TestPropertySource(properties = "shop.currency=EUR")
	class WithAnotherConfiguration {

		@Autowired
		private JdbcClient jdbc;

		@Test
		void third(TestInfo test) {
			DATABASES.put(test.getDisplayName(), ShopApplication.database(this.jdbc));
			MAKERS.put(test.getDisplayName(),
					this.jdbc.sql("SELECT DISTINCT deployment_id FROM tidemark_history").query(String.class).single());
		}

	}

	@AfterAll
	static void compare() {
		assertThat(DATABASES.values()).hasSize(3).allMatch((name) -> name.startsWith("tidemark_clone_"));
		assertThat(DATABASES.get("second(TestInfo)")).isEqualTo(DATABASES.get("first(TestInfo)"));
		assertThat(DATABASES.get("third(TestInfo)")).isNotEqualTo(DATABASES.get("first(TestInfo)"));
		assertThat(MAKERS.values()).hasSize(3).containsOnly(MAKERS.get("first(TestInfo)"));
		assertThat(ShopApplication.tablesOfOriginal()).isEmpty();
	}

}
