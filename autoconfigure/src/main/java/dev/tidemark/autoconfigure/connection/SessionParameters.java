package dev.tidemark.autoconfigure.connection;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

import dev.tidemark.session.connect.DatabaseUrl;

/**
 * Those parameters of the driver that make a session another one for the server: they
 * decide where what migrations make lies, and who owns it. All others are about a server
 * or about the driver.
 *
 * @param currentSchema the search path, or {@code null}
 * @param options what a command line would tell the server, or {@code null}
 */
record SessionParameters(@Nullable String currentSchema, @Nullable String options) {

	private static final Pattern SEARCH_PATH = Pattern.compile("\\bsearch_path\\b", Pattern.CASE_INSENSITIVE);

	private static final Pattern ROLE = Pattern.compile("\\b(role|session_authorization)\\b", Pattern.CASE_INSENSITIVE);

	/**
	 * Reads them as the driver does, for which a URL goes before properties.
	 * @param url the URL, which may be one of a driver that wraps PostgreSQL's
	 * @param properties what the driver is told besides
	 */
	static SessionParameters of(String url, Map<String, String> properties) {
		return new SessionParameters(value(PGProperty.CURRENT_SCHEMA, url, properties),
				value(PGProperty.OPTIONS, url, properties));
	}

	private static @Nullable String value(PGProperty property, String url, Map<String, String> properties) {
		return DatabaseUrl.parameter(url, property.getName())
			.or(() -> Optional.ofNullable(properties.get(property.getName())))
			.orElse(null);
	}

	boolean setsSearchPath() {
		return this.currentSchema != null || (this.options != null && SEARCH_PATH.matcher(this.options).find());
	}

	/** Tells whether they set a role, which only the server knows. */
	boolean setsRole() {
		return this.options != null && ROLE.matcher(this.options).find();
	}

	SessionParameters withoutOptions() {
		return new SessionParameters(this.currentSchema, null);
	}

	/**
	 * Returns what is left of them for a URL that has some of its own: the server takes
	 * {@code currentSchema} for the last word on the search path.
	 * @param own those of the URL
	 */
	SessionParameters besides(SessionParameters own) {
		return new SessionParameters(own.setsSearchPath() ? null : this.currentSchema,
				(own.options() != null) ? null : this.options);
	}

	/** Returns them as properties of the driver. */
	Map<String, String> properties() {
		Map<String, String> properties = new HashMap<>();
		if (this.currentSchema != null) {
			properties.put(PGProperty.CURRENT_SCHEMA.getName(), this.currentSchema);
		}
		if (this.options != null) {
			properties.put(PGProperty.OPTIONS.getName(), this.options);
		}
		return properties;
	}

}
