package dev.tidemark.autoconfigure.actuate;

import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class TidemarkSanitizingFunctionTests {

	private static Object shown(String key, String value) {
		SanitizableData data = new SanitizableData(new MapPropertySource("test", Map.of()), key, value);
		return new TidemarkSanitizingFunction().apply(data).getValue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.connection.password", "tidemark.initSql", "TIDEMARK_PLACEHOLDERS_KEY",
			"tidemark.databases.archive.connection.password", "tidemark.databases.order-archive.connection.init-sql",
			"tidemark.databases.archive.placeholders.key", "TIDEMARK_DATABASES_ARCHIVE_CONNECTION_PASSWORD",
			"TIDEMARK_DATABASES_ARCHIVE_PLACEHOLDERS_KEY", "tidemark.backfill.throttle.query",
			"tidemark.databases.archive.backfill.throttle.query" })
	void hidesWhatMayBeASecret(String key) {
		assertThat(shown(key, "hunter2")).isEqualTo(SanitizableData.SANITIZED_VALUE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.connection.url", "tidemark.databases.archive.connection.url",
			"TIDEMARK_DATABASES_ARCHIVE_CONNECTION_URL" })
	void masksThePasswordInAUrl(String key) {
		assertThat(shown(key, "jdbc:postgresql://host/db?password=hunter2")).asString()
			.startsWith("jdbc:postgresql://host/db")
			.doesNotContain("hunter2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.schema", "tidemark.databases.archive.schema", "spring.datasource.name",
			"tidemark.backfill.throttle.slots" })
	void showsTheRest(String key) {
		assertThat(shown(key, "archive")).isEqualTo("archive");
	}

}
