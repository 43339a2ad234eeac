package dev.tidemark.autoconfigure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.UnsupportedDataSourcePropertyException;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;
import org.springframework.core.type.MethodMetadata;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.ConnectionSource;

/**
 * Chooses where migrations connect to. An own connection goes before a borrowed one: it
 * does not count against the pool, and nobody else ever sees its session.
 */
final class ConnectionChoice {

	private static final String HIKARI = "spring.datasource.hikari.";

	/**
	 * What a pool sets for short statements would cut migrations off, and how the driver
	 * sends scripts is the engine's to say.
	 */
	private static final Set<String> NOT_TAKEN_OVER = Set.of(PGProperty.APPLICATION_NAME.getName(),
			PGProperty.ASSUME_MIN_SERVER_VERSION.getName(), PGProperty.PREFER_QUERY_MODE.getName(),
			PGProperty.SOCKET_TIMEOUT.getName(), PGProperty.CONNECT_TIMEOUT.getName(),
			PGProperty.LOGIN_TIMEOUT.getName(), PGProperty.READ_ONLY.getName());

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	private final String prefix;

	private final boolean own;

	private final TidemarkConnectionDetails details;

	private final ObjectProvider<JdbcConnectionDetails> jdbcDetails;

	private final ObjectProvider<DataSource> dataSource;

	private final ObjectProvider<DataSource> tidemarkDataSource;

	/**
	 * Prepares a choice.
	 * @param prefix how the properties begin that decide it
	 * @param own whether they name a database themselves, so that what is said of all
	 * counts for nothing
	 * @param details the URL, user and password
	 * @param tidemarkDataSource the one that is meant for migrations
	 */
	ConnectionChoice(ConfigurableListableBeanFactory beanFactory, Environment environment, String prefix, boolean own,
			TidemarkConnectionDetails details, ObjectProvider<DataSource> tidemarkDataSource) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.prefix = prefix;
		this.own = own;
		this.details = details;
		this.jdbcDetails = beanFactory.getBeanProvider(JdbcConnectionDetails.class);
		this.dataSource = beanFactory.getBeanProvider(DataSource.class);
		this.tidemarkDataSource = tidemarkDataSource;
	}

	/**
	 * Chooses the connection.
	 * @param dataSourceName the name of the bean that was asked for, or {@code null}
	 */
	ConnectionSource choose(@Nullable String dataSourceName) {
		if (dataSourceName == null) {
			return choose();
		}
		DataSource named = named(dataSourceName);
		return hasOwnCredentials() ? derivedFrom(named) : borrowed(named);
	}

	private DataSource named(String name) {
		try {
			return this.beanFactory.getBean(name, DataSource.class);
		}
		catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException ex) {
			String[] others = this.beanFactory.getBeanNamesForType(DataSource.class, true, false);
			throw new TidemarkException(Problem.error(ErrorCode.DATA_SOURCE, null,
					"There is no DataSource bean named '" + name + "'; "
							+ ((others.length > 0) ? "there are " + String.join(", ", others) : "there is none at all")
							+ ".",
					"Correct " + (this.own ? this.prefix : "tidemark.") + "data-source, or define the bean."));
		}
	}

	private ConnectionSource choose() {
		DataSource qualified = this.own ? null : this.tidemarkDataSource.getIfAvailable();
		if (qualified != null) {
			return borrowed(qualified);
		}
		String url = this.details.getJdbcUrl();
		JdbcConnectionDetails application = this.jdbcDetails.getIfUnique();
		if (url != null) {
			return hasOwnCredentials() || application == null
					? ConnectionSource.of(url, this.details.getUsername(), this.details.getPassword())
					: ConnectionSource.of(url, application.getUsername(), application.getPassword());
		}
		if (application != null && isWhatDataSourceUses()) {
			return own(application.getJdbcUrl(), application.getUsername(), application.getPassword(),
					driverProperties());
		}
		DataSource unique = this.dataSource.getIfUnique();
		if (unique == null) {
			throw new TidemarkException(
					Problem.error(ErrorCode.SETTING, null, "There is no single DataSource to migrate, and no URL.",
							"Set " + this.prefix + "url or " + this.prefix
									+ "data-source, or mark one DataSource with @Primary or @TidemarkDataSource."));
		}
		return hasOwnCredentials() ? derivedFrom(unique) : borrowed(unique);
	}

	private boolean hasOwnCredentials() {
		return this.details.getUsername() != null || this.details.getPassword() != null;
	}

	/**
	 * Connection details say nothing about a {@code DataSource} that the application, or
	 * a test in its place, has put where Boot's would be.
	 */
	private boolean isWhatDataSourceUses() {
		String[] names = this.beanFactory.getBeanNamesForType(DataSource.class, true, false);
		return names.length == 0 || Arrays.stream(names).anyMatch(this::isAutoConfigured);
	}

	private boolean isAutoConfigured(String name) {
		if (this.beanFactory.containsBeanDefinition(name)
				&& this.beanFactory.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition) {
			MethodMetadata method = definition.getFactoryMethodMetadata();
			return method != null && method.getDeclaringClassName()
				.startsWith(ClassUtils.getPackageName(DataSourceAutoConfiguration.class) + ".");
		}
		return false;
	}

	/** The user of migrations takes the place of the application's, password included. */
	private ConnectionSource own(String url, @Nullable String user, @Nullable String password,
			Map<String, String> driverProperties) {
		if (!hasOwnCredentials()) {
			return ConnectionSource.of(url, user, password, driverProperties);
		}
		String ownUser = this.details.getUsername();
		return ConnectionSource.of(url, (ownUser != null) ? ownUser : user, this.details.getPassword(),
				driverProperties);
	}

	private static ConnectionSource borrowed(DataSource dataSource) {
		SimpleDriverDataSource derived = derived(dataSource);
		String url = (derived != null) ? derived.getUrl() : null;
		return (derived != null && url != null)
				? ConnectionSource.of(dataSource,
						ConnectionSource.of(url, derived.getUsername(), derived.getPassword()))
				: ConnectionSource.of(dataSource);
	}

	private ConnectionSource derivedFrom(DataSource unique) {
		SimpleDriverDataSource derived = derived(unique);
		String url = (derived != null) ? derived.getUrl() : null;
		if (derived == null || url == null) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, null,
					this.prefix + "user or " + this.prefix + "password is set, but the DataSource of type "
							+ unique.getClass().getSimpleName() + " does not tell its URL.",
					"Set " + this.prefix + "url as well."));
		}
		return own(url, derived.getUsername(), derived.getPassword(), Map.of());
	}

	/** Returns what the data source tells of its login, as far as it does. */
	private static @Nullable SimpleDriverDataSource derived(DataSource dataSource) {
		try {
			return DataSourceBuilder.derivedFrom(dataSource).type(SimpleDriverDataSource.class).build();
		}
		catch (UnsupportedDataSourcePropertyException ex) {
			return null;
		}
	}

	/** A pool may carry what the server demands, such as {@code sslmode}. */
	private Map<String, String> driverProperties() {
		Binder binder = Binder.get(this.environment);
		Map<String, String> properties = new HashMap<>();
		binder.bind(HIKARI + "schema", String.class)
			.ifBound((schema) -> properties.put(PGProperty.CURRENT_SCHEMA.getName(), schema));
		binder.bind(HIKARI + "data-source-properties", Bindable.mapOf(String.class, String.class))
			.ifBound(properties::putAll);
		properties.keySet().removeAll(NOT_TAKEN_OVER);
		return properties;
	}

}
