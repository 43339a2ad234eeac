package dev.tidemark.autoconfigure.start;

import javax.sql.DataSource;

import org.postgresql.Driver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.autoconfigure.TidemarkDataSource;
import dev.tidemark.autoconfigure.connection.PropertiesTidemarkConnectionDetails;
import dev.tidemark.autoconfigure.database.TidemarkDatabases;
import dev.tidemark.autoconfigure.database.TidemarkFactory;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.tenant.TenantSchemas;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link Tenants} of
 * {@code tidemark.tenants.*} or of a {@link TenantSchemas} bean, which take the place of
 * the one schema.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { DataSourceAutoConfiguration.class, TidemarkDatabasesAutoConfiguration.class },
		before = TidemarkAutoConfiguration.class)
@ConditionalOnClass({ Tidemark.class, Driver.class })
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
@Conditional({ TidemarkTenantsAutoConfiguration.TenantsCondition.class,
		TidemarkAutoConfiguration.DatabaseCondition.class })
@ConditionalOnMissingBean({ Tidemark.class, Tenants.class, TidemarkDatabases.class })
@EnableConfigurationProperties(TidemarkProperties.class)
public final class TidemarkTenantsAutoConfiguration {

	/** The name of the bean, in whose presence there is no single schema. */
	static final String BEAN = "tidemarkTenants";

	@Bean(BEAN)
	Tenants tidemarkTenants(TidemarkProperties properties, ObjectProvider<TidemarkConnectionDetails> details,
			ConfigurableApplicationContext context, @TidemarkDataSource ObjectProvider<DataSource> tidemarkDataSource,
			ObjectProvider<TenantSchemas> schemas) {
		TidemarkFactory factory = new TidemarkFactory(context, tidemarkDataSource);
		Tidemark tidemark = factory.tidemark(properties,
				details.getIfAvailable(() -> new PropertiesTidemarkConnectionDetails(properties.connection())));
		return factory.tenants(tidemark, properties.tenants(), schemas);
	}

	/** Somebody has to know the tenants. */
	static final class TenantsCondition extends AnyNestedCondition {

		TenantsCondition() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(TenantSchemas.class)
		static class OnTenantSchemas {

		}

		@Conditional(NamedCondition.class)
		static class OnNames {

		}

	}

	/** Properties name the tenants, or who knows them. */
	static final class NamedCondition extends OnTextCondition {

		NamedCondition() {
			super("tidemark.tenants.schemas", "tidemark.tenants.schemas[0]", "tidemark.tenants.provider");
		}

	}

}
