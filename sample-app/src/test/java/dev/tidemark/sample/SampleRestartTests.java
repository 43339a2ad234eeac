package dev.tidemark.sample;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.builder.SpringApplicationBuilder;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class SampleRestartTests {

	@Test
	void secondStartAppliesNothing(TestDatabase database) {
		start(database);
		List<String> history = database.rows("SELECT * FROM tidemark_history ORDER BY 1");
		start(database);
		assertThat(history).hasSize(16);
		assertThat(database.rows("SELECT * FROM tidemark_history ORDER BY 1")).isEqualTo(history);
	}

	private static void start(TestDatabase database) {
		new SpringApplicationBuilder(SampleApplication.class)
			.properties("spring.datasource.url=" + database.jdbcUrl(), "spring.datasource.username=" + database.user(),
					"spring.datasource.password=" + database.password(), "server.port=0")
			.run()
			.close();
	}

}
