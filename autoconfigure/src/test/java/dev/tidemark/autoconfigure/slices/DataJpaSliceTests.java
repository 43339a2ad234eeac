package dev.tidemark.autoconfigure.slices;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jpa.test.autoconfigure.TestEntityManager;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@DataJpaTest
class DataJpaSliceTests {

	@Autowired
	private TestEntityManager entities;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		SliceApplication.useFreshDatabase(registry);
	}

	@Test
	void runsMigrations() {
		assertThat(this.entities.getEntityManager()
			.createQuery("select c.email from SliceApplication$Customer c")
			.getSingleResult()).isEqualTo("ada@example.com");
	}

}
