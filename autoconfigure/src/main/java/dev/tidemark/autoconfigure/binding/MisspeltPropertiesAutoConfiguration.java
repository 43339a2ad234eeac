package dev.tidemark.autoconfigure.binding;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

import dev.tidemark.autoconfigure.properties.TidemarkProperties;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that warns of properties which
 * nothing reads because their names are misspelt, also where there is no database: that
 * may be why.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ImportRuntimeHints(MisspeltPropertiesAutoConfiguration.Hints.class)
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
public final class MisspeltPropertiesAutoConfiguration {

	@Bean
	static MisspeltPropertiesWarning tidemarkMisspeltPropertiesWarning(Environment environment) {
		return new MisspeltPropertiesWarning(environment);
	}

	/** What names are known is read in an image too, with a database or without. */
	static class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			BindableRuntimeHintsRegistrar.forTypes(TidemarkProperties.class).registerHints(hints);
			hints.resources().registerPattern(PropertiesOfOthers.METADATA);
		}

	}

}
