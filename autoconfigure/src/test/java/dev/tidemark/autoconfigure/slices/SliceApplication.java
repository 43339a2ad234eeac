package dev.tidemark.autoconfigure.slices;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresServer;

/**
 * The application that the test slices cut from.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SliceApplication {

	static void useFreshDatabase(DynamicPropertyRegistry registry) {
		for (String property : Runners.dataSource(PostgresServer.shared().createDatabase())) {
			int equals = property.indexOf('=');
			registry.add(property.substring(0, equals), () -> property.substring(equals + 1));
		}
		registry.add("spring.jpa.hibernate.ddl-auto", () -> "validate");
	}

	@Entity
	@Table(name = "customer")
	static class Customer {

		@Id
		private Long id;

		private String name;

		private String email;

	}

}
