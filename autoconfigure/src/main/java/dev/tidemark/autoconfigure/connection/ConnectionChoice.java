package dev.tidemark.autoconfigure.connection;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.Logger;

import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.UnsupportedDataSourcePropertyException;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;
import org.springframework.core.type.MethodMetadata;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.autoconfigure.properties.TenantsProperties;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.DatabaseUrl;
import dev.tidemark.session.settings.LoginSql;
import dev.tidemark.tenant.TenantSchemas;

/**
 * Chooses where migrations connect to. An own connection goes before a borrowed one: it
 * does not count against the pool, and nobody else ever sees its session.
 *
 * @since 0.1.0
 */
public final class ConnectionChoice {

	private static final String OPTIONS = "The parameter options of the application's driver";

	private static final Logger logger = PlainLogger.of(ConnectionChoice.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	private final String prefix;

	private final boolean own;

	private final TidemarkConnectionDetails details;

	private final TidemarkProperties properties;

	private final ObjectProvider<JdbcConnectionDetails> jdbcDetails;

	private final ObjectProvider<DataSource> dataSource;

	private final ObjectProvider<DataSource> tidemarkDataSource;

	/**
	 * Prepares a choice.
	 * @param prefix how the properties begin that decide it
	 * @param own whether they name a database themselves, so that what is said of all
	 * counts for nothing
	 * @param details the URL, user and password
	 * @param properties what is said of the sessions
	 * @param tidemarkDataSource the one that is meant for migrations
	 */
	public ConnectionChoice(ConfigurableListableBeanFactory beanFactory, Environment environment, String prefix,
			boolean own, TidemarkConnectionDetails details, TidemarkProperties properties,
			ObjectProvider<DataSource> tidemarkDataSource) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.prefix = prefix;
		this.own = own;
		this.details = details;
		this.properties = properties;
		this.jdbcDetails = beanFactory.getBeanProvider(JdbcConnectionDetails.class);
		this.dataSource = beanFactory.getBeanProvider(DataSource.class);
		this.tidemarkDataSource = tidemarkDataSource;
	}

	/** Chooses the connection. */
	public ConnectionSource choose() {
		String name = this.properties.connection().dataSource();
		if (name == null) {
			return chooseUnnamed();
		}
		DataSource named = named(name);
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
					"Correct " + (this.own ? this.prefix : "tidemark.")
							+ "connection.data-source, or define the bean."));
		}
	}

	private ConnectionSource chooseUnnamed() {
		DataSource qualified = this.own ? null : this.tidemarkDataSource.getIfAvailable();
		if (qualified != null) {
			return borrowed(qualified);
		}
		String url = this.details.getJdbcUrl();
		JdbcConnectionDetails application = this.jdbcDetails.getIfUnique();
		if (url != null) {
			return ofUrl(url, application);
		}
		if (application != null && isWhatDataSourceUses()) {
			return ofApplication(application);
		}
		DataSource unique = this.dataSource.getIfUnique();
		if (unique == null) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, null,
					"There is no single DataSource to migrate, and no URL.",
					"Set " + this.prefix + "connection.url or " + this.prefix
							+ "connection.data-source, or mark one DataSource with @Primary or @TidemarkDataSource."));
		}
		return hasOwnCredentials() ? derivedFrom(unique) : borrowed(unique);
	}

	private boolean hasOwnCredentials() {
		return this.details.getUsername() != null || this.details.getPassword() != null;
	}

	/**
	 * What a URL of its own leads to is not known to be the application's database. Where
	 * the user is the application's, or the database has the name of its database, it is
	 * taken for that.
	 */
	private ConnectionSource ofUrl(String url, @Nullable JdbcConnectionDetails application) {
		if (application == null) {
			return opened(url, this.details.getUsername(), this.details.getPassword(), null, Map.of(), null);
		}
		boolean applications = !hasOwnCredentials();
		String user = applications ? unlessIn(url, PGProperty.USER, application.getUsername())
				: this.details.getUsername();
		String password = applications ? unlessIn(url, PGProperty.PASSWORD, application.getPassword())
				: this.details.getPassword();
		if (this.own || !isWhatDataSourceUses()) {
			return opened(url, user, password, null, Map.of(), null);
		}
		boolean sameUser = applications || Objects.equals(user, application.getUsername());
		if (!sameUser && !DatabaseUrl.database(url).equals(DatabaseUrl.database(application.getJdbcUrl()))) {
			return opened(url, user, password, null, Map.of(), null);
		}
		// What a URL of its own says goes before what is said of the application.
		SessionParameters own = SessionParameters.of(url, Map.of());
		PoolSessions all = poolOf(application);
		PoolSessions pool = own.setsSearchPath() ? all.withoutSchema() : all;
		SessionParameters parameters = besides(own,
				SessionParameters.of(application.getJdbcUrl(), pool.driverProperties()));
		if (sameUser) {
			return opened(url, user, password, null, parameters.properties(), pool.loginSql());
		}
		LoginSql loginSql = sqlOfOtherLogin(pool);
		return opened(url, user, password, null, ofOtherLogin(parameters).properties(), loginSql);
	}

	/**
	 * A connection of its own goes before a borrowed one, as long as its sessions are
	 * those of the application.
	 */
	private ConnectionSource ofApplication(JdbcConnectionDetails application) {
		PoolSessions pool = poolOf(application);
		String bean = autoConfigured();
		String url = application.getJdbcUrl();
		String user = unlessIn(url, PGProperty.USER, application.getUsername());
		boolean imitable = pool.imitable() && isPostgresql(url, application.getDriverClassName());
		if (bean != null && !imitable) {
			DataSource dataSource = this.beanFactory.getBean(bean, DataSource.class);
			return hasOwnCredentials() ? derivedFrom(dataSource, pool) : borrowed(dataSource);
		}
		if (hasOwnCredentials()) {
			return own(url, user, application.getDriverClassName(), pool);
		}
		return opened(url, user, unlessIn(url, PGProperty.PASSWORD, application.getPassword()),
				application.getDriverClassName(), pool.driverProperties(), pool.loginSql());
	}

	/** For the application's sessions, what stands in the URL goes before all else. */
	private static @Nullable String unlessIn(String url, PGProperty property, @Nullable String value) {
		return DatabaseUrl.hasParameter(url, property.getName()) ? null : value;
	}

	private PoolSessions poolOf(JdbcConnectionDetails application) {
		String bean = autoConfigured();
		if (bean == null) {
			return PoolSessions.PLAIN;
		}
		MethodMetadata method = factoryMethod(bean);
		return PoolSessions.ofBoot((method != null) ? method.getReturnTypeName() : "",
				() -> this.beanFactory.getBean(bean, DataSource.class), application, this.environment);
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
		MethodMetadata method = factoryMethod(name);
		return method != null && method.getDeclaringClassName()
			.startsWith(ClassUtils.getPackageName(DataSourceAutoConfiguration.class) + ".");
	}

	private @Nullable String autoConfigured() {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(DataSource.class, true, false))
			.filter(this::isAutoConfigured)
			.findFirst()
			.orElse(null);
	}

	private @Nullable MethodMetadata factoryMethod(String name) {
		return (this.beanFactory.containsBeanDefinition(name)
				&& this.beanFactory.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition)
						? definition.getFactoryMethodMetadata() : null;
	}

	private static boolean isPostgresql(String url, @Nullable String driverClassName) {
		return DatabaseUrl.isPostgresql(url)
				&& (driverClassName == null || driverClassName.equals(Driver.class.getName()));
	}

	/** The user of migrations takes the place of the application's, password included. */
	private ConnectionSource own(String url, @Nullable String user, @Nullable String driverClassName,
			PoolSessions pool) {
		String ownUser = this.details.getUsername();
		boolean other = ownUser != null && !ownUser.equals(user);
		return opened(url, (ownUser != null) ? ownUser : user, this.details.getPassword(), driverClassName,
				pool.driverProperties(), other ? sqlOfOtherLogin(pool) : pool.loginSql());
	}

	/**
	 * Opens connections by PostgreSQL's driver, or the one that the URL needs.
	 */
	private ConnectionSource opened(String url, @Nullable String user, @Nullable String password,
			@Nullable String driverClassName, Map<String, String> driverProperties, @Nullable LoginSql loginSql) {
		if (isPostgresql(url, driverClassName)) {
			return ConnectionSource.of(url, user, password, driverProperties, loginSql);
		}
		Properties properties = new Properties();
		properties.putAll(driverProperties);
		UnpooledDataSource dataSource = UnpooledDataSource.of(
				(this.details.getJdbcUrl() != null) ? this.prefix + "connection.url" : "spring.datasource.url", url,
				driverClassName, properties, loginSql);
		dataSource.setUsername(user);
		dataSource.setPassword(password);
		return ConnectionSource.of(dataSource);
	}

	/**
	 * SQL that the pool runs may be meant for its user only, and cannot be known to hold
	 * for another one.
	 */
	private @Nullable LoginSql sqlOfOtherLogin(PoolSessions pool) {
		checkLeftOut(pool.origin(), "does not run for " + this.prefix + "connection.user", pool.setsSearchPath(),
				pool.setsRole());
		return pool.schemaSql();
	}

	/** Options of a URL of its own take the place of the application's. */
	private SessionParameters besides(SessionParameters own, SessionParameters applications) {
		SessionParameters left = applications.besides(own);
		if (applications.options() != null && left.options() == null) {
			checkLeftOut(OPTIONS, "does not hold for " + this.prefix + "connection.url, which has one of its own",
					applications.setsSearchPath() && !own.setsSearchPath() && !left.setsSearchPath(),
					applications.setsRole() && !own.setsRole());
		}
		return left;
	}

	/** Options may set a role that only the application's user is a member of. */
	private SessionParameters ofOtherLogin(SessionParameters parameters) {
		if (!parameters.setsRole()) {
			return parameters;
		}
		SessionParameters left = parameters.withoutOptions();
		checkLeftOut(OPTIONS, "does not hold for " + this.prefix + "connection.user",
				parameters.setsSearchPath() && !left.setsSearchPath(), true);
		return left;
	}

	private void checkLeftOut(String origin, String why, boolean setsSearchPath, boolean setsRole) {
		boolean said = this.properties.connection().initSql() != null;
		if (setsSearchPath && !said && !hasSchema()) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, null,
					origin + " sets the search path of the application's sessions, and " + why
							+ ": migrations would make their tables elsewhere.",
					"Set " + this.prefix + "schema to the schema of the application's tables, or " + this.prefix
							+ "connection.init-sql to what sessions of migrations begin with."));
		}
		if (setsRole && !said && this.properties.connection().role() == null) {
			logger.warn(
					"{} sets the role of the application's sessions, and {}, so that the login owns what migrations make;"
							+ " {}connection.role makes another one the owner",
					origin, why, this.prefix);
		}
	}

	private boolean hasSchema() {
		TenantsProperties tenants = this.properties.tenants();
		return this.properties.schema() != null || !this.properties.schemas().isEmpty() || !tenants.schemas().isEmpty()
				|| tenants.provider() != null
				|| this.beanFactory.getBeanNamesForType(TenantSchemas.class, true, false).length > 0;
	}

	private static ConnectionSource borrowed(DataSource dataSource) {
		SimpleDriverDataSource derived = derived(dataSource, null);
		String url = (derived != null) ? derived.getUrl() : null;
		return (derived != null && url != null && DatabaseUrl.isPostgresql(url))
				? ConnectionSource.of(dataSource,
						ConnectionSource.of(url, derived.getUsername(), derived.getPassword()))
				: ConnectionSource.of(dataSource);
	}

	private ConnectionSource derivedFrom(DataSource unique) {
		return derivedFrom(unique, PoolSessions.of(unique));
	}

	private ConnectionSource derivedFrom(DataSource unique, PoolSessions pool) {
		// Some do not tell their password, which is not needed here.
		SimpleDriverDataSource derived = derived(unique, "");
		String url = (derived != null) ? derived.getUrl() : null;
		if (derived == null || url == null) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, null,
					this.prefix + "connection.user or " + this.prefix
							+ "connection.password is set, but the DataSource of type "
							+ unique.getClass().getSimpleName() + " does not tell its URL.",
					"Set " + this.prefix + "connection.url as well."));
		}
		return own(url, unlessIn(url, PGProperty.USER, derived.getUsername()),
				(derived.getDriver() != null) ? derived.getDriver().getClass().getName() : null, pool);
	}

	/**
	 * Returns what the data source tells of its login, as far as it does.
	 * @param password what takes the place of its password, or {@code null} to ask for it
	 */
	private static @Nullable SimpleDriverDataSource derived(DataSource dataSource, @Nullable String password) {
		try {
			return DataSourceBuilder.derivedFrom(dataSource)
				.type(SimpleDriverDataSource.class)
				.password(password)
				.build();
		}
		catch (UnsupportedDataSourcePropertyException ex) {
			return null;
		}
	}

}
