package dev.tidemark.session.connect;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import javax.net.ssl.SSLException;

import org.postgresql.util.GT;
import org.postgresql.util.PSQLException;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.Identifiers;

/**
 * A connection that could not be made.
 *
 * @param source where it should have come from
 * @param ex what the driver, or a pool, said
 * @param error what the server said, or they in its place
 * @since 0.1.0
 */
public record NotConnected(ConnectionSource source, SQLException ex, ServerError error) {

	/** The driver may say it in another language. */
	private static final String TIMED_OUT = "Connection attempt timed out.";

	/** A circle of causes ends somewhere. */
	private static final int MOST_CAUSES = 20;

	/** Returns what to throw where a source has given no connection. */
	public static TidemarkException exception(ConnectionSource source, SQLException ex) {
		NotConnected failure = new NotConnected(source, ex, ServerError.of(ex));
		return new TidemarkException(failure.problem().withServer(failure.error()), ServerError.withoutSecrets(ex));
	}

	/** Says why, and what to do about it. */
	Problem problem() {
		return Arrays.stream(Reason.values())
			.filter((reason) -> reason.is.test(this))
			.findFirst()
			.orElse(Reason.OTHER)
			.of(this);
	}

	private boolean says(String... words) {
		return Arrays.stream(words).anyMatch(this.error.message()::contains);
	}

	/**
	 * A pooler says everything with the same code, in words that are never translated.
	 */
	private boolean isOfPooler() {
		return this.error.is("08P01");
	}

	/** A pool that has lent all of its connections has nothing else to say. */
	private boolean isOfFullPool() {
		return this.ex instanceof SQLTransientConnectionException && this.ex.getCause() == null;
	}

	/** Where the whole login takes too long, the driver gives up without a cause. */
	private boolean isOfTimeout() {
		return cause(SocketTimeoutException.class).isPresent() || this.error.message().equals(GT.tr(TIMED_OUT));
	}

	/** What the driver does not take, it refuses before it connects. */
	private boolean isOfParameter() {
		return this.error.is("22023") || this.error.is("42704")
				|| (this.error.is("08001") && !isOfTimeout()
						&& cause(PSQLException.class)
							.filter((driver) -> driver.getCause() == null && driver.getServerErrorMessage() == null)
							.isPresent());
	}

	private boolean isOfTls() {
		return cause(SSLException.class).isPresent() || cause(GeneralSecurityException.class).isPresent()
				|| (this.error.is("08") && says("SSL"));
	}

	private <T extends Throwable> Optional<T> cause(Class<T> type) {
		Throwable cause = this.ex;
		for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
			if (type.isInstance(cause)) {
				return Optional.of(type.cast(cause));
			}
			cause = cause.getCause();
		}
		return Optional.empty();
	}

	/** Returns the host as the network says it, which may add why. */
	private String host() {
		return cause(UnknownHostException.class).map(Throwable::getMessage)
			.map((host) -> host.replaceFirst(":.*", ""))
			.orElseGet(this.source::toString);
	}

	/** Returns the database in a command for psql. */
	private String database() {
		return this.source.database().map(Identifiers::quote).orElse("<database>");
	}

	private enum Reason {

		WRONG_PASSWORD(ErrorCode.AUTHENTICATION, (it) -> it.error.is("28P01"),
				(it) -> "The server of " + it.source + " refuses this user with this password.",
				(it) -> "Check " + SettingNames.name("connection.user") + " and "
						+ SettingNames.name("connection.password")
						+ ", or those of spring.datasource. A user that does not exist"
						+ " is refused in the same words."),

		LOGIN(ErrorCode.AUTHENTICATION, (it) -> it.error.is("28"),
				(it) -> "The server of " + it.source + " refuses the login.",
				(it) -> "Do what the server's words ask for: create the role (CREATE ROLE ... LOGIN), let it log in (ALTER"
						+ " ROLE ... LOGIN), or add a line to pg_hba.conf for this user, database, address and"
						+ " encryption, and have it read (SELECT pg_reload_conf();). If they say \"no encryption\", set"
						+ " sslmode=require in the URL."),

		NO_DATABASE(ErrorCode.DATABASE_MISSING, (it) -> it.error.is("3D000"),
				(it) -> "The database of " + it.source + " does not exist.",
				(it) -> "Create it (CREATE DATABASE " + it.database()
						+ ";), or correct its name in the URL; without a name,"
						+ " the driver takes that of the user."),

		NO_RIGHT(ErrorCode.PRIVILEGE, (it) -> it.error.is("42501"),
				(it) -> "The user may not connect to the database of " + it.source + ".",
				(it) -> "Grant it: GRANT CONNECT ON DATABASE " + it.database() + " TO <user>;"),

		TOO_MANY(ErrorCode.CONNECTIONS_USED_UP, (it) -> it.error.is("53"),
				(it) -> "The server of " + it.source + " takes no more connections.",
				(it) -> "Find out who has them (SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP"
						+ " BY 1, 2, 3;), make pools smaller, or raise the limit that the server names"
						+ " (max_connections, or CONNECTION LIMIT of the role or the database). Then start again."),

		NOT_READY(ErrorCode.SERVER_NOT_READY, (it) -> it.error.is("57P"),
				(it) -> "The server of " + it.source
						+ " is there, but takes no connections now: it starts, shuts down or recovers.",
				(it) -> "Start again when it is ready (pg_isready tells), or let the start wait for that; a standby must have"
						+ " hot_standby on."),

		NOT_ALLOWED(ErrorCode.CONNECTION_REFUSED, (it) -> it.error.is("55000"),
				(it) -> "The database of " + it.source + " accepts no connections.",
				(it) -> "See what the server says; ALTER DATABASE " + it.database()
						+ " ALLOW_CONNECTIONS true; lets it."),

		STARTUP_PARAMETER(ErrorCode.CONNECTION_REFUSED,
				// The words of PgBouncer, which passes on none that it does not know.
				(it) -> it.isOfPooler() && it.says("startup parameter"),
				(it) -> "The pooler of " + it.source + " refuses a parameter that the driver sends at login.",
				(it) -> "Add the parameter to ignore_startup_parameters of the pooler, or set "
						+ SettingNames.name("connection.url") + " to a URL that " + "leads directly to the server."),

		POOLER_LOGIN(ErrorCode.AUTHENTICATION,
				(it) -> it.isOfPooler() && it.says("authentication failed", "no such user"),
				(it) -> "The pooler of " + it.source + " refuses this user with this password.",
				(it) -> "Check " + SettingNames.name("connection.user") + " and "
						+ SettingNames.name("connection.password")
						+ ", or those of spring.datasource, and that the pooler knows the user (auth_file or auth_query"
						+ " of PgBouncer)."),

		POOLER_DATABASE(ErrorCode.DATABASE_MISSING,
				(it) -> it.isOfPooler() && it.says("no such database", "\" does not exist"),
				(it) -> "The pooler of " + it.source + " knows no such database, or the server behind it has none.",
				(it) -> "Correct the name in the URL, or name the database in the [databases] of the pooler; if the server"
						+ " has none: CREATE DATABASE " + it.database() + ";"),

		POOLER_FULL(ErrorCode.CONNECTIONS_USED_UP,
				(it) -> it.isOfPooler() && it.says("no more connections allowed", "query_wait_timeout"),
				(it) -> "The pooler of " + it.source + " has no connection left.",
				(it) -> "Find out who has them (SHOW CLIENTS; and SHOW POOLS; at the console of the pooler), raise the limit"
						+ " that it names, or set " + SettingNames.name("connection.url")
						+ " to a URL that leads directly to the" + " server. Then start again."),

		UNKNOWN_HOST(ErrorCode.HOST_UNKNOWN, (it) -> it.cause(UnknownHostException.class).isPresent(),
				(it) -> "The host " + it.host() + " is not known: nothing resolves its name.",
				(it) -> "Check the name in the URL (" + SettingNames.name("connection.url")
						+ " or spring.datasource.url), and that this machine resolves it:" + " getent hosts "
						+ it.host() + ". In a container only names of its own network are known."),

		TLS(ErrorCode.TLS, NotConnected::isOfTls,
				(it) -> "The server of " + it.source + " and the driver do not agree on an encrypted connection.",
				(it) -> "Set sslmode in the URL to what the server offers: sslmode=require where it has TLS, sslmode=disable"
						+ " where it has none and the network may be trusted. If its certificate is not trusted, name"
						+ " the one that signed it: sslrootcert=<file>."),

		NO_PRIMARY(ErrorCode.CONNECTION_REFUSED, (it) -> it.says("targetServerType") && !it.says("Invalid"),
				(it) -> "No server of " + it.source + " is of the type that the URL asks for.",
				(it) -> "Ask each: SELECT pg_is_in_recovery(); is true of a standby. Name the primary in the URL, or correct"
						+ " targetServerType; after a fail-over start again when there is a primary."),

		PARAMETER(ErrorCode.SETTING, NotConnected::isOfParameter,
				(it) -> "A parameter of the connection to " + it.source + " has a value that nobody takes.",
				(it) -> "Correct the parameter that the words of the driver or the server name: in the URL, or in"
						+ " spring.datasource.hikari.data-source-properties."),

		NO_ROUTE(ErrorCode.CONNECTION_REFUSED, (it) -> it.cause(NoRouteToHostException.class).isPresent(),
				(it) -> "There is no way through the network to " + it.source + ".",
				(it) -> "Check the address in the URL, the network of this machine, and the firewalls on the way."),

		REFUSED(ErrorCode.CONNECTION_REFUSED, (it) -> it.cause(ConnectException.class).isPresent(),
				(it) -> "Nothing takes connections at " + it.source + ".",
				(it) -> "Start the server, or correct host and port in the URL: in a container, localhost is the container"
						+ " itself. A server that runs must listen there (listen_addresses and port in"
						+ " postgresql.conf)."),

		NO_ANSWER(ErrorCode.CONNECTION_REFUSED, NotConnected::isOfTimeout,
				(it) -> "Nothing has answered in time at " + it.source + ".",
				(it) -> "Check host and port in the URL, and that a firewall or security group lets this machine through; one"
						+ " that drops packets looks so. If the server is only slow to answer, start again later."),

		FULL_POOL(ErrorCode.CONNECTIONS_USED_UP, NotConnected::isOfFullPool,
				(it) -> "There was no connection to be had from " + it.source + " in time.",
				(it) -> "See in the pool's words how many are lent: make it larger, find out who keeps them, or set"
						+ " " + SettingNames.name("connection.url")
						+ ", so that migrations have a connection of their own."),

		OTHER(ErrorCode.CONNECTION_REFUSED, (it) -> true, (it) -> "No connection to " + it.source + ".",
				(it) -> "Check that the server runs and accepts connections from here, and that the URL is right.");

		private final ErrorCode code;

		private final Predicate<NotConnected> is;

		private final Function<NotConnected, String> what;

		private final Function<NotConnected, String> remedy;

		Reason(ErrorCode code, Predicate<NotConnected> is, Function<NotConnected, String> what,
				Function<NotConnected, String> remedy) {
			this.code = code;
			this.is = is;
			this.what = what;
			this.remedy = remedy;
		}

		private Problem of(NotConnected it) {
			return Problem.error(this.code, null, this.what.apply(it), this.remedy.apply(it));
		}

	}

}
