package dev.tidemark.session.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.settings.LoginSql;

/**
 * Where the engine's connection comes from. Thread-safe. No method returns or prints a
 * secret.
 *
 * @since 0.1.0
 */
public sealed interface ConnectionSource permits UrlConnections, BorrowedConnections, KeptConnection {

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
		return new UrlConnections(url, user, password, Map.copyOf(driverProperties), loginSql);
	}

	/**
	 * Borrows a connection from a data source. It goes back as it came, whatever the
	 * migrations did to its session.
	 * @param dataSource the data source
	 * @return the source
	 */
	static ConnectionSource of(DataSource dataSource) {
		return new BorrowedConnections(dataSource, null);
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
		return new BorrowedConnections(dataSource, beside);
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

}
