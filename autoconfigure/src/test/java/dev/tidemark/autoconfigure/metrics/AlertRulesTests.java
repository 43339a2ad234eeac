package dev.tidemark.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules of the docs look at what Prometheus is really given. */
@ExtendWith(PostgresExtension.class)
class AlertRulesTests {

	private static final Pattern NAME = Pattern.compile("\\btidemark_[a-z_]+");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=~?\"([^\"]+)\"");

	@Test
	void eachMeterAndEachLabelIsThere(TestDatabase database) throws IOException {
		String rules = Files.readString(Path.of("..", "docs", "tasks", "alert-on-migrations.md"));
		String scrape = Stream
			.of("tidemark.locations=classpath:migrations/failing", "tidemark.schema=mended",
					"tidemark.tenants.schemas=acme")
			.map((property) -> scrape(database, property))
			.collect(Collectors.joining("\n")) + scrapeOfBackfill();

		assertThat(NAME.matcher(rules).results()).hasSizeGreaterThan(5)
			.allSatisfy((name) -> assertThat(scrape).containsPattern("(?m)^" + name.group() + "[{ ]"));
		assertThat(LABEL.matcher(rules)
			.results()
			.flatMap((label) -> Stream.of(label.group(2).split("\\|")).map((value) -> label.group(1) + "=\"" + value)))
			.hasSizeGreaterThan(5)
			.allSatisfy((label) -> assertThat(scrape).contains(label + "\""));
	}

	private static String scrapeOfBackfill() {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		new BackfillMeters(registry).backfillStarted(new RunScope("shop", false),
				BackfillMetersTests.progress(BackfillState.RUNNING));
		return "\n" + registry.scrape();
	}

	/** A registry is closed with its context. */
	private static String scrape(TestDatabase database, String property) {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		StringBuilder scrape = new StringBuilder();
		Runners.with(database)
			.withBean(MeterRegistry.class, () -> registry)
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, ObservationAutoConfiguration.class,
					TidemarkMetricsAutoConfiguration.class, TidemarkObservationAutoConfiguration.class))
			.withPropertyValues(property)
			.run((context) -> scrape.append(registry.scrape()));
		return scrape.toString();
	}

}
