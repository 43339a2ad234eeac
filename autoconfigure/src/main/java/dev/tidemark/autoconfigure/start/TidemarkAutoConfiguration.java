package dev.tidemark.autoconfigure.start;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import org.postgresql.Driver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ExitCodeExceptionMapper;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.autoconfigure.TidemarkDataSource;
import dev.tidemark.autoconfigure.backfill.BackfillLifecycle;
import dev.tidemark.autoconfigure.backfill.ReadinessProbe;
import dev.tidemark.autoconfigure.binding.FlywayPropertiesWarning;
import dev.tidemark.autoconfigure.binding.UnusableValueHandler;
import dev.tidemark.autoconfigure.binding.VersionConverter;
import dev.tidemark.autoconfigure.code.UnregisteredCode;
import dev.tidemark.autoconfigure.connection.PropertiesTidemarkConnectionDetails;
import dev.tidemark.autoconfigure.database.TidemarkDatabases;
import dev.tidemark.autoconfigure.database.TidemarkFactory;
import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.output.StartFailure;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.error.TidemarkException;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link Tidemark}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnClass({ Tidemark.class, Driver.class })
@Conditional(TidemarkAutoConfiguration.DatabaseCondition.class)
@ConditionalOnBooleanProperty(name = "tidemark.enabled", matchIfMissing = true)
@EnableConfigurationProperties(TidemarkProperties.class)
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class TidemarkAutoConfiguration {

	@Bean
	@ConfigurationPropertiesBinding
	static VersionConverter tidemarkVersionConverter() {
		return new VersionConverter();
	}

	@Bean
	@ConditionalOnMissingClass("org.flywaydb.core.Flyway")
	static FlywayPropertiesWarning tidemarkFlywayPropertiesWarning(Environment environment) {
		return new FlywayPropertiesWarning(environment);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ClosedContextListeners tidemarkClosedContextListeners(ConfigurableListableBeanFactory beans) {
		return new ClosedContextListeners(beans);
	}

	/** It is needed before all else of ours, and with it what cares for exit codes. */
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ConfigurationPropertiesBindHandlerAdvisor tidemarkBindHandlerAdvisor(ClosedContextListeners listeners) {
		return UnusableValueHandler::after;
	}

	/** Migrations have to run even if no bean that is needed yet waits for them. */
	@Bean
	static LazyInitializationExcludeFilter tidemarkLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(TidemarkInitializer.class);
	}

	@Bean
	@ConditionalOnMissingBean
	TidemarkInitializer tidemarkInitializer(ObjectProvider<Tidemark> tidemarks, ObjectProvider<Tenants> tenants,
			ObjectProvider<TidemarkDatabases> databases, TidemarkProperties properties, ObjectProvider<JvmExit> exit,
			ConfigurableApplicationContext context) {
		boolean readiness = ReadinessProbe.isShown(context.getBeanFactory(), context.getEnvironment());
		TidemarkDatabases several = databases.getIfAvailable();
		StartBackfills backfills = new StartBackfills(
				(name) -> BackfillChoice.of((several != null) ? several.properties(name) : properties, readiness));
		List<StartTarget> targets = new ArrayList<>();
		tidemarks.orderedStream().map(StartTarget::of).forEach(targets::add);
		tenants.orderedStream().map(StartTarget::of).forEach(targets::add);
		if (several != null) {
			targets.replaceAll((target) -> target.in(several.mode(target.name())));
		}
		return new TidemarkInitializer(targets, StartSettings.of(properties), backfills,
				exit.getIfAvailable(() -> System::exit), new UnregisteredCode(context));
	}

	/** Where a runner of the application migrates, its failure has our exit code too. */
	@Bean
	ExitCodeExceptionMapper tidemarkExitCodeExceptionMapper() {
		return (exception) -> isGivenByApplication(exception) ? 0
				: StartFailure.in(exception).map((failure) -> failure.exitCode().number()).orElse(0);
	}

	/**
	 * Boot asks mappers first, but an exception that brings its own code knows better.
	 */
	private static boolean isGivenByApplication(Throwable exception) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		for (Throwable cause = exception; cause != null && seen.add(cause); cause = cause.getCause()) {
			if (cause instanceof TidemarkException || cause instanceof UnusablePropertyException) {
				return false;
			}
			if (cause instanceof ExitCodeGenerator) {
				return true;
			}
		}
		return false;
	}

	@Bean
	BackgroundMigration tidemarkBackgroundMigration(TidemarkInitializer initializer, TidemarkProperties properties) {
		return new BackgroundMigration(initializer, properties.mode(), properties.background());
	}

	@Bean
	BackfillLifecycle tidemarkBackfillLifecycle(TidemarkInitializer initializer,
			ConfigurableApplicationContext context) {
		return new BackfillLifecycle(context, initializer::leftBackfills);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(value = { Tidemark.class, TidemarkDatabases.class },
			name = TidemarkTenantsAutoConfiguration.BEAN)
	static class TidemarkConfiguration {

		@Bean
		@ConditionalOnMissingBean(TidemarkConnectionDetails.class)
		PropertiesTidemarkConnectionDetails tidemarkConnectionDetails(TidemarkProperties properties) {
			return new PropertiesTidemarkConnectionDetails(properties.connection());
		}

		@Bean
		Tidemark tidemark(TidemarkProperties properties, TidemarkConnectionDetails connectionDetails,
				@TidemarkDataSource ObjectProvider<DataSource> tidemarkDataSource,
				ConfigurableApplicationContext context) {
			return new TidemarkFactory(context, tidemarkDataSource).tidemark(properties, connectionDetails);
		}

	}

	/** There has to be something to migrate. */
	static final class DatabaseCondition extends AnyNestedCondition {

		DatabaseCondition() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(Tidemark.class)
		static class OnTidemark {

		}

		@ConditionalOnBean(Tenants.class)
		static class OnTenants {

		}

		@ConditionalOnBean(TidemarkDatabases.class)
		static class OnDatabases {

		}

		@ConditionalOnBean(DataSource.class)
		static class OnDataSource {

		}

		@ConditionalOnBean(JdbcConnectionDetails.class)
		static class OnJdbcConnectionDetails {

		}

		@ConditionalOnBean(TidemarkConnectionDetails.class)
		static class OnTidemarkConnectionDetails {

		}

		@Conditional(UrlCondition.class)
		static class OnUrl {

		}

	}

	/** A connection of its own needs no {@code DataSource}. */
	static final class UrlCondition extends OnTextCondition {

		UrlCondition() {
			super("tidemark.connection.url");
		}

	}

}
