package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What properties are taken for that are not set, or set to nothing, as by an empty
 * environment variable.
 */
final class Unset {

	private Unset() {
	}

	/** Return a value, or another one if there is none. */
	static <T> T orElse(@Nullable T value, T other) {
		return (value != null) ? value : other;
	}

	/** Return a text, or {@code null} if there is nothing in it. */
	static @Nullable String textOrNull(@Nullable String text) {
		return StringUtils.hasText(text) ? text : null;
	}

}
