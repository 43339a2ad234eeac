package dev.tidemark.migration.backfill;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.NearestWord;
import dev.tidemark.migration.directive.DirectiveValue;
import dev.tidemark.sql.PlainText;

/**
 * What an option is set to, as it is written.
 *
 * @param option the word of the option
 * @param example a value that can be used
 * @param text the value
 */
record OptionValue(String option, String example, String text) {

	/** The word for a bound that there is not. */
	static final String UNLIMITED = "unlimited";

	private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

	private static final int LONGEST_SHOWN = 80;

	/** No longer number fits. */
	private static final int MOST_DIGITS = 15;

	OptionValue {
		text = text.strip();
	}

	/** Reads a whole number. */
	int count(int least, int most) {
		return Math.toIntExact(number(least, most));
	}

	/** Reads a whole number, or that there is no bound, which is 0. */
	long rate(long most) {
		return isUnlimited() ? 0 : number(1, most);
	}

	private long number(long least, long most) {
		String bounds = "a whole number from " + least + " to " + most;
		Long number = digits(withoutSign());
		if (number == null && !isAllDigits(withoutSign())) {
			throw unknown(bounds);
		}
		if (number == null || isNegative() || number < least || number > most) {
			throw outside(bounds);
		}
		return number;
	}

	/** Reads a size in bytes, or that there is no bound, which is 0. */
	long bytes(long least, long most) {
		if (isUnlimited()) {
			return 0;
		}
		String bounds = "a size from " + size(least) + " to " + size(most);
		String plain = withoutSign();
		int end = 0;
		while (end < plain.length() && isDigit(plain.charAt(end))) {
			end++;
		}
		Long number = digits(plain.substring(0, end));
		int unit = unit(plain.substring(end));
		if (end == 0 || (unit < 0 && (number == null || number != 0))) {
			throw unknown(bounds + ", with its unit (" + String.join(", ", UNITS) + ")");
		}
		if (number == null || isNegative() || number == 0 || number > most >> (10 * unit)
				|| number << (10 * unit) < least) {
			throw outside(bounds);
		}
		return number << (10 * unit);
	}

	private static int unit(String word) {
		for (int i = 0; i < UNITS.size(); i++) {
			if (UNITS.get(i).equalsIgnoreCase(word)) {
				return i;
			}
		}
		return -1;
	}

	/** Writes a size as it is read. */
	static String size(long bytes) {
		int unit = 0;
		long number = bytes;
		while (unit < UNITS.size() - 1 && number != 0 && number % 1024 == 0) {
			number /= 1024;
			unit++;
		}
		return number + UNITS.get(unit);
	}

	/** Reads a share of the whole. */
	double share(double least) {
		String bounds = "a number from " + least + " to 1";
		double share = 0;
		try {
			// What Java reads beyond that, as 1e-2, 0x1p3 or 1f, is no plain number.
			share = isPlainNumber() ? Double.parseDouble(this.text) : Double.NaN;
		}
		catch (NumberFormatException ex) {
			share = Double.NaN;
		}
		if (Double.isNaN(share)) {
			throw unknown(bounds);
		}
		if (share < least || share > 1) {
			throw outside(bounds);
		}
		return share;
	}

	private boolean isPlainNumber() {
		return this.text.length() <= MOST_DIGITS
				&& withoutSign().chars().allMatch((c) -> isDigit((char) c) || c == '.');
	}

	/** Reads a duration, as Spring writes it. */
	Duration duration(Duration least, Duration most) {
		String bounds = "a time from " + time(least) + " to " + time(most);
		boolean zero = isAllDigits(withoutSign()) && Long.valueOf(0).equals(digits(withoutSign()));
		Duration duration = zero ? Duration.ZERO : new DirectiveValue(withoutSign()).duration();
		if (duration == null) {
			throw unknown(bounds + ", with its unit (ms, s, m, h or d)");
		}
		if ((isNegative() && !duration.isZero()) || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
			throw outside(bounds);
		}
		return duration;
	}

	/** Writes a duration as it is read. */
	static String time(Duration duration) {
		if (duration.isZero()) {
			return "0s";
		}
		if (duration.toMillis() % 1000 != 0) {
			return duration.toMillis() + "ms";
		}
		long seconds = duration.toSeconds();
		return (seconds % 86_400 == 0) ? seconds / 86_400 + "d" : (seconds % 3600 == 0) ? seconds / 3600 + "h"
				: (seconds % 60 == 0) ? seconds / 60 + "m" : seconds + "s";
	}

	/** Reads one of the words of an enum. */
	<E extends Enum<E>> E word(Class<E> type) {
		for (E value : type.getEnumConstants()) {
			if (value.toString().equalsIgnoreCase(this.text)) {
				return value;
			}
		}
		throw unknownWord(Arrays.stream(type.getEnumConstants()).map(E::toString).toList());
	}

	/** Reads one of two words. */
	boolean isFirst(String first, String second) {
		if (!this.text.equalsIgnoreCase(first) && !this.text.equalsIgnoreCase(second)) {
			throw unknownWord(List.of(first, second));
		}
		return this.text.equalsIgnoreCase(first);
	}

	private UnusableOptionException unknownWord(List<String> words) {
		String nearest = NearestWord.of(this.text, words);
		return new UnusableOptionException(unknownValue(),
				((nearest != null) ? "Write '" + nearest + "', if that is meant; there are " : "There are ")
						+ String.join(", ", words) + ".");
	}

	Windows windows() {
		try {
			return Windows.parse(this.text);
		}
		catch (IllegalArgumentException ex) {
			throw new UnusableOptionException(unknownValue() + " " + ex.getMessage(),
					"Write it as in " + this.option + "=\"" + this.example + "\".");
		}
	}

	private boolean isUnlimited() {
		return this.text.toLowerCase(Locale.ROOT).equals(UNLIMITED);
	}

	private boolean isNegative() {
		return this.text.startsWith("-");
	}

	private String withoutSign() {
		return isNegative() ? this.text.substring(1) : this.text;
	}

	private static @Nullable Long digits(String text) {
		return (text.length() <= MOST_DIGITS && isAllDigits(text)) ? Long.valueOf(text) : null;
	}

	private static boolean isAllDigits(String text) {
		return !text.isEmpty() && text.chars().allMatch((c) -> isDigit((char) c));
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private UnusableOptionException unknown(String bounds) {
		return new UnusableOptionException(unknownValue(),
				"Write " + bounds + unlimited() + ", as in " + this.option + "=" + this.example + ".");
	}

	private UnusableOptionException outside(String bounds) {
		return new UnusableOptionException(
				"The option '" + this.option + "' must be " + bounds + "; it is "
						+ PlainText.line(PlainText.shortened(this.text, LONGEST_SHOWN)) + ".",
				"Write it as in " + this.option + "=" + this.example + unlimited() + ".");
	}

	private String unlimited() {
		return this.option.startsWith("max-") && this.option.endsWith("-per-second")
				? ", or " + this.option + "=" + UNLIMITED : "";
	}

	private String unknownValue() {
		return "The option '" + this.option + "' has the unknown value '"
				+ PlainText.line(PlainText.shortened(this.text, LONGEST_SHOWN)) + "'.";
	}

}
