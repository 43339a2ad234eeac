package dev.tidemark.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Configuration;

import dev.tidemark.autoconfigure.actuate.MigrationsEndpoint;
import dev.tidemark.autoconfigure.actuate.MigrationsEndpointAutoConfiguration;
import dev.tidemark.autoconfigure.actuate.MigrationsHealthContributorAutoConfiguration;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.metrics.TidemarkMetricsAutoConfiguration;
import dev.tidemark.autoconfigure.metrics.TidemarkObservationAutoConfiguration;
import dev.tidemark.run.RunListener;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class AbsentDependenciesTests {

	@ParameterizedTest
	@ValueSource(
			strings = { "org.springframework.boot.actuate", "org.springframework.boot.health", "io.micrometer.core",
					"io.micrometer.observation", "org.testcontainers", "org.springframework.boot.testcontainers" })
	void everythingElseWorksWithout(String packageName, TestDatabase database) {
		Runners.with(database)
			.withUserConfiguration(Optional.class)
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withClassLoader(new FilteredClassLoader(packageName))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("3");
				assertThat(context.getBeansOfType(MigrationsEndpoint.class))
					.hasSize(packageName.endsWith("actuate") ? 0 : 1);
				assertThat(context.containsBean("migrationsHealthContributor"))
					.isEqualTo(!packageName.endsWith("health"));
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { MeterRegistry.class, ObservationRegistry.class })
	void nothingIsMeasuredWithoutRegistry(Class<?> registry, TestDatabase database) {
		Runners.with(database)
			.withConfiguration(AutoConfigurations.of(TidemarkMetricsAutoConfiguration.class,
					TidemarkObservationAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(registry).doesNotHaveBean(RunListener.class));
	}

	/**
	 * Imported by name, as in an application: annotations that are not there are not
	 * read.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MigrationsEndpointAutoConfiguration.class,
			MigrationsHealthContributorAutoConfiguration.class, TidemarkMetricsAutoConfiguration.class,
			TidemarkObservationAutoConfiguration.class })
	static class Optional {

	}

}
