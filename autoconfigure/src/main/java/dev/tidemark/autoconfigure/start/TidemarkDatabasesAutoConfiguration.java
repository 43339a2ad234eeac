package dev.tidemark.autoconfigure.start;

import javax.sql.DataSource;

import org.postgresql.Driver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkDataSource;
import dev.tidemark.autoconfigure.database.TidemarkDatabases;
import dev.tidemark.autoconfigure.database.TidemarkFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for several {@link Tidemark
 * Tidemarks} of {@code tidemark.databases.<name>.*}, which take the place of the one
 * without a name.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class, before = TidemarkAutoConfiguration.class)
@ConditionalOnClass({ Tidemark.class, Driver.class })
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
@Conditional(TidemarkDatabasesAutoConfiguration.DatabasesCondition.class)
@Import(TidemarkDatabasesRegistrar.class)
public final class TidemarkDatabasesAutoConfiguration {

	@Bean
	TidemarkFactory tidemarkFactory(ConfigurableApplicationContext context,
			@TidemarkDataSource ObjectProvider<DataSource> tidemarkDataSource) {
		return new TidemarkFactory(context, tidemarkDataSource);
	}

	@Bean
	TidemarkDatabases tidemarkDatabases(ConfigurableApplicationContext context) {
		return new TidemarkDatabases(context.getEnvironment());
	}

	/** A database is there as soon as one of its properties is. */
	static final class DatabasesCondition extends SpringBootCondition {

		private static final ConfigurationPropertyName DATABASES = ConfigurationPropertyName
			.of(TidemarkDatabases.PREFIX);

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionMessage.Builder message = ConditionMessage.forCondition("Tidemark databases");
			return hasNames(context.getEnvironment())
					? ConditionOutcome.match(message.foundExactly(TidemarkDatabases.PREFIX))
					: ConditionOutcome.noMatch(message.didNotFind(TidemarkDatabases.PREFIX).atAll());
		}

		/** Most applications have none, and find that out at little cost. */
		private static boolean hasNames(Environment environment) {
			for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
				if (source.containsDescendantOf(DATABASES) == ConfigurationPropertyState.PRESENT) {
					return !new TidemarkDatabases(environment).names().isEmpty();
				}
			}
			return false;
		}

	}

}
