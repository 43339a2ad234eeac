package dev.tidemark.autoconfigure.exit;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * A whole application, web server and JPA included, for a process of its own.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ExitingApplication {

	public static void main(String[] arguments) {
		SpringApplication.run(ExitingApplication.class, arguments);
		System.out.println("STARTED");
	}

	/** No migration makes its table, so that JPA must not come to validate it. */
	@Entity
	@Table(name = "nowhere")
	static class Nowhere {

		@Id
		private Long id;

	}

}
