package dev.tidemark.autoconfigure.actuate;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.autoconfigure.start.TidemarkAutoConfiguration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MigrationsEndpoint} and
 * its web extension. What writes answer with is named here, as the types that they return
 * do not say it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = TidemarkAutoConfiguration.class)
@ConditionalOnClass({ Tidemark.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(MigrationsEndpoint.class)
@RegisterReflectionForBinding({ BackfillDescriptor.class, DryRunDescriptor.class, PausedDescriptor.class,
		RefusalDescriptor.class, UndoDescriptor.class })
public final class MigrationsEndpointAutoConfiguration {

	@Bean
	@Conditional(OnMigrations.class)
	@ConditionalOnBean(TidemarkProperties.class)
	@ConditionalOnMissingBean
	MigrationsEndpoint migrationsEndpoint(ApplicationContext context, TidemarkProperties properties) {
		return new MigrationsEndpoint(context, properties.inspection().timeout());
	}

	@Bean
	@ConditionalOnBean(MigrationsEndpoint.class)
	@ConditionalOnAvailableEndpoint(endpoint = MigrationsEndpoint.class, exposure = EndpointExposure.WEB)
	@ConditionalOnMissingBean
	MigrationsEndpointWebExtension migrationsEndpointWebExtension(MigrationsEndpoint endpoint) {
		return new MigrationsEndpointWebExtension(endpoint);
	}

}
