package dev.tidemark.session.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.settings.LoginSql;
import dev.tidemark.sql.secret.Secrets;

/**
 * Unpooled connections of the engine's own.
 */
final class UrlConnections implements ConnectionSource {

	private final String url;

	private final @Nullable String user;

	private final @Nullable String password;

	private final Map<String, String> driverProperties;

	private final @Nullable LoginSql loginSql;

	UrlConnections(String url, @Nullable String user, @Nullable String password, Map<String, String> driverProperties,
			@Nullable LoginSql loginSql) {
		this.url = url;
		this.user = user;
		this.password = password;
		this.driverProperties = driverProperties;
		this.loginSql = loginSql;
	}

	@Override
	public Optional<String> database() {
		return DatabaseUrl.database(this.url);
	}

	@Override
	public Optional<String> address() {
		return DatabaseUrl.parse(this.url)
			.filter((parsed) -> PGProperty.PG_DBNAME.getOrDefault(parsed) != null)
			.map((parsed) -> PGProperty.PG_HOST.getOrDefault(parsed) + ":" + PGProperty.PG_PORT.getOrDefault(parsed)
					+ "/" + PGProperty.PG_DBNAME.getOrDefault(parsed));
	}

	/** User and settings may decide the search path. */
	@Override
	public boolean leadsWhere(ConnectionSource other) {
		return other instanceof UrlConnections that && this.url.equals(that.url) && Objects.equals(this.user, that.user)
				&& this.driverProperties.equals(that.driverProperties) && Objects.equals(this.loginSql, that.loginSql);
	}

	@Override
	public Optional<ConnectionSource> on(String database) {
		return DatabaseUrl.withDatabase(this.url, database)
			.map((other) -> new UrlConnections(other, this.user, this.password, this.driverProperties, this.loginSql));
	}

	@Override
	public Optional<LoginSql> loginSql() {
		return Optional.ofNullable(this.loginSql);
	}

	@Override
	public Connection open(String applicationName, Duration timeout) throws SQLException {
		if (!DatabaseUrl.isPostgresql(this.url)) {
			throw notPostgresql();
		}
		DatabaseUrl.fault(this.url).ifPresent((fault) -> {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, null,
					"The database URL is not one that the PostgreSQL driver reads: " + fault + ".",
					"Write jdbc:postgresql://host:5432/database, and set user and password as "
							+ SettingNames.name("connection.user") + " and" + " "
							+ SettingNames.name("connection.password") + ", or those of spring.datasource."));
		});
		DriverParameters parameters = new DriverParameters(this.url, this.driverProperties);
		parameters.decide(applicationName, timeout);
		parameters.login(this.user, this.password);
		// Not by the DriverManager, which loads all drivers there are to find this
		// one.
		Connection connection = new Driver().connect(parameters.url(), parameters.properties());
		if (connection == null) {
			throw notPostgresql();
		}
		if (this.loginSql != null) {
			this.loginSql.begin(connection);
		}
		return connection;
	}

	private static TidemarkException notPostgresql() {
		return new TidemarkException(Problem.error(ErrorCode.NOT_POSTGRESQL, null,
				"The database URL is not one of PostgreSQL: it does not begin with jdbc:postgresql:.",
				"Set " + SettingNames.name("connection.url") + " or spring.datasource.url to a PostgreSQL database, or "
						+ SettingNames.name("enabled") + "=false. What a"
						+ " driver opens that wraps PostgreSQL's is borrowed from its DataSource: name it as" + " "
						+ SettingNames.name("connection.data-source") + "."));
	}

	@Override
	public boolean isBorrowed() {
		return false;
	}

	/**
	 * Returns server and database as far as the driver knows them. What somebody put into
	 * the URL where it does not belong may be a secret, and is left out.
	 */
	@Override
	public String toString() {
		return DatabaseUrl.parse(this.url).map(UrlConnections::describe).orElse("the database that its URL names");
	}

	private static String describe(Properties parsed) {
		String host = String.valueOf(PGProperty.PG_HOST.getOrDefault(parsed));
		String database = String.valueOf(PGProperty.PG_DBNAME.getOrDefault(parsed));
		return Secrets.mask(host.substring(host.lastIndexOf('@') + 1) + ":" + PGProperty.PG_PORT.getOrDefault(parsed)
				+ "/" + database.replaceAll("[;&?].*", ""));
	}

}
