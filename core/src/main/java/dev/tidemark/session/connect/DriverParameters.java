package dev.tidemark.session.connect;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * What the driver is told of a connection of the engine's own. Some of it is the engine's
 * to say, whatever a URL, a pool or a service file says, since those speak of an
 * application's short statements. A URL goes before properties, so it has to lose what
 * the engine decides.
 */
final class DriverParameters {

	/**
	 * What is told to nobody: a session that replicates runs no migration, and a limit
	 * for results would break off a statement whose result nobody reads.
	 */
	private static final Set<PGProperty> DROPPED = Set.of(PGProperty.REPLICATION, PGProperty.MAX_RESULT_BUFFER);

	/** Those that connect to a standby though the primary may be there. */
	private static final Set<String> INDIFFERENT = Set.of("any", "preferSlave", "preferSecondary");

	private final Properties properties = new Properties();

	private String url;

	/**
	 * Begins with what others say.
	 * @param given properties that a pool gives the driver
	 */
	DriverParameters(String url, Map<String, String> given) {
		this.url = url;
		this.properties.putAll(given);
	}

	/** Decides all that is the engine's to say. */
	void decide(String applicationName, Duration timeout) {
		String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
		decide(PGProperty.APPLICATION_NAME, applicationName);
		decide(PGProperty.CONNECT_TIMEOUT, seconds);
		decide(PGProperty.LOGIN_TIMEOUT, seconds);
		decide(PGProperty.TCP_KEEP_ALIVE, "true");
		if (this.properties.getProperty(PGProperty.SOCKET_FACTORY.getName()) == null) {
			// One that the URL names goes before it.
			KeepAliveSocketFactory.configure(this.properties);
		}
		// A migration takes as long as it takes: statement-timeout limits it, and is
		// kept by the server, which then knows what became of it.
		decide(PGProperty.SOCKET_TIMEOUT, "0");
		decide(PGProperty.QUERY_TIMEOUT, "0");
		// Scripts go to the server as they are: the driver neither splits nor
		// rewrites them, nor puts savepoints between them.
		decide(PGProperty.PREFER_QUERY_MODE, "simple");
		decide(PGProperty.AUTOSAVE, "never");
		decide(PGProperty.READ_ONLY, "false");
		// Saves round trips after the login.
		decide(PGProperty.ASSUME_MIN_SERVER_VERSION, "14");
		// A second connection has to lead where the first one does.
		decide(PGProperty.LOAD_BALANCE_HOSTS, "false");
		if (mayMissPrimary()) {
			decide(PGProperty.TARGET_SERVER_TYPE, "preferPrimary");
		}
		DROPPED.forEach(this::remove);
	}

	/** Who says {@code secondary} means a standby; of one server there is no choice. */
	private boolean mayMissPrimary() {
		Properties parsed = Driver.parseURL(this.url, this.properties);
		return parsed != null && String.valueOf(PGProperty.PG_HOST.getOrDefault(parsed)).contains(",")
				&& INDIFFERENT.contains(String.valueOf(PGProperty.TARGET_SERVER_TYPE.getOrDefault(parsed)));
	}

	/** Logs in as the given user, whoever the URL names. */
	void login(@Nullable String user, @Nullable String password) {
		if (user != null) {
			// The password of the URL is that of its user.
			remove(PGProperty.PASSWORD);
			decide(PGProperty.USER, user);
		}
		if (password != null) {
			decide(PGProperty.PASSWORD, password);
		}
	}

	private void decide(PGProperty property, String value) {
		remove(property);
		property.set(this.properties, value);
	}

	private void remove(PGProperty property) {
		this.properties.remove(property.getName());
		this.url = DatabaseUrl.without(this.url, property.getName()::equals);
	}

	String url() {
		return this.url;
	}

	Properties properties() {
		return this.properties;
	}

}
