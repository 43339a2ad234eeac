package dev.tidemark.autoconfigure.metrics;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import dev.tidemark.Tidemark;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the observation of migrations.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass({ Tidemark.class, ObservationRegistry.class })
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
public final class TidemarkObservationAutoConfiguration {

	@Bean
	ObservationRunListener tidemarkObservationRunListener(ObservationRegistry registry) {
		return new ObservationRunListener(registry);
	}

}
