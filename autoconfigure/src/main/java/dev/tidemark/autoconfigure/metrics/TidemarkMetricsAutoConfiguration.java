package dev.tidemark.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import dev.tidemark.Tidemark;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of migrations.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({ Tidemark.class, MeterRegistry.class })
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
public final class TidemarkMetricsAutoConfiguration {

	@Bean
	MeterRunListener tidemarkMeterRunListener(MeterRegistry registry) {
		return new MeterRunListener(registry);
	}

	@Bean
	BackfillMeters tidemarkBackfillMeters(MeterRegistry registry) {
		return new BackfillMeters(registry);
	}

}
