package dev.tidemark.autoconfigure.slices;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@DataJdbcTest
class DataJdbcSliceTests {

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		SliceApplication.useFreshDatabase(registry);
	}

	@Test
	void runsMigrations() {
		assertThat(this.jdbc.sql("SELECT email FROM customer").query(String.class).single())
			.isEqualTo("ada@example.com");
	}

}
