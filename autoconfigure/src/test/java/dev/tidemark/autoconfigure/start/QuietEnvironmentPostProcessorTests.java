package dev.tidemark.autoconfigure.start;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

class QuietEnvironmentPostProcessorTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void isFoundByBoot() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
			.load(EnvironmentPostProcessor.class, (factoryType, name, failure) -> {
			})).hasAtLeastOneElementOfType(QuietEnvironmentPostProcessor.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "status", "STATUS", "plan" })
	void whoOnlyPrintsShowsNoBannerAndNothingButWarnings(String mode) {
		quiet(Map.of("tidemark.mode", mode, "logging.level.root", "debug", "spring.main.banner-mode", "console"));

		assertThat(property("spring.main.banner-mode")).isEqualTo("off");
		assertThat(property("spring.main.lazy-initialization")).isEqualTo("true");
		assertThat(property("logging.level.root")).isEqualTo("warn");
		assertThat(property("logging.threshold.console")).isEqualTo("warn");
	}

	@Test
	void whereJsonIsPrintedNoWarningStandsInIt() {
		quiet(Map.of("tidemark.mode", "status", "tidemark.status.format", "json"));

		assertThat(property("logging.threshold.console")).isEqualTo("error");
	}

	@Test
	void theCommandLineMayAskForMore() {
		quiet(Map.of(), "--tidemark.mode=status", "--logging.threshold.console=info");

		assertThat(property("logging.threshold.console")).isEqualTo("info");
		assertThat(property("logging.level.root")).isEqualTo("warn");
	}

	@Test
	void whereNothingOfOursIsThereNothingIsKeptQuiet() {
		quiet(Map.of("tidemark.mode", "status", "tidemark.enabled", "false"));

		assertThat(property("spring.main.banner-mode")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "migrate", "migrate-and-exit", "verify" })
	void everyOtherModeIsLeftAlone(String mode) {
		quiet(Map.of("tidemark.mode", mode));

		assertThat(property("spring.main.banner-mode")).isNull();
		assertThat(property("logging.level.root")).isNull();
	}

	private void quiet(Map<String, Object> configuration, String... commandLine) {
		this.environment.getPropertySources().addLast(new MapPropertySource("application", configuration));
		if (commandLine.length > 0) {
			this.environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(commandLine));
		}
		new QuietEnvironmentPostProcessor().postProcessEnvironment(this.environment,
				new SpringApplication(Object.class));
	}

	private String property(String name) {
		return this.environment.getProperty(name);
	}

}
