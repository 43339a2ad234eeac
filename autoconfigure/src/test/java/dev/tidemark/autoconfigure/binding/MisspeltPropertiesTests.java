package dev.tidemark.autoconfigure.binding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import dev.tidemark.autoconfigure.fixture.MetadataClassLoader;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.start.TidemarkInitializer;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class MisspeltPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "tidemark.locks.timout, tidemark.locks.timeout",
			"tidemark.locks.maxDuraton, tidemark.locks.max-duration", "tidemark.lock.timeout, tidemark.locks.timeout",
			"tidemark.lock-timout, tidemark.locks.timeout", "tidemark.connection.ulr, tidemark.connection.url",
			"tidemark.ulr, tidemark.connection.url", "tidemark.conection.url, tidemark.connection.url",
			"tidemark.location, tidemark.locations", "tidemark.locatons[0], tidemark.locations",
			"tidemark.bakground.on-failure, tidemark.background.on-failure",
			"tidemark.background.on-falure, tidemark.background.on-failure",
			"tidemark.tenant.schemas, tidemark.tenants.schemas",
			"tidemark.placeholders-prefix, tidemark.placeholder.prefix",
			"tidemark.placeholder.app_user, tidemark.placeholders.app_user",
			"tidemark.run.skips.1.2, tidemark.run.skip.1.2",
			"tidemark.database.orders.schema, tidemark.databases.orders.schema",
			"tidemark.databases.orders.locks.timout, tidemark.databases.orders.locks.timeout",
			"tidemark.databases.orders.tenant.schemas, tidemark.databases.orders.tenants.schemas",
			"tidemark.reports.file, tidemark.report.file", "spring.tidemark.mode, tidemark.mode",
			"spring.tidemark.locks.timout, tidemark.locks.timeout" })
	void theNearestNameIsFound(String name, String meant) {
		assertThat(misspelt(Map.of(name, "x"))).containsExactly(Map.entry(name, meant));
	}

	@ParameterizedTest
	@CsvSource({ "TIDEMARK_LOCKS_TIMOUT, TIDEMARK_LOCKS_TIMEOUT", "TIDEMARK_LOCKTIMOUT, TIDEMARK_LOCKS_TIMEOUT",
			"tidemark_locks_timout, TIDEMARK_LOCKS_TIMEOUT",
			"TIDEMARK_DATABASES_ORDERS_LOCKSTIMOUT, TIDEMARK_DATABASES_ORDERS_LOCKS_TIMEOUT",
			"TIDEMARK_PLACEHOLDER_APP_USER, TIDEMARK_PLACEHOLDERS_APP_USER",
			"TIDEMARK_TENANT_SCHEMAS_0, TIDEMARK_TENANTS_SCHEMAS" })
	void aVariableOfTheProcessIsToldTheNearestVariable(String name, String meant) {
		assertThat(misspelt(process(Map.of(name, "x")))).containsExactly(Map.entry(name, meant));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.locks.timeout", "tidemark.locks.maxDuration", "tidemark.locks.max_duration",
			"tidemark.locks.MAX-DURATION", "tidemark.locations", "tidemark.locations[0]", "tidemark.files.exclude[0]",
			"tidemark.placeholders.a.b", "tidemark.placeholders[flyway:table]", "tidemark.run.skip.1.2",
			"tidemark.databases.orders.connection.url", "tidemark.databases.orders.placeholders.x",
			"tidemark.databases.orders.tenants.schemas[1]", "tidemark.databases.orders", "tidemark.plan",
			"tidemark.report.file", "tidemark", "tidemarkable.x", "spring.tidemarks.x", "spring.datasource.url" })
	void aNameThatIsKnownInAnySpellingIsNone(String name) {
		assertThat(misspelt(Map.of(name, "x"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TIDEMARK_LOCKS_MAXDURATION", "TIDEMARK_LOCKS_MAX_DURATION", "TIDEMARK_HISTORY_TABLE",
			"TIDEMARK_LOCATIONS_0", "TIDEMARK_PLACEHOLDERS_APP_USER", "TIDEMARK_REPORT_FILE", "TIDEMARK_RUN_SKIP_1_2",
			"TIDEMARK_DATABASES_ORDERS_LOCKS_MAX_DURATION", "TIDEMARK_CONNECTION_DATA_SOURCE" })
	void aVariableThatIsKnownInAnySpellingIsNone(String name) {
		assertThat(misspelt(process(Map.of(name, "x")))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TIDEMARK_SERVICE_HOST", "TIDEMARK_SERVICE_PORT", "TIDEMARK_SERVICE_PORT_HTTP",
			"TIDEMARK_PORT", "TIDEMARK_PORT_5432_TCP", "TIDEMARK_PORT_5432_TCP_ADDR", "TIDEMARK_PORT_5432_TCP_PROTO",
			"TIDEMARK_TAG_SERVICE_HOST", "TIDEMARK_REPORT_PORT", "TIDEMARK_HOME", "TIDEMARK_IMAGE_VERSION",
			"TIDEMARK" })
	void whatOthersSetForAServiceOfThatNameIsNone(String name) {
		assertThat(misspelt(process(Map.of(name, "x")))).isEmpty();
	}

	@Test
	void aNameThatIsLikeNoneIsToldWhereOnlyPeopleSetNames() {
		assertThat(misspelt(Map.of("tidemark.cleaning-disabled", "x")))
			.containsExactly(Map.entry("tidemark.cleaning-disabled", ""));
		assertThat(misspelt(new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
				Map.of("tidemark.index.skip", "x"))))
			.isEmpty();
	}

	@Test
	void anArgumentOfTheCommandLineIsLookedAt() {
		assertThat(misspelt(new SimpleCommandLinePropertySource("--tidemark.mod=status")))
			.containsExactly(Map.entry("tidemark.mod", "tidemark.mode"));
	}

	@Test
	void theWarningSaysWhereItIsSetButNotToWhat(CapturedOutput output) throws IOException {
		PropertySource<?> file = new YamlPropertySourceLoader()
			.load("file",
					new ByteArrayResource(
							"tidemark:\n  connection:\n    pasword: s3cret\n".getBytes(StandardCharsets.UTF_8),
							"application.yml"))
			.get(0);
		runner(file, new MapPropertySource("below", Map.of("tidemark.connection.pasword", "s3cret"))).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("TM-CFG-003 Tidemark has no property tidemark.connection.pasword")
				.contains("[application.yml] - 3:14)", "next: Did you mean tidemark.connection.password?", "WARN")
				.doesNotContain("s3cret");
		});
	}

	@Test
	void theSecretsOfWhereItIsSetAreMasked(CapturedOutput output) {
		runner(new MapPropertySource("https://me:s3cret@config/app.yml", Map.of("tidemark.mod", "x")))
			.run((context) -> assertThat(output).contains("tidemark.mod").doesNotContain("s3cret"));
	}

	@Test
	void thePropertyThatALackingDatabaseNeedsIsToldOfToo(CapturedOutput output) {
		runner(new MapPropertySource("set", Map.of("tidemark.ulr", "jdbc:postgresql:x"))).run((context) -> {
			assertThat(context).doesNotHaveBean(TidemarkInitializer.class);
			assertThat(output).contains("Did you mean tidemark.connection.url?");
		});
	}

	@Test
	void nothingIsSaidWhereTidemarkIsDisabled(CapturedOutput output) {
		runner(new MapPropertySource("set", Map.of("tidemark.ulr", "x", "tidemark.enabled", "false")))
			.run((context) -> assertThat(output).doesNotContain("TM-CFG-003"));
	}

	@Test
	void whatBeansOfTheApplicationReadIsTheirs(CapturedOutput output) {
		runner(new MapPropertySource("set",
				Map.of("tidemark.modes.size", "1", "tidemark.bolts.size", "1", "tidemark.modest", "1")))
			.withUserConfiguration(OwnProperties.class)
			.run((context) -> assertThat(output).contains("tidemark.modest")
				.doesNotContain("tidemark.modes.size")
				.doesNotContain("tidemark.bolts.size"));
	}

	@Test
	void whatTheMetadataOfAnotherModuleKnowsIsTheirs(CapturedOutput output) {
		ClassLoader withMetadata = new MetadataClassLoader(
				"{\"properties\":[{\"name\":\"tidemark.test.clone.enabled\"},{\"name\":\"tidemark.mode\"}]}");
		runner(new MapPropertySource("set",
				Map.of("tidemark.test.clone.enabled", "true", "tidemark.test.clone.enable", "true")))
			.withClassLoader(withMetadata)
			.run((context) -> assertThat(output).contains("tidemark.test.clone.enable ")
				.doesNotContain("tidemark.test.clone.enabled"));
	}

	private static ApplicationContextRunner runner(PropertySource<?>... sources) {
		return Runners.withoutDatabase()
			.withConfiguration(AutoConfigurations.of(MisspeltPropertiesAutoConfiguration.class))
			.withInitializer((context) -> Arrays.stream(sources)
				.forEach((source) -> context.getEnvironment().getPropertySources().addLast(source)));
	}

	private static Map<String, String> misspelt(Map<String, Object> properties) {
		return misspelt(new MapPropertySource("set", properties));
	}

	private static Map<String, String> misspelt(PropertySource<?> source) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((other) -> environment.getPropertySources().remove(other.getName()));
		environment.getPropertySources().addFirst(source);
		Map<String, String> misspelt = new LinkedHashMap<>();
		MisspeltProperties.in(environment).forEach((property) -> misspelt.put(property.name(), text(property.meant())));
		return misspelt;
	}

	private static String text(@Nullable String text) {
		return (text != null) ? text : "";
	}

	private static PropertySource<?> process(Map<String, Object> variables) {
		return new SystemEnvironmentPropertySource("systemEnvironment", variables);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(Modes.class)
	static class OwnProperties {

		@Bean
		@ConfigurationProperties("tidemark.bolts")
		List<String> bolts() {
			return List.of();
		}

	}

	@ConfigurationProperties("tidemark.modes")
	record Modes(int size) {
	}

}
