package dev.tidemark.run;

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
import dev.tidemark.sql.Secrets;

/**
 * Where the engine's connection comes from. Thread-safe. No method returns or prints a
 * secret.
 */
public sealed interface ConnectionSource {

	/**
	 * Takes an unpooled connection of its own from a JDBC URL.
	 * @param url the URL of a PostgreSQL database
	 * @param user the user, or {@code null} if the URL or the driver's defaults name one
	 * @param password the password, or {@code null}
	 * @return the source
	 */
	static ConnectionSource of(String url, @Nullable String user, @Nullable String password) {
		return of(url, user, password, Map.of());
	}

	/**
	 * Takes an unpooled connection of its own from a JDBC URL, with further properties
	 * for the driver.
	 * @param url the URL of a PostgreSQL database
	 * @param user the user, or {@code null} if the URL or the driver's defaults name one
	 * @param password the password, or {@code null}
	 * @param driverProperties properties for the driver, such as {@code sslmode}
	 * @return the source
	 */
	static ConnectionSource of(String url, @Nullable String user, @Nullable String password,
			Map<String, String> driverProperties) {
		return of(url, user, password, driverProperties, null);
	}

	/**
	 * Takes an unpooled connection of its own from a JDBC URL, whose sessions begin as
	 * those of a pool do.
	 * @param url the URL of a PostgreSQL database
	 * @param user the user, or {@code null} if the URL or the driver's defaults name one
	 * @param password the password, or {@code null}
	 * @param driverProperties properties for the driver, such as {@code sslmode}
	 * @param loginSql the SQL that every session begins with, or {@code null}
	 * @return the source
	 */
	static ConnectionSource of(String url, @Nullable String user, @Nullable String password,
			Map<String, String> driverProperties, @Nullable LoginSql loginSql) {
		return new Url(url, user, password, Map.copyOf(driverProperties), loginSql);
	}

	/**
	 * Borrows a connection from a data source. It goes back as it came, whatever the
	 * migrations did to its session.
	 * @param dataSource the data source
	 * @return the source
	 */
	static ConnectionSource of(DataSource dataSource) {
		return new Borrowed(dataSource, null);
	}

	/**
	 * Borrows a connection from a data source, as {@link #of(DataSource)} does, but takes
	 * what is needed beside it from another source: so a pool of one connection can be
	 * examined and watched, and no pool is asked for a second one.
	 * @param dataSource the data source
	 * @param beside a source of connections to the same database by the same user
	 * @return the source
	 */
	static ConnectionSource of(DataSource dataSource, ConnectionSource beside) {
		return new Borrowed(dataSource, beside);
	}

	/**
	 * Opens one connection of another source and uses it again and again, one session
	 * after the other, until this source is closed. No more than one session at a time
	 * can have it.
	 * @param source where the connection comes from
	 * @return the source
	 */
	static Reused reusing(ConnectionSource source) {
		return new Reused(source);
	}

	/**
	 * Returns which database connections lead to.
	 * @return the name of the database, as far as this source decides it
	 */
	Optional<String> database();

	/**
	 * Tells whether another source is known to open the same sessions: in the same
	 * database, by the same user, with the same search path.
	 * @param other the other source
	 * @return {@code false} if they differ, or nobody can tell
	 */
	default boolean leadsWhere(ConnectionSource other) {
		return this == other;
	}

	/**
	 * Tells whether another source is known to lead to the same database, be it by
	 * another user.
	 * @param other the other source
	 * @return {@code false} if they lead elsewhere, or nobody can tell
	 */
	default boolean leadsToDatabaseOf(ConnectionSource other) {
		return leadsWhere(other) || (address().isPresent() && address().equals(other.address()));
	}

	/**
	 * Returns server and database, in the spelling of whoever has configured them.
	 * @return the address, empty if it is not known
	 */
	default Optional<String> address() {
		return Optional.empty();
	}

	/**
	 * Returns a source for another database of the same server, with the same user.
	 * @param database the name of the database
	 * @return the source, empty if only the owner of the connections can say where they
	 * lead
	 */
	Optional<ConnectionSource> on(String database);

	/**
	 * Opens a connection.
	 * @param applicationName how the server shall name the session, if this source may
	 * say so
	 * @param timeout how long the login may take, if this source may limit it
	 * @return the connection, to be closed by the caller
	 * @throws SQLException if there is none
	 */
	Connection open(String applicationName, Duration timeout) throws SQLException;

	/**
	 * Opens a connection beside one that is in use, for a moment or to look on.
	 * @param applicationName how the server shall name the session, if this source may
	 * say so
	 * @param timeout how long the login may take, if this source may limit it
	 * @return the connection, to be closed by the caller
	 * @throws SQLException if there is none
	 */
	default Connection openBeside(String applicationName, Duration timeout) throws SQLException {
		return open(applicationName, timeout);
	}

	/**
	 * Returns the SQL that a session of this source's own begins with.
	 * @return the SQL, empty if there is none, or a pool sees to it
	 */
	default Optional<LoginSql> loginSql() {
		return Optional.empty();
	}

	/**
	 * Tells whether the connection belongs to somebody else and has to go back as it
	 * came.
	 * @return {@code true} for a data source
	 */
	boolean isBorrowed();

	/**
	 * Tells whether others use the connection after a session, so that the session has to
	 * leave nothing in it.
	 * @return {@code false} if it ends with its session
	 */
	default boolean outlivesSession() {
		return isBorrowed();
	}

	/**
	 * Takes a connection back that this source has opened.
	 * @param connection the connection, closed already if it cannot be used any more
	 * @throws SQLException if it cannot be closed
	 */
	default void release(Connection connection) throws SQLException {
		connection.close();
	}

	/** Connections of the engine's own. */
	final class Url implements ConnectionSource {

		private final String url;

		private final @Nullable String user;

		private final @Nullable String password;

		private final Map<String, String> driverProperties;

		private final @Nullable LoginSql loginSql;

		private Url(String url, @Nullable String user, @Nullable String password, Map<String, String> driverProperties,
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
			return other instanceof Url that && this.url.equals(that.url) && Objects.equals(this.user, that.user)
					&& this.driverProperties.equals(that.driverProperties)
					&& Objects.equals(this.loginSql, that.loginSql);
		}

		@Override
		public Optional<ConnectionSource> on(String database) {
			return DatabaseUrl.withDatabase(this.url, database)
				.map((other) -> new Url(other, this.user, this.password, this.driverProperties, this.loginSql));
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
					"Set " + SettingNames.name("connection.url")
							+ " or spring.datasource.url to a PostgreSQL database, or " + SettingNames.name("enabled")
							+ "=false. What a"
							+ " driver opens that wraps PostgreSQL's is borrowed from its DataSource: name it as" + " "
							+ SettingNames.name("connection.data-source") + "."));
		}

		@Override
		public boolean isBorrowed() {
			return false;
		}

		/**
		 * Returns server and database as far as the driver knows them. What somebody put
		 * into the URL where it does not belong may be a secret, and is left out.
		 */
		@Override
		public String toString() {
			return DatabaseUrl.parse(this.url).map(Url::describe).orElse("the database that its URL names");
		}

		private static String describe(Properties parsed) {
			String host = String.valueOf(PGProperty.PG_HOST.getOrDefault(parsed));
			String database = String.valueOf(PGProperty.PG_DBNAME.getOrDefault(parsed));
			return Secrets.mask(host.substring(host.lastIndexOf('@') + 1) + ":"
					+ PGProperty.PG_PORT.getOrDefault(parsed) + "/" + database.replaceAll("[;&?].*", ""));
		}

	}

	/** Connections of a data source. */
	final class Borrowed implements ConnectionSource {

		private final DataSource dataSource;

		private final @Nullable ConnectionSource beside;

		private Borrowed(DataSource dataSource, @Nullable ConnectionSource beside) {
			this.dataSource = dataSource;
			this.beside = beside;
		}

		@Override
		public Optional<String> database() {
			return Optional.empty();
		}

		@Override
		public Optional<String> address() {
			return (this.beside != null) ? this.beside.address() : Optional.empty();
		}

		@Override
		public boolean leadsWhere(ConnectionSource other) {
			return other instanceof Borrowed borrowed && this.dataSource == borrowed.dataSource;
		}

		@Override
		public Optional<ConnectionSource> on(String database) {
			return Optional.empty();
		}

		@Override
		public Connection open(String applicationName, Duration timeout) throws SQLException {
			return this.dataSource.getConnection();
		}

		/** What a data source needs beyond URL, user and password is known to it only. */
		@Override
		public Connection openBeside(String applicationName, Duration timeout) throws SQLException {
			if (this.beside == null) {
				return open(applicationName, timeout);
			}
			try {
				return this.beside.open(applicationName, timeout);
			}
			catch (SQLException | TidemarkException ex) {
				return open(applicationName, timeout);
			}
		}

		@Override
		public boolean isBorrowed() {
			return true;
		}

		/** Returns the type of the data source. */
		@Override
		public String toString() {
			return "a " + this.dataSource.getClass().getSimpleName();
		}

	}

	/** One connection for many sessions. Not thread-safe. */
	final class Reused implements ConnectionSource, AutoCloseable {

		private final ConnectionSource source;

		private @Nullable Connection kept;

		private @Nullable SessionFacts facts;

		private @Nullable Watch watch;

		private Reused(ConnectionSource source) {
			this.source = source;
		}

		@Override
		public Optional<String> address() {
			return this.source.address();
		}

		@Override
		public Optional<String> database() {
			return this.source.database();
		}

		@Override
		public Optional<ConnectionSource> on(String database) {
			return this.source.on(database);
		}

		@Override
		public Connection open(String applicationName, Duration timeout) throws SQLException {
			Connection connection = this.kept;
			this.kept = null;
			if (connection != null && !connection.isClosed()) {
				return connection;
			}
			forget();
			return this.source.open(applicationName, timeout);
		}

		private void forget() {
			this.facts = null;
			if (this.watch != null) {
				this.watch.close();
				this.watch = null;
			}
		}

		/** Returns what an earlier session has found out about the connection. */
		@Nullable SessionFacts facts() {
			return this.facts;
		}

		/** Keeps what a session has found out for those that have the connection next. */
		void keep(SessionFacts found) {
			this.facts = found;
		}

		/** Returns who looks after all sessions on the connection. */
		Watch watch(SessionSettings settings, Backend backend, Runnable cut) {
			if (this.watch == null) {
				this.watch = new Watch(this.source, settings, backend, cut);
			}
			return this.watch;
		}

		@Override
		public Connection openBeside(String applicationName, Duration timeout) throws SQLException {
			return this.source.openBeside(applicationName, timeout);
		}

		@Override
		public boolean isBorrowed() {
			return this.source.isBorrowed();
		}

		@Override
		public Optional<LoginSql> loginSql() {
			return this.source.loginSql();
		}

		@Override
		public boolean outlivesSession() {
			return true;
		}

		@Override
		public void release(Connection connection) throws SQLException {
			giveBack();
			if (connection.isClosed()) {
				// A pool still has to hear of it.
				this.source.release(connection);
			}
			else {
				this.kept = connection;
			}
		}

		/**
		 * Gives the connection back to where it came from.
		 * @throws SQLException if it cannot be closed
		 */
		@Override
		public void close() throws SQLException {
			forget();
			giveBack();
		}

		private void giveBack() throws SQLException {
			Connection connection = this.kept;
			this.kept = null;
			if (connection != null) {
				this.source.release(connection);
			}
		}

		@Override
		public String toString() {
			return this.source.toString();
		}

	}

}
