package dev.tidemark.sample.customer;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** The slice migrates too: entities are tested on the schema that production has. */
@DataJpaTest
class CustomerRepositoryTests {

	private final CustomerRepository customers;

	@Autowired
	CustomerRepositoryTests(CustomerRepository customers) {
		this.customers = customers;
	}

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		TestDatabase database = PostgresServer.shared().createDatabase();
		registry.add("spring.datasource.url", database::jdbcUrl);
		registry.add("spring.datasource.username", database::user);
		registry.add("spring.datasource.password", database::password);
	}

	@Test
	void readsBackWhatTheDatabaseGenerates() {
		Customer customer = this.customers.saveAndFlush(new Customer("alan@example.com", "Alan Turing"));
		assertThat(customer.getId()).isNotNull();
		assertThat(customer.getCreatedAt()).isNotNull();
	}

}
