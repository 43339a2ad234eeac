package dev.tidemark.autoconfigure.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.settings.ClientLiveness;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * Which database is migrated, and what the sessions are that migrate it.
 *
 * @param url JDBC URL of the database to migrate. Defaults to the one that the
 * application uses.
 * @param user User that migrates. Without a URL of its own it connects to the database of
 * the application.
 * @param password Password of the user that migrates.
 * @param dataSource Name of the DataSource bean to borrow connections from.
 * @param role Role that each session becomes after its login. It owns the history and
 * what migrations make, and the user needs no right but to become it.
 * @param initSql SQL that runs when a session that migrates starts, such as SET TIME
 * ZONE.
 * @param clientCheckInterval Time after which the server looks, again and again while a
 * statement runs, whether this instance still lives; zero to leave to the server what it
 * does.
 * @param clientTimeout Time that the server goes on when the node of this instance or the
 * network does not answer any more; zero to leave to the server what it does.
 * @since 0.1.0
 */
public record ConnectionProperties(@Nullable String url, @Nullable String user, @Nullable String password,
		@Nullable String dataSource, @Nullable String role, @Nullable String initSql, Duration clientCheckInterval,
		Duration clientTimeout) {

	/** What is used if nothing is configured. */
	static final ConnectionProperties DEFAULT = new ConnectionProperties(null, null, null, null, null, null,
			ClientLiveness.DEFAULT_CHECK_INTERVAL, ClientLiveness.DEFAULT_TIMEOUT);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public ConnectionProperties {
		url = textOrNull(url);
		user = textOrNull(user);
		password = textOrNull(password);
		dataSource = textOrNull(dataSource);
		role = textOrNull(role);
		initSql = textOrNull(initSql);
		clientCheckInterval = orElse(clientCheckInterval, ClientLiveness.DEFAULT_CHECK_INTERVAL);
		clientTimeout = orElse(clientTimeout, ClientLiveness.DEFAULT_TIMEOUT);
	}

	/**
	 * Returns the class only: URL, init SQL and password may hold secrets.
	 */
	@Override
	public String toString() {
		return getClass().getSimpleName();
	}

}
