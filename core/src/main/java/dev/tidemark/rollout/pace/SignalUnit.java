package dev.tidemark.rollout.pace;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.rollout.pace.Threshold.Limit;

/**
 * What a signal is measured in, and how thresholds of it are written.
 */
enum SignalUnit {

	/** Written as {@code 500ms}, {@code 5s}, {@code 10m}, {@code 1h}; in seconds. */
	TIME("a time such as 5s") {

		@Override
		@Nullable Limit limit(String text) {
			return scaled(text, TIMES);
		}

		@Override
		String words(double value) {
			Duration time = Duration.ofMillis(Math.round(value * 1000));
			if (time.toMinutes() >= 2) {
				return time.toMinutes() + " min";
			}
			return (time.toSeconds() >= 10) ? time.toSeconds() + " s" : decimal(value) + " s";
		}

	},

	/** Written as {@code 512kB}, {@code 64MB}, {@code 1GB}; in bytes. */
	SIZE("a size such as 64MB") {

		@Override
		@Nullable Limit limit(String text) {
			return scaled(text, SIZES);
		}

		@Override
		String words(double value) {
			String[] units = { "bytes", "kB", "MB", "GB", "TB" };
			double rest = value;
			int unit = 0;
			while (rest >= 1024 && unit < units.length - 1) {
				rest /= 1024;
				unit++;
			}
			return ((unit == 0) ? String.valueOf(Math.round(rest)) : decimal(rest)) + " " + units[unit];
		}

	},

	/** Written as {@code 50%}; a share of 1. */
	SHARE("a share such as 50%") {

		@Override
		@Nullable Limit limit(String text) {
			return scaled(text, SHARES);
		}

		@Override
		String words(double value) {
			return Math.round(value * 100) + " %";
		}

	},

	/** Written as {@code 10}. */
	COUNT("a number such as 10") {

		@Override
		@Nullable Limit limit(String text) {
			return scaled(text, COUNTS);
		}

		@Override
		String words(double value) {
			return String.valueOf(Math.round(value));
		}

	},

	/** Written as {@code 40}, or as {@code 50%} of the most that there can be. */
	COUNT_OR_SHARE("a number such as 40, or a share such as 50%") {

		@Override
		@Nullable Limit limit(String text) {
			Limit share = SHARE.limit(text);
			return (share != null) ? new Limit(share.value(), true, text) : COUNT.limit(text);
		}

		@Override
		String words(double value) {
			return COUNT.words(value);
		}

	};

	private static final int MOST_DIGITS = 15;

	private static final Map<String, Double> TIMES = Map.of("ms", 0.001, "s", 1.0, "m", 60.0, "h", 3600.0, "d",
			86400.0);

	private static final Map<String, Double> SIZES = Map.of("b", 1.0, "kb", 1024.0, "mb", 1024.0 * 1024, "gb",
			1024.0 * 1024 * 1024, "tb", 1024.0 * 1024 * 1024 * 1024);

	private static final Map<String, Double> SHARES = Map.of("%", 0.01);

	private static final Map<String, Double> COUNTS = Map.of("", 1.0);

	private final String form;

	SignalUnit(String form) {
		this.form = form;
	}

	/** Returns what may be written, in words. */
	String form() {
		return this.form;
	}

	/** Reads a limit; {@code null} if it is none. */
	abstract @Nullable Limit limit(String text);

	/** Returns a value with its unit. */
	abstract String words(double value);

	private static @Nullable Limit scaled(String text, Map<String, Double> units) {
		int digits = 0;
		while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
			digits++;
		}
		Double unit = units.get(text.substring(digits).strip().toLowerCase(Locale.ROOT));
		if (digits == 0 || digits > MOST_DIGITS || unit == null) {
			return null;
		}
		double value = Long.parseLong(text.substring(0, digits)) * unit;
		return (value > 0) ? new Limit(value, false, text) : null;
	}

	private static String decimal(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

}
