package dev.tidemark.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that warns of properties which
 * nothing reads because their names are misspelt, also where there is no database: that
 * may be why.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
public final class MisspeltPropertiesAutoConfiguration {

	@Bean
	static MisspeltPropertiesWarning tidemarkMisspeltPropertiesWarning(Environment environment) {
		return new MisspeltPropertiesWarning(environment);
	}

}
