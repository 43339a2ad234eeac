package dev.tidemark.autoconfigure.slices;

import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@JooqTest
class JooqSliceTests {

	@Autowired
	private DSLContext jooq;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		SliceApplication.useFreshDatabase(registry);
	}

	@Test
	void runsMigrations() {
		assertThat(this.jooq.fetchValue("SELECT email FROM customer")).isEqualTo("ada@example.com");
	}

}
