package dev.tidemark.autoconfigure.actuate;

import java.util.Locale;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

import dev.tidemark.sql.Secrets;

/**
 * Hides from the endpoints {@code env} and {@code configprops} what properties of
 * Tidemark may hold of secrets, even where an application lets them show values.
 */
final class TidemarkSanitizingFunction implements SanitizingFunction {

	@Override
	public SanitizableData apply(SanitizableData data) {
		// Environment variables write the same names in another way.
		String key = data.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
		if (key.startsWith("tidemarkpassword") || key.startsWith("tidemarkinitsql")
				|| key.startsWith("tidemarkplaceholders")) {
			return data.withSanitizedValue();
		}
		if (key.equals("tidemarkurl") && data.getValue() != null) {
			return data.withValue(Secrets.mask(data.getValue().toString()));
		}
		return data;
	}

}
