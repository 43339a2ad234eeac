package dev.tidemark.test.clone.boot;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import dev.tidemark.test.clone.ClonedDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@JdbcTest
@ClonedDatabase
class JdbcSliceTests {

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		ShopApplication.nameOriginal(registry);
	}

	@Test
	void theSliceWorksOnAClone() {
		assertThat(ShopApplication.database(this.jdbc)).startsWith("tidemark_clone_");
		assertThat(this.jdbc.sql("SELECT name FROM customer_names").query(String.class).single()).isEqualTo("Ada");
		assertThat(ShopApplication.tablesOfOriginal()).isEmpty();
	}

}
