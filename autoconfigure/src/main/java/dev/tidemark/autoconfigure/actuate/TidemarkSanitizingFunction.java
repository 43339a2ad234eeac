package dev.tidemark.autoconfigure.actuate;

import java.util.Locale;
import java.util.regex.Pattern;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

import dev.tidemark.sql.secret.Secrets;

/**
 * Hides from the endpoints {@code env} and {@code configprops} what properties of
 * Tidemark may hold of secrets, even where an application lets them show values.
 */
final class TidemarkSanitizingFunction implements SanitizingFunction {

	/**
	 * Where the name of a database ends cannot be told from environment variables. What
	 * is still set under the name that a property had once is no less a secret.
	 */
	private static final String BEFORE = "tidemark((databases|instances).*)?(connection)?";

	private static final Pattern SECRET = Pattern
		.compile(BEFORE + "(password|initsql|placeholders|backfillthrottlequery).*");

	private static final Pattern URL = Pattern.compile(BEFORE + "url");

	@Override
	public SanitizableData apply(SanitizableData data) {
		// Environment variables write the same names in another way.
		String key = data.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
		if (SECRET.matcher(key).matches()) {
			return data.withSanitizedValue();
		}
		if (URL.matcher(key).matches() && data.getValue() != null) {
			return data.withValue(Secrets.mask(data.getValue().toString()));
		}
		return data;
	}

}
