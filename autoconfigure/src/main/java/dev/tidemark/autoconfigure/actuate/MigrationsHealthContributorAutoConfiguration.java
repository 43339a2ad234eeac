package dev.tidemark.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.autoconfigure.start.TidemarkAutoConfiguration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for
 * {@link MigrationsHealthIndicator} and {@link TenantsHealthIndicator}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = TidemarkAutoConfiguration.class)
@ConditionalOnClass({ Tidemark.class, ConditionalOnEnabledHealthIndicator.class })
@Conditional(OnMigrations.class)
@ConditionalOnBean(TidemarkProperties.class)
@ConditionalOnEnabledHealthIndicator("migrations")
@RegisterReflectionForBinding(CurrentDescriptor.class)
public final class MigrationsHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "migrationsHealthIndicator", "migrationsHealthContributor" })
	HealthContributor migrationsHealthContributor(Map<String, Tidemark> tidemarks, Map<String, Tenants> tenants,
			TidemarkProperties properties) {
		Map<String, HealthContributor> contributors = new LinkedHashMap<>();
		tidemarks.forEach((name, tidemark) -> contributors.put(name,
				new MigrationsHealthIndicator(tidemark, properties.inspection().timeout())));
		tenants.forEach((name, all) -> contributors.put(name,
				new TenantsHealthIndicator(all, properties.inspection().timeout())));
		return (contributors.size() == 1) ? contributors.values().iterator().next()
				: CompositeHealthContributor.fromMap(contributors);
	}

}
