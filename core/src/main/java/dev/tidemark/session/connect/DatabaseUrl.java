package dev.tidemark.session.connect;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * The forms of a JDBC URL of PostgreSQL:
 * {@code jdbc:postgresql:[//host[:port][,…]/][database][?parameters]}.
 *
 * @since 0.1.0
 */
public final class DatabaseUrl {

	private static final String SCHEME = "jdbc:postgresql:";

	private static final int LAST_PORT = 65535;

	private static final int MOST_DIGITS_OF_PORT = 5;

	private DatabaseUrl() {
	}

	/**
	 * Reads which database a URL leads to.
	 * @param url the URL
	 * @return the name of the database, empty if the URL is of another driver, or leaves
	 * it to the driver's defaults
	 */
	public static Optional<String> database(String url) {
		return parse(url).map(PGProperty.PG_DBNAME::getOrDefault);
	}

	/**
	 * Tells whether a URL is one of the PostgreSQL driver itself. Any other is that of a
	 * driver that wraps it, or of another database.
	 * @param url the URL
	 * @return {@code true} if it is one of PostgreSQL
	 */
	public static boolean isPostgresql(String url) {
		return url.startsWith(SCHEME);
	}

	/**
	 * Tells whether a URL has a parameter, which for the driver goes before all that it
	 * is told elsewhere.
	 * @param url the URL
	 * @param parameter the name of the parameter
	 * @return {@code true} if it stands in the URL
	 */
	public static boolean hasParameter(String url, String parameter) {
		return parameters(url).anyMatch((text) -> name(text).equals(parameter));
	}

	/**
	 * Reads a parameter, of which for the driver the last one of a name counts.
	 * @param url the URL, which may be one of a driver that wraps PostgreSQL's
	 * @param parameter the name of the parameter
	 * @return its value, empty if it is not in the URL, or cannot be read
	 */
	public static Optional<String> parameter(String url, String parameter) {
		return parameters(url).filter((text) -> name(text).equals(parameter))
			.reduce((first, last) -> last)
			.flatMap((text) -> decoded(text.substring(Math.min(text.length(), parameter.length() + 1))));
	}

	private static Optional<String> decoded(String value) {
		try {
			return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	/** Returns the URL without some of its parameters. */
	static String without(String url, Predicate<String> parameter) {
		int question = url.indexOf('?');
		if (question < 0) {
			return url;
		}
		String left = parameters(url).filter((text) -> !parameter.test(name(text))).collect(Collectors.joining("&"));
		return url.substring(0, question) + (left.isEmpty() ? "" : "?" + left);
	}

	private static Stream<String> parameters(String url) {
		int question = url.indexOf('?');
		return (question < 0) ? Stream.empty() : Arrays.stream(url.substring(question + 1).split("&"));
	}

	private static String name(String parameter) {
		int equals = parameter.indexOf('=');
		return (equals < 0) ? parameter : parameter.substring(0, equals);
	}

	/** Returns what the driver reads from a URL, empty if it is none that it knows. */
	static Optional<Properties> parse(String url) {
		return (url.startsWith(SCHEME) && fault(url).isEmpty())
				? Optional.ofNullable(Driver.parseURL(url, new Properties())) : Optional.empty();
	}

	/**
	 * Finds what the driver could not read. It would log it, which may be a secret in the
	 * wrong place.
	 * @param url a URL of PostgreSQL
	 * @return what is wrong, as a clause without any part of the URL; empty if nothing is
	 */
	static Optional<String> fault(String url) {
		int question = url.indexOf('?');
		String path = (question < 0) ? url : url.substring(0, question);
		int server = path.indexOf("//");
		int slash = path.indexOf('/', server + 2);
		if (path.startsWith(SCHEME + "/") && server < 0 && !path.equals(SCHEME + "/")) {
			return Optional.of("it has one '/' before the server in place of two");
		}
		if (server >= 0 && slash >= 0 && path.indexOf('/', slash + 1) >= 0) {
			return Optional.of("it has more than one '/' behind the server");
		}
		if (server >= 0 && slash < 0) {
			return Optional.of("it has no '/' behind the server");
		}
		if (server >= 0 && path.indexOf('@') >= 0) {
			return Optional.of("it has an '@', as if user and password stood before the server");
		}
		if (server >= 0
				&& !Arrays.stream(path.substring(server + 2, slash).split(",")).allMatch(DatabaseUrl::hasPort)) {
			return Optional
				.of("what stands behind the ':' of its server is no port, which is a number from 1 to 65535");
		}
		if (hasStrayPercent(url, Math.max(slash, 0))) {
			return Optional.of("it has a '%' that is not followed by two hexadecimal digits");
		}
		return (Driver.parseURL(url, new Properties()) == null)
				? Optional.of("no server and database can be told apart in it") : Optional.empty();
	}

	private static boolean hasPort(String server) {
		int colon = server.lastIndexOf(':');
		if (colon < 0 || server.lastIndexOf(']') > colon) {
			return true;
		}
		String port = server.substring(colon + 1);
		return !port.isEmpty() && port.length() <= MOST_DIGITS_OF_PORT
				&& port.chars().allMatch((c) -> c >= '0' && c <= '9') && Integer.parseInt(port) > 0
				&& Integer.parseInt(port) <= LAST_PORT;
	}

	/** Returns whether a percent sign is not followed by two hexadecimal digits. */
	private static boolean hasStrayPercent(String url, int start) {
		int percent = url.indexOf('%', start);
		while (percent >= 0) {
			if (percent + 2 >= url.length() || !HexFormat.isHexDigit(url.charAt(percent + 1))
					|| !HexFormat.isHexDigit(url.charAt(percent + 2))) {
				return true;
			}
			percent = url.indexOf('%', percent + 1);
		}
		return false;
	}

	/**
	 * Puts another database into a URL.
	 * @param url the URL
	 * @param database the name of the other database
	 * @return the other URL, empty if the URL is of another driver, or one whose database
	 * the path does not decide
	 */
	public static Optional<String> withDatabase(String url, String database) {
		if (!url.startsWith(SCHEME)) {
			return Optional.empty();
		}
		int question = url.indexOf('?');
		String parameters = (question < 0) ? "" : url.substring(question);
		String path = (question < 0) ? url : url.substring(0, question);
		String other = SCHEME + servers(path.substring(SCHEME.length()))
				+ URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20") + parameters;
		return database(other).filter(database::equals).map((same) -> other);
	}

	private static String servers(String path) {
		if (!path.startsWith("//")) {
			return "";
		}
		int slash = path.indexOf('/', 2);
		return ((slash < 0) ? path : path.substring(0, slash)) + "/";
	}

}
