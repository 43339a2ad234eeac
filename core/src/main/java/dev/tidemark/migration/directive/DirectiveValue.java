package dev.tidemark.migration.directive;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.TokenReader;

/**
 * A value in a directive: a word, a text or an expression in double quotes, a duration,
 * or a name as SQL has it. Which of these it is, says who asks for it.
 *
 * @param written the value as it is written, with its quotes
 * @since 0.1.0
 */
public record DirectiveValue(String written) {

	private static final int LONGEST_SHOWN = 80;

	/** No longer number fits. */
	private static final int MOST_DIGITS = 18;

	/**
	 * Return the value as a word or text.
	 * @return the text, without the double quotes around it and with one quote for each
	 * two within; {@code null} if something follows the closing one
	 */
	public @Nullable String text() {
		if (!this.written.startsWith("\"")) {
			return this.written;
		}
		StringBuilder text = new StringBuilder();
		int i = 1;
		while (i < this.written.length()) {
			char c = this.written.charAt(i);
			if (c == '"' && !this.written.startsWith("\"\"", i)) {
				return (i + 1 == this.written.length()) ? text.toString() : null;
			}
			text.append(c);
			i += (c == '"') ? 2 : 1;
		}
		return null;
	}

	/**
	 * Return what stands between the commas outside of quotes.
	 * @return the parts, at least one
	 */
	public List<DirectiveValue> items() {
		List<DirectiveValue> items = new ArrayList<>();
		int start = 0;
		boolean quoted = false;
		for (int i = 0; i < this.written.length(); i++) {
			char c = this.written.charAt(i);
			quoted ^= c == '"';
			if (c == ',' && !quoted) {
				items.add(new DirectiveValue(this.written.substring(start, i)));
				start = i + 1;
			}
		}
		items.add(new DirectiveValue(this.written.substring(start)));
		return items;
	}

	/**
	 * Return the value as a name, its parts as the catalogue would hold them: words in
	 * lower case, quoted ones as they are.
	 * @return the parts, such as schema, table and column; empty if it is no name
	 */
	public List<String> name() {
		try {
			return readName(new TokenReader(this.written, 0, this.written.length(), true));
		}
		catch (SqlSyntaxException ex) {
			return List.of();
		}
	}

	/** Between the parts stand no blanks, which would begin another value. */
	private List<String> readName(TokenReader reader) {
		List<String> parts = new ArrayList<>();
		int end = 0;
		while (reader.start() == end && reader.isAtName()) {
			end = reader.end();
			String part = reader.identifier();
			if (part == null) {
				return List.of();
			}
			parts.add(part);
			if (end == this.written.length()) {
				return List.copyOf(parts);
			}
			if (reader.start() != end || !reader.accept('.')) {
				return List.of();
			}
			end++;
		}
		return List.of();
	}

	/**
	 * Return the value as a duration, as Spring writes it: a whole number with a unit
	 * ({@code ns}, {@code us}, {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}),
	 * or ISO-8601, as in {@code PT5S}.
	 * @return the duration, or {@code null} if it is none
	 */
	public @Nullable Duration duration() {
		String text = text();
		if (text == null) {
			return null;
		}
		int digits = 0;
		while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
			digits++;
		}
		try {
			if (digits == 0) {
				return Duration.parse(text);
			}
			ChronoUnit unit = unit(text.substring(digits));
			return (unit != null && digits <= MOST_DIGITS)
					? Duration.of(Long.parseLong(text.substring(0, digits)), unit) : null;
		}
		catch (DateTimeException | ArithmeticException ex) {
			return null;
		}
	}

	private static @Nullable ChronoUnit unit(String unit) {
		return switch (unit) {
			case "ns" -> ChronoUnit.NANOS;
			case "us" -> ChronoUnit.MICROS;
			case "ms" -> ChronoUnit.MILLIS;
			case "s" -> ChronoUnit.SECONDS;
			case "m" -> ChronoUnit.MINUTES;
			case "h" -> ChronoUnit.HOURS;
			case "d" -> ChronoUnit.DAYS;
			default -> null;
		};
	}

	/** Returns the value as it is written, to be shown. */
	@Override
	public String toString() {
		return PlainText.shortened(this.written, LONGEST_SHOWN);
	}

}
