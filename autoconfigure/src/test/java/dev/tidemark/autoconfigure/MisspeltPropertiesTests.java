package dev.tidemark.autoconfigure;

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

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class MisspeltPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "tidemark.lock-timout, tidemark.lock-timeout", "tidemark.lockTimout, tidemark.lock-timeout",
			"tidemark.lock.timeout, tidemark.lock-timeout", "tidemark.ulr, tidemark.url",
			"tidemark.location, tidemark.locations", "tidemark.locatons[0], tidemark.locations",
			"tidemark.bakground.on-failure, tidemark.background.on-failure",
			"tidemark.background.on-falure, tidemark.background.on-failure",
			"tidemark.tenant.schemas, tidemark.tenants.schemas",
			"tidemark.placeholder.prefix, tidemark.placeholder-prefix",
			"tidemark.placeholder.app_user, tidemark.placeholders.app_user", "tidemark.skips.1.2, tidemark.skip.1.2",
			"tidemark.instance.orders.url, tidemark.instances.orders.url",
			"tidemark.instances.orders.lock-timout, tidemark.instances.orders.lock-timeout",
			"tidemark.instances.orders.tenant.schemas, tidemark.instances.orders.tenants.schemas",
			"tidemark.reports, tidemark.report", "spring.tidemark.mode, tidemark.mode",
			"spring.tidemark.lock-timout, tidemark.lock-timeout" })
	void theNearestNameIsFound(String name, String meant) {
		assertThat(misspelt(Map.of(name, "x"))).containsExactly(Map.entry(name, meant));
	}

	@ParameterizedTest
	@CsvSource({ "TIDEMARK_LOCKTIMOUT, TIDEMARK_LOCKTIMEOUT", "TIDEMARK_LOCK_TIMOUT, TIDEMARK_LOCKTIMEOUT",
			"tidemark_locktimout, TIDEMARK_LOCKTIMEOUT",
			"TIDEMARK_INSTANCES_ORDERS_LOCKTIMOUT, TIDEMARK_INSTANCES_ORDERS_LOCKTIMEOUT",
			"TIDEMARK_PLACEHOLDER_APP_USER, TIDEMARK_PLACEHOLDERS_APP_USER",
			"TIDEMARK_TENANT_SCHEMAS_0, TIDEMARK_TENANTS_SCHEMAS" })
	void aVariableOfTheProcessIsToldTheNearestVariable(String name, String meant) {
		assertThat(misspelt(process(Map.of(name, "x")))).containsExactly(Map.entry(name, meant));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.lock-timeout", "tidemark.lockTimeout", "tidemark.lock_timeout",
			"tidemark.LOCK-TIMEOUT", "tidemark.locations", "tidemark.locations[0]", "tidemark.lock-retry.max-duration",
			"tidemark.placeholders.a.b", "tidemark.placeholders[flyway:table]", "tidemark.skip.1.2",
			"tidemark.instances.orders.url", "tidemark.instances.orders.placeholders.x",
			"tidemark.instances.orders.tenants.schemas[1]", "tidemark.instances.orders", "tidemark.plan",
			"tidemark.report", "tidemark", "tidemarkable.x", "spring.tidemarks.x", "spring.datasource.url" })
	void aNameThatIsKnownInAnySpellingIsNone(String name) {
		assertThat(misspelt(Map.of(name, "x"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TIDEMARK_LOCKTIMEOUT", "TIDEMARK_LOCK_TIMEOUT", "TIDEMARK_LOCKRETRY_MAXDURATION",
			"TIDEMARK_LOCK_RETRY_MAX_DURATION", "TIDEMARK_LOCATIONS_0", "TIDEMARK_PLACEHOLDERS_APP_USER",
			"TIDEMARK_SKIP_1_2", "TIDEMARK_INSTANCES_ORDERS_LOCK_TIMEOUT", "TIDEMARK_DATA_SOURCE" })
	void aVariableThatIsKnownInAnySpellingIsNone(String name) {
		assertThat(misspelt(process(Map.of(name, "x")))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TIDEMARK_SERVICE_HOST", "TIDEMARK_SERVICE_PORT", "TIDEMARK_SERVICE_PORT_HTTP",
			"TIDEMARK_PORT", "TIDEMARK_PORT_5432_TCP", "TIDEMARK_PORT_5432_TCP_ADDR", "TIDEMARK_PORT_5432_TCP_PROTO",
			"TIDEMARK_REPORTS_SERVICE_HOST", "TIDEMARK_REPORT_PORT", "TIDEMARK_HOME", "TIDEMARK_IMAGE_VERSION",
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
					new ByteArrayResource("tidemark:\n  pasword: s3cret\n".getBytes(StandardCharsets.UTF_8),
							"application.yml"))
			.get(0);
		runner(file, new MapPropertySource("below", Map.of("tidemark.pasword", "s3cret"))).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("TM-CFG-003 Tidemark has no property tidemark.pasword")
				.contains("[application.yml] - 2:12)", "next: Did you mean tidemark.password?", "WARN")
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
			assertThat(output).contains("Did you mean tidemark.url?");
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
				Map.of("tidemark.modes.size", "1", "tidemark.locks.size", "1", "tidemark.modest", "1")))
			.withUserConfiguration(OwnProperties.class)
			.run((context) -> assertThat(output).contains("tidemark.modest")
				.doesNotContain("tidemark.modes.size")
				.doesNotContain("tidemark.locks.size"));
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
		@ConfigurationProperties("tidemark.locks")
		List<String> locks() {
			return List.of();
		}

	}

	@ConfigurationProperties("tidemark.modes")
	record Modes(int size) {
	}

}
