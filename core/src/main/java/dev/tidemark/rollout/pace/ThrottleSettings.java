package dev.tidemark.rollout.pace;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.NearestWord;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.rollout.pace.Threshold.Limit;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Which signals the throttle looks at, and from where on each of them slows down or
 * stops.
 *
 * @since 0.1.0
 */
public final class ThrottleSettings {

	/** What holds if nothing is set. */
	public static final ThrottleSettings DEFAULT = of(Map.of());

	private static final String OFF = "off";

	private final Map<ThrottleSignal, Threshold> thresholds;

	private final @Nullable String query;

	private ThrottleSettings(Map<ThrottleSignal, Threshold> thresholds, @Nullable String query) {
		this.thresholds = thresholds;
		this.query = query;
	}

	/**
	 * Reads what is set.
	 * @param settings thresholds by the names of signals, each as {@code slow,stop},
	 * {@code stop} or {@code off}; what is not set has its default
	 * @return the settings
	 * @throws TidemarkException if there is no such signal, or a threshold is none
	 */
	public static ThrottleSettings of(Map<String, String> settings) {
		settings.keySet().forEach(ThrottleSettings::check);
		Map<ThrottleSignal, Threshold> thresholds = new EnumMap<>(ThrottleSignal.class);
		for (ThrottleSignal signal : ThrottleSignal.values()) {
			SignalUnit unit = signal.unit();
			String text = settings.getOrDefault(signal.word(), signal.defaults()).strip();
			if (unit != null && !text.equalsIgnoreCase(OFF)) {
				thresholds.put(signal, threshold(signal, unit, text));
			}
		}
		return new ThrottleSettings(thresholds, query(settings.get(ThrottleSignal.QUERY.word())));
	}

	private static void check(String word) {
		if (ThrottleSignal.of(word).isPresent()) {
			return;
		}
		List<String> known = Arrays.stream(ThrottleSignal.values()).map(ThrottleSignal::word).toList();
		String nearest = NearestWord.of(word, known);
		throw unusable(name(word) + " names no signal of the throttle.",
				(nearest != null) ? "Set " + name(nearest) + ", if that is meant, or remove the setting."
						: "The signals are " + String.join(", ", known) + ".");
	}

	private static Threshold threshold(ThrottleSignal signal, SignalUnit unit, String text) {
		String[] parts = text.split(",", -1);
		if (parts.length > 2) {
			throw unusable(signal, unit, text);
		}
		Limit stop = limit(signal, unit, text, parts[parts.length - 1]);
		return new Threshold((parts.length == 2) ? limit(signal, unit, text, parts[0]) : null, stop);
	}

	private static @Nullable Limit limit(ThrottleSignal signal, SignalUnit unit, String text, String part) {
		String written = part.strip();
		if (written.toLowerCase(Locale.ROOT).equals(OFF)) {
			return null;
		}
		Limit limit = unit.limit(written);
		if (limit == null) {
			throw unusable(signal, unit, text);
		}
		return limit;
	}

	/** More than one statement could end the transaction that it may only read in. */
	private static @Nullable String query(@Nullable String text) {
		if (text == null || text.strip().equalsIgnoreCase(OFF) || text.isBlank()) {
			return null;
		}
		try {
			List<SqlStatement> statements = SqlScript.parse(text).statements();
			if (statements.size() == 1) {
				return statements.get(0).text();
			}
		}
		catch (SqlSyntaxException ex) {
			// Said below.
		}
		throw unusable(name(ThrottleSignal.QUERY.word()) + " is not one query.",
				"Set one query of one row and one column, such as SELECT count(*) > 100 FROM queue, or off.");
	}

	private static TidemarkException unusable(ThrottleSignal signal, SignalUnit unit, String text) {
		return unusable(name(signal.word()) + " cannot be '" + text + "'.",
				"Set from where on it slows down and from where on it stops, each " + unit.form() + " or off, as in "
						+ signal.defaults() + "; or off for both.");
	}

	private static TidemarkException unusable(String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.SETTING, null, what, remedy));
	}

	private static String name(String word) {
		return SettingNames.name("backfill.throttle." + word);
	}

	/** Returns the threshold of each signal that is looked at. */
	Map<ThrottleSignal, Threshold> thresholds() {
		return this.thresholds;
	}

	/** Returns the query of the user's own, or {@code null}. */
	@Nullable String query() {
		return this.query;
	}

	@Override
	public String toString() {
		return this.thresholds.entrySet()
			.stream()
			.map((entry) -> entry.getKey().word() + ": " + entry.getValue())
			.collect(Collectors.joining("; "));
	}

}
