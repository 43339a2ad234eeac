package dev.tidemark.run;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * The forms of a JDBC URL of PostgreSQL:
 * {@code jdbc:postgresql:[//host[:port][,…]/][database][?parameters]}.
 */
public final class DatabaseUrl {

	private static final String SCHEME = "jdbc:postgresql:";

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

	/** Returns what the driver reads from a URL, empty if it is none that it knows. */
	static Optional<Properties> parse(String url) {
		return (url.startsWith(SCHEME) && isReadable(url)) ? Optional.ofNullable(Driver.parseURL(url, new Properties()))
				: Optional.empty();
	}

	/**
	 * Tells whether the driver can tell server, database and parameters apart. Of a URL
	 * with a password before the server, or without a slash behind it, it would log what
	 * it does not understand.
	 */
	static boolean isReadable(String url) {
		int question = url.indexOf('?');
		String path = (question < 0) ? url : url.substring(0, question);
		int server = path.indexOf("//");
		int slash = path.indexOf('/', server + 2);
		return server < 0 || (slash >= 0 && path.indexOf('@') < 0);
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
