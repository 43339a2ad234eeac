package dev.tidemark.autoconfigure.start;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that warns of migration files which
 * nothing is going to run.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = TidemarkAutoConfiguration.class,
		afterName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(value = TidemarkInitializer.class, type = "org.flywaydb.core.Flyway")
public final class UnusedMigrationsAutoConfiguration {

	@Bean
	static UnusedMigrationsWarning tidemarkUnusedMigrationsWarning(Environment environment) {
		return new UnusedMigrationsWarning(environment);
	}

}
