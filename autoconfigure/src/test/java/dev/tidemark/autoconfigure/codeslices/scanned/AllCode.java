package dev.tidemark.autoconfigure.codeslices.scanned;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a slice does with migrations and callbacks in Java.
 */
abstract class AllCode {

	@Autowired
	private Tidemark tidemark;

	@Autowired
	private Environment environment;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		TestDatabase database = PostgresServer.shared().createDatabase();
		for (String property : Runners.dataSource(database)) {
			int equals = property.indexOf('=');
			registry.add(property.substring(0, equals), () -> property.substring(equals + 1));
		}
	}

	@Test
	void migratesAsTheApplicationDoesSoThatItStartsOnTheSameDatabase() {
		assertThat(this.tidemark.plan().isEmpty()).isTrue();

		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(CodeApplication.class)
			.web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + this.environment.getProperty("spring.datasource.url"),
					"spring.datasource.username=" + this.environment.getProperty("spring.datasource.username"),
					"spring.datasource.password=" + this.environment.getProperty("spring.datasource.password"),
					"management.endpoints.access.default=none")
			.run()) {
			Tidemark full = application.getBean(Tidemark.class);

			assertThat(full.fingerprint()).isNotBlank();
			assertThat(application.getBean(org.springframework.jdbc.core.simple.JdbcClient.class)
				.sql("SELECT count(*), count(*) FILTER (WHERE script LIKE '%AddPhone'), to_regclass('reader')"
						+ " FROM tidemark_history")
				.query((row, number) -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3))
				.single()).isEqualTo("4 1 reader");
		}
	}

}
