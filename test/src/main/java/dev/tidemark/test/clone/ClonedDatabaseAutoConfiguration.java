package dev.tidemark.test.clone;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link ClonedDatabase}.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(TidemarkConnectionDetails.class)
@ConditionalOnBooleanProperty("tidemark.test.clone.enabled")
public final class ClonedDatabaseAutoConfiguration {

	@Bean
	static ClonedDatabasePostProcessor clonedDatabasePostProcessor(Environment environment) {
		return new ClonedDatabasePostProcessor(environment.getProperty("tidemark.test.clone.from"));
	}

}
