package dev.tidemark.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Set;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

import dev.tidemark.Tidemark;
import dev.tidemark.run.Callback;
import dev.tidemark.run.RunListener;
import dev.tidemark.source.CodeMigration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link Tidemark}.
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

	/** Migrations have to run even if no bean that is needed yet waits for them. */
	@Bean
	static LazyInitializationExcludeFilter tidemarkLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(TidemarkInitializer.class);
	}

	@Bean
	@ConditionalOnMissingBean
	TidemarkInitializer tidemarkInitializer(ObjectProvider<Tidemark> tidemarks, TidemarkProperties properties,
			ObjectProvider<JvmExit> exit) {
		return new TidemarkInitializer(tidemarks.orderedStream().toList(), properties.mode(), properties.resolve(),
				properties.undo(), properties.plan(), exit.getIfAvailable(() -> System::exit));
	}

	@Bean
	BackgroundMigration tidemarkBackgroundMigration(TidemarkInitializer initializer, TidemarkProperties properties) {
		return new BackgroundMigration(initializer, properties.mode(), properties.background());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(Tidemark.class)
	static class TidemarkConfiguration {

		@Bean
		@ConditionalOnMissingBean(TidemarkConnectionDetails.class)
		PropertiesTidemarkConnectionDetails tidemarkConnectionDetails(TidemarkProperties properties) {
			return new PropertiesTidemarkConnectionDetails(properties);
		}

		@Bean
		Tidemark tidemark(TidemarkProperties properties, TidemarkConnectionDetails connectionDetails,
				ObjectProvider<JdbcConnectionDetails> jdbcConnectionDetails, ObjectProvider<DataSource> dataSource,
				@TidemarkDataSource ObjectProvider<DataSource> tidemarkDataSource,
				ObjectProvider<BuildProperties> buildProperties, ObjectProvider<Clock> clock,
				ObjectProvider<CodeMigration> migrations, ObjectProvider<Callback> callbacks,
				ObjectProvider<RunListener> listeners, ObjectProvider<TidemarkCustomizer> customizers,
				ConfigurableApplicationContext context) {
			PropertiesTidemarkCustomizer settings = new PropertiesTidemarkCustomizer(properties);
			ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
			Environment environment = context.getEnvironment();
			ConnectionChoice choice = new ConnectionChoice(beanFactory, environment, connectionDetails,
					jdbcConnectionDetails, dataSource, tidemarkDataSource);
			Tidemark.Builder builder = Tidemark.builder(choice.choose());
			builder.application(environment.getProperty("spring.application.name"),
					version(environment, buildProperties.getIfAvailable()), instance(environment));
			builder.environments(profiles(environment));
			clock.ifUnique(builder::clock);
			EarlyBeans.migrations(migrations).forEach(builder::migration);
			EarlyBeans.callbacks(callbacks).forEach(builder::callback);
			builder.listener(new StartupStepListener(context.getApplicationStartup()));
			listeners.orderedStream().forEach(builder::listener);
			settings.customize(builder);
			customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
			return builder.build();
		}

		private static Set<String> profiles(Environment environment) {
			String[] active = environment.getActiveProfiles();
			return Set.of((active.length > 0) ? active : environment.getDefaultProfiles());
		}

		private static @Nullable String version(Environment environment, @Nullable BuildProperties build) {
			String version = environment.getProperty("spring.application.version");
			return (StringUtils.hasText(version) || build == null) ? version : build.getVersion();
		}

		private static String instance(Environment environment) {
			String host = environment.getProperty("HOSTNAME");
			return (StringUtils.hasText(host) ? host : localHost()) + ":" + ProcessHandle.current().pid();
		}

		private static String localHost() {
			try {
				return InetAddress.getLocalHost().getHostName();
			}
			catch (UnknownHostException ex) {
				return "localhost";
			}
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

	/** An empty variable of the process's environment is no URL. */
	static final class UrlCondition extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionMessage.Builder message = ConditionMessage.forCondition("Tidemark URL");
			return StringUtils.hasText(context.getEnvironment().getProperty("tidemark.url"))
					? ConditionOutcome.match(message.foundExactly("tidemark.url"))
					: ConditionOutcome.noMatch(message.didNotFind("tidemark.url").atAll());
		}

	}

}
