package dev.tidemark.autoconfigure.connection;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import dev.tidemark.session.settings.LoginSql;
import dev.tidemark.sql.StringLiteral;

/**
 * What a pool gives its sessions besides URL, user and password. It decides who owns what
 * a session makes, and where it lies.
 *
 * @param imitable whether a connection of its own can have the same sessions; otherwise
 * only the pool can open them
 * @param driverProperties what the driver is told, such as {@code sslmode}
 * @param schema the schema that becomes the search path, or {@code null}
 * @param initSql the SQL that runs in new sessions, or {@code null}
 * @param origin where that SQL is said
 */
record PoolSessions(boolean imitable, Map<String, String> driverProperties, @Nullable String schema,
		@Nullable String initSql, String origin) {

	/** No pool, or one that adds nothing. */
	static final PoolSessions PLAIN = new PoolSessions(true, Map.of(), null, null, "");

	private static final String HIKARI = "com.zaxxer.hikari.HikariDataSource";

	private static final Map<String, String> OTHER_POOLS = Map.of("org.apache.tomcat.jdbc.pool.DataSource",
			"spring.datasource.tomcat", "org.apache.commons.dbcp2.BasicDataSource", "spring.datasource.dbcp2",
			"oracle.ucp.jdbc.PoolDataSourceImpl", "spring.datasource.oracleucp");

	/** What those pools may be told of sessions and logins. */
	private static final List<String> OF_SESSIONS = List.of("init-s-q-l", "connection-init-sqls", "default-schema",
			"connection-properties", "db-properties", "connection-factory-properties", "connection-factory-class-name",
			"driver-class-name", "url", "username", "user", "password");

	private static final List<String> PROPERTIES_OF_DRIVER = List.of("connection-properties", "db-properties");

	private static final List<String> SQL_OF_SESSIONS = List.of("init-s-q-l", "connection-init-sqls");

	private static final Pattern SEARCH_PATH = Pattern.compile("\\b(search_path|schema)\\b", Pattern.CASE_INSENSITIVE);

	private static final Pattern ROLE = Pattern.compile("\\b(role|session_authorization|authorization)\\b",
			Pattern.CASE_INSENSITIVE);

	/**
	 * Returns what the pool gives that Spring Boot makes. Others may change it before it
	 * is used, so the bean is asked, which opens no connection yet.
	 * @param type the type that Spring Boot makes
	 * @param bean the bean, which may be a wrapper by now
	 * @param details the login that Spring Boot gives it
	 */
	static PoolSessions ofBoot(String type, Supplier<DataSource> bean, JdbcConnectionDetails details,
			Environment environment) {
		if (type.equals(HIKARI)) {
			PoolSessions sessions = HikariPool.sessions(bean.get(), details);
			return (sessions != null) ? sessions : new PoolSessions(false, Map.of(), null, null, "");
		}
		String prefix = OTHER_POOLS.get(type);
		return (prefix != null) ? ofProperties(prefix, Binder.get(environment)) : PLAIN;
	}

	/** Returns what a data source gives of which only the bean is known. */
	static PoolSessions of(DataSource dataSource) {
		PoolSessions sessions = ClassUtils.isPresent(HIKARI, PoolSessions.class.getClassLoader())
				? HikariPool.sessions(dataSource, null) : null;
		return (sessions != null) ? sessions : ofBean(DataSourceUnwrapper.unwrapRoot(dataSource));
	}

	private static PoolSessions ofBean(DataSource pool) {
		BeanWrapper bean = PropertyAccessorFactory.forBeanPropertyAccess(pool);
		for (String name : List.of("initSQL", "connectionInitSqls")) {
			Object sql = bean.isReadableProperty(name) ? bean.getPropertyValue(name) : null;
			String text = (sql instanceof Collection<?> all) ? StringUtils.collectionToDelimitedString(all, "; ")
					: Objects.toString(sql, "");
			if (!text.isEmpty()) {
				return new PoolSessions(false, Map.of(), null, text,
						name + " of the " + pool.getClass().getSimpleName());
			}
		}
		return PLAIN;
	}

	private static PoolSessions ofProperties(String prefix, Binder binder) {
		boolean plain = OF_SESSIONS.stream().noneMatch((name) -> isSet(binder, prefix + "." + name));
		StringJoiner sql = new StringJoiner("; ").setEmptyValue("");
		String origin = "";
		for (String name : SQL_OF_SESSIONS) {
			List<String> statements = binder.bind(prefix + "." + name, Bindable.listOf(String.class)).orElse(List.of());
			if (!statements.isEmpty()) {
				statements.forEach(sql::add);
				origin = prefix + "." + name;
			}
		}
		return new PoolSessions(plain, parameters(prefix, binder),
				binder.bind(prefix + ".default-schema", String.class).orElse(null),
				(sql.length() > 0) ? sql.toString() : null, origin);
	}

	/**
	 * Reads what decides the sessions only: a login that these pools are told besides is
	 * not that of a connection of its own.
	 */
	private static Map<String, String> parameters(String prefix, Binder binder) {
		Map<String, String> properties = new HashMap<>();
		for (String name : PROPERTIES_OF_DRIVER) {
			ConfigurationPropertyName property = ConfigurationPropertyName.of(prefix + "." + name);
			Bindable<Map<String, String>> map = Bindable.mapOf(String.class, String.class);
			properties.putAll(binder.bind(property, Bindable.of(String.class))
				.map(PoolSessions::pairs)
				.orElseGet(() -> binder.bind(property, map).orElse(Map.of())));
		}
		return SessionParameters.of("", properties).properties();
	}

	/** {@code a=1;b=2}, as Tomcat and DBCP2 take it. */
	private static Map<String, String> pairs(String text) {
		Map<String, String> pairs = new HashMap<>();
		for (String pair : StringUtils.delimitedListToStringArray(text, ";")) {
			int equals = pair.indexOf('=');
			if (equals > 0) {
				pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1));
			}
		}
		return pairs;
	}

	private static boolean isSet(Binder binder, String name) {
		return binder.bind(name, Bindable.of(Object.class)).isBound();
	}

	/** Returns it for a session whose search path somebody else decides. */
	PoolSessions withoutSchema() {
		return new PoolSessions(this.imitable, this.driverProperties, null, this.initSql, this.origin);
	}

	/** Tells whether the SQL may set the search path, which only the server knows. */
	boolean setsSearchPath() {
		return this.initSql != null && SEARCH_PATH.matcher(this.initSql).find();
	}

	/** Tells whether the SQL may set the role, which only the server knows. */
	boolean setsRole() {
		return this.initSql != null && ROLE.matcher(this.initSql).find();
	}

	/** Returns what its sessions begin with, in the order of the pool. */
	@Nullable LoginSql loginSql() {
		if (this.initSql == null) {
			return schemaSql();
		}
		LoginSql schemaSql = schemaSql();
		return new LoginSql(((schemaSql != null) ? schemaSql.sql() + "; " : "") + this.initSql, this.origin);
	}

	/** Returns what holds for another login, too. */
	@Nullable LoginSql schemaSql() {
		return (this.schema != null) ? new LoginSql("SET SESSION search_path TO " + StringLiteral.quote(this.schema),
				"the schema of the pool") : null;
	}

	/** Loaded only where there is such a pool. */
	private static final class HikariPool {

		private HikariPool() {
		}

		/** Returns {@code null} if no such pool can be found behind the data source. */
		static @Nullable PoolSessions sessions(DataSource dataSource, @Nullable JdbcConnectionDetails details) {
			HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
					HikariDataSource.class);
			if (pool == null) {
				return null;
			}
			Map<String, String> properties = new HashMap<>();
			pool.getDataSourceProperties()
				.forEach((name, value) -> properties.put(String.valueOf(name), String.valueOf(value)));
			return new PoolSessions(opensByUrl(pool) && (details == null || hasLogin(pool, details)), properties,
					pool.getSchema(), pool.getConnectionInitSql(),
					(details != null) ? "spring.datasource.hikari.connection-init-sql"
							: "connectionInitSql of the HikariDataSource");
		}

		private static boolean opensByUrl(HikariDataSource pool) {
			return pool.getDataSource() == null && pool.getDataSourceClassName() == null
					&& pool.getDataSourceJNDI() == null && pool.getCredentialsProvider() == null
					&& (pool.getDriverClassName() == null || pool.getDriverClassName().equals(Driver.class.getName()));
		}

		private static boolean hasLogin(HikariDataSource pool, JdbcConnectionDetails details) {
			return Objects.equals(pool.getJdbcUrl(), details.getJdbcUrl())
					&& Objects.equals(pool.getUsername(), details.getUsername())
					&& Objects.equals(pool.getPassword(), details.getPassword());
		}

	}

}
