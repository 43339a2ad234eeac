package dev.tidemark.autoconfigure.secure;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The passwords of an application that logs all it can and shows all it has are neither
 * in its log nor at an endpoint, nor in a meter or an observation.
 */
@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class SecretsOfAnApplicationTests {

	private static final String CANARY = "c4n4ry-hunter2";

	private final TestDatabase database;

	private final String role;

	@TempDir
	private Path folder;

	SecretsOfAnApplicationTests(TestDatabase database) {
		this.database = database;
		this.role = "migrator_" + database.name();
	}

	@BeforeEach
	void createRole() throws IOException {
		this.database.execute("CREATE ROLE " + this.role + " LOGIN PASSWORD '" + CANARY
				+ "'; GRANT ALL ON SCHEMA public TO " + this.role);
		Files.writeString(this.folder.resolve("V1__a.sql"),
				"CREATE TABLE account (id int PRIMARY KEY, password text UNIQUE);"
						+ " INSERT INTO account VALUES (1, '${app_password}')");
		SecureApplication.Configuration.OBSERVED.clear();
	}

	@AfterEach
	void dropRole() {
		this.database.execute("DROP OWNED BY " + this.role + "; DROP ROLE " + this.role);
	}

	private Map<String, Object> properties() {
		Map<String, Object> properties = new HashMap<>();
		properties.put("tidemark.connection.url", this.database.jdbcUrl() + "?sslpassword=" + CANARY);
		properties.put("tidemark.connection.user", this.role);
		properties.put("tidemark.connection.password", CANARY);
		properties.put("TIDEMARK_PLACEHOLDERS_OTHER", CANARY);
		properties.put("tidemark.placeholders.app_password", CANARY);
		properties.put("tidemark.connection.init-sql", "SET app.secret = '" + CANARY + "'");
		properties.put("tidemark.locations", "filesystem:" + this.folder);
		properties.put("management.endpoint.env.show-values", "always");
		properties.put("management.endpoint.configprops.show-values", "always");
		properties.put("management.endpoint.health.show-details", "always");
		properties.put("logging.level.root", "trace");
		// What the driver and JdbcTemplate log at this level is SQL as they get it.
		properties.put("logging.level.org.postgresql", "info");
		properties.put("logging.level.org.springframework.jdbc", "info");
		return properties;
	}

	@Test
	void ofOneThatStarts(CapturedOutput output) {
		StringBuilder seen = new StringBuilder();
		try (SecureApplication application = SecureApplication.start(this.database, properties())) {
			for (String path : List.of("migrations", "migrations/1", "health", "env",
					"env/tidemark.connection.password", "env/tidemark.connection.init-sql",
					"env/tidemark.connection.url", "configprops", "configprops/tidemark", "metrics", "beans",
					"conditions", "loggers", "mappings", "info")) {
				var answer = application.get("/actuator/" + path);
				assertThat(answer.statusCode()).as(path).isEqualTo(200);
				seen.append(path).append(' ').append(answer.body()).append('\n');
			}
			JsonMapper.shared()
				.readTree(application.get("/actuator/metrics").body())
				.path("names")
				.valueStream()
				.forEach((name) -> seen.append(application.get("/actuator/metrics/" + name.asString("")).body())
					.append('\n'));
		}
		assertThat(seen).contains("tidemark.connection.password", "tidemark.run", "\"state\":\"up-to-date\"");
		assertThat(lines(seen.toString())).allSatisfy((line) -> assertThat(line).doesNotContain("c4n4ry", "hunter2"));
		assertThat(SecureApplication.Configuration.OBSERVED).isNotEmpty()
			.allSatisfy((observed) -> assertThat(observed).doesNotContain("c4n4ry", "hunter2"));
		assertThat(lines(output.getAll())).hasSizeGreaterThan(100)
			.allSatisfy((line) -> assertThat(line).doesNotContain("c4n4ry", "hunter2"));
	}

	@Test
	void ofOneThatFails(CapturedOutput output) throws IOException {
		Files.writeString(this.folder.resolve("V2__b.sql"),
				"INSERT INTO account SELECT 2, password FROM account; ALTER ROLE nobody PASSWORD '" + CANARY + "'");

		Throwable failure = catchThrowable(() -> SecureApplication.start(this.database, properties()));

		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		assertThat(trace.toString()).contains("TM-RUN-001", "23505").doesNotContain("c4n4ry", "hunter2");
		assertThat(output).contains("TM-RUN-001");
		assertThat(lines(output.getAll())).allSatisfy((line) -> assertThat(line).doesNotContain("c4n4ry", "hunter2"));
		assertThat(SecureApplication.Configuration.OBSERVED).isNotEmpty()
			.allSatisfy((observed) -> assertThat(observed).doesNotContain("c4n4ry", "hunter2"));
		assertThat(this.database.rows("SELECT h::text FROM tidemark_history h"))
			.allSatisfy((row) -> assertThat(row).doesNotContain("c4n4ry", "hunter2"));
		Map<String, Object> off = properties();
		off.put("tidemark.mode", "off");
		try (SecureApplication application = SecureApplication.start(this.database, off)) {
			assertThat(
					application.get("/actuator/migrations").body() + application.get("/actuator/migrations/2").body())
				.contains("TM-RUN-001")
				.doesNotContain("c4n4ry", "hunter2");
		}
	}

	private static List<String> lines(String text) {
		return text.lines().toList();
	}

}
