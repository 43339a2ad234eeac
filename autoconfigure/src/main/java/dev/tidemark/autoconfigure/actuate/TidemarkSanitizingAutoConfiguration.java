package dev.tidemark.autoconfigure.actuate;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import dev.tidemark.Tidemark;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what the endpoints {@code env}
 * and {@code configprops} show of Tidemark.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass({ Tidemark.class, SanitizingFunction.class })
public final class TidemarkSanitizingAutoConfiguration {

	@Bean
	TidemarkSanitizingFunction tidemarkSanitizingFunction() {
		return new TidemarkSanitizingFunction();
	}

}
