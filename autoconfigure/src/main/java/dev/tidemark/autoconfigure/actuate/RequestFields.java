package dev.tidemark.autoconfigure.actuate;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * Reads the fields of a request. What Spring Boot refuses by itself has an empty answer,
 * in which nobody can read which field is meant.
 *
 * @param example a request that is complete
 */
record RequestFields(String example) {

	/**
	 * Returns a field that must not be missing.
	 * @throws TidemarkException if it is
	 */
	String text(String name, @Nullable String value) {
		if (value == null || value.isBlank()) {
			throw refused("The request lacks the field '" + name + "'.");
		}
		return value;
	}

	/**
	 * Returns a field that must not be missing.
	 * @throws TidemarkException if it is
	 */
	<T> T required(String name, @Nullable T value) {
		if (value == null) {
			throw refused("The request lacks the field '" + name + "'.");
		}
		return value;
	}

	int number(String name, @Nullable String value) {
		String text = text(name, value);
		try {
			return Integer.parseInt(text.strip());
		}
		catch (NumberFormatException ex) {
			throw refused("The field '" + name + "' of the request is no number: '" + text + "'.");
		}
	}

	@Nullable Integer numberOrNull(String name, @Nullable String value) {
		return (value != null && !value.isBlank()) ? Integer.valueOf(number(name, value)) : null;
	}

	<E extends Enum<E>> E word(String name, @Nullable String value, E[] words) {
		String text = text(name, value);
		return Arrays.stream(words)
			.filter((word) -> word(word).equalsIgnoreCase(text.strip()))
			.findFirst()
			.orElseThrow(() -> refused("The field '" + name + "' of the request is '" + text + "', and may be "
					+ Arrays.stream(words).map(RequestFields::word).collect(Collectors.joining(", ")) + "."));
	}

	/** Returns the word that requests and answers use for a constant. */
	static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	<E extends Enum<E>> @Nullable E wordOrNull(String name, @Nullable String value, E[] words) {
		return (value != null && !value.isBlank()) ? word(name, value, words) : null;
	}

	private TidemarkException refused(String what) {
		return new TidemarkException(
				Problem.error(ErrorCode.REQUEST, null, what, "Send it again, as in " + this.example + "."));
	}

}
