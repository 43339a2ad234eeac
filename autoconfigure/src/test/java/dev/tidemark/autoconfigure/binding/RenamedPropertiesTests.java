package dev.tidemark.autoconfigure.binding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RenamedPropertiesTests {

	private static final Path UPGRADING = Path.of("..", "UPGRADING.md");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `tidemark\\.([^`]+)` \\| `tidemark\\.([^`]+)` \\|$");

	private final PropertyNames known = PropertyNames.ofTidemark();

	@Test
	void theTableOfThePageIsTheSame() throws IOException {
		Map<String, String> rows = new LinkedHashMap<>();
		ROW.matcher(Files.readString(UPGRADING))
			.results()
			.forEach((row) -> rows.put(withoutName(row.group(1)), withoutName(row.group(2))));
		assertThat(rows).containsExactlyEntriesOf(RenamedProperties.NAMES);
	}

	private static String withoutName(String name) {
		return name.replace(".<name>.*", "");
	}

	@Test
	void everyNewNameIsThatOfAPropertyAndNoOldOneIs() {
		assertThat(RenamedProperties.NAMES.values()).doesNotHaveDuplicates()
			.allMatch((name) -> this.known.contain(elements(name)));
		assertThat(RenamedProperties.NAMES.keySet()).filteredOn((name) -> this.known.contain(elements(name)))
			.as("is a group now")
			.containsExactly("report");
	}

	private static List<String> elements(String name) {
		return List.of(name.replace("-", "").split("\\."));
	}

	@ParameterizedTest
	@CsvSource({ "tidemark.lock-timeout, tidemark.locks.timeout", "tidemark.lockTimeout, tidemark.locks.timeout",
			"tidemark.lock-retry.max-duration, tidemark.locks.max-duration", "tidemark.url, tidemark.connection.url",
			"tidemark.exclude[1], tidemark.files.exclude[1]", "tidemark.skip.1.2, tidemark.run.skip.1.2",
			"tidemark.report, tidemark.report.file", "tidemark.resolve.instance, tidemark.resolve.database",
			"tidemark.instances.orders.schema, tidemark.databases.orders.schema",
			"tidemark.instances.orderArchive.data-source, tidemark.databases.orderArchive.connection.data-source",
			"tidemark.instances.orders.skip.7, tidemark.databases.orders.run.skip.7",
			"tidemark.databases.orders.history-table, tidemark.databases.orders.history.table",
			"spring.tidemark.lock-timeout, tidemark.locks.timeout" })
	void anOldNameIsToldTheNewOne(String old, String name, CapturedOutput output) {
		starts(new MapPropertySource("set", Map.of(old, "1")));
		assertThat(output).containsOnlyOnce("Tidemark has no property " + old + " (")
			.contains("next: It is called " + name + " now.");
	}

	@ParameterizedTest
	@CsvSource({ "TIDEMARK_LOCKTIMEOUT, TIDEMARK_LOCKS_TIMEOUT", "TIDEMARK_LOCK_TIMEOUT, TIDEMARK_LOCKS_TIMEOUT",
			"TIDEMARK_LOCKRETRY_MAXDURATION, TIDEMARK_LOCKS_MAXDURATION",
			"TIDEMARK_LOCK_RETRY_MAX_DURATION, TIDEMARK_LOCKS_MAXDURATION", "TIDEMARK_URL, TIDEMARK_CONNECTION_URL",
			"TIDEMARK_SKIP_1_2, TIDEMARK_RUN_SKIP_1_2", "TIDEMARK_EXCLUDE_0, TIDEMARK_FILES_EXCLUDE_0",
			"TIDEMARK_REPORT, TIDEMARK_REPORT_FILE", "TIDEMARK_UNDO_INSTANCE, TIDEMARK_UNDO_DATABASE",
			"TIDEMARK_INSTANCES_ORDERS_SCHEMA, TIDEMARK_DATABASES_ORDERS_SCHEMA",
			"TIDEMARK_INSTANCES_ORDERS_DATA_SOURCE, TIDEMARK_DATABASES_ORDERS_CONNECTION_DATASOURCE",
			"TIDEMARK_DATABASES_ORDERS_HISTORYTABLE, TIDEMARK_DATABASES_ORDERS_HISTORY_TABLE" })
	void anOldVariableIsToldTheNewOne(String old, String name, CapturedOutput output) {
		starts(new SystemEnvironmentPropertySource("systemEnvironment", Map.of(old, "1")));
		assertThat(output).containsOnlyOnce("Tidemark has no property " + old + " (")
			.contains("next: It is called " + name + " now.");
	}

	@Test
	void theLineOfAFileIsNamed(CapturedOutput output) throws IOException {
		starts(new YamlPropertySourceLoader()
			.load("file",
					new ByteArrayResource("tidemark:\n  lock-timeout: 3s\n".getBytes(StandardCharsets.UTF_8),
							"application.yml"))
			.get(0));
		assertThat(output).contains("tidemark.lock-timeout", "[application.yml] - 2:17",
				"It is called tidemark.locks.timeout now.");
	}

	private static void starts(PropertySource<?> source) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MisspeltPropertiesAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addLast(source))
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
