package dev.tidemark.migration.backfill;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.NearestWord;
import dev.tidemark.sql.PlainText;

/**
 * Reads windows of the day, word by word; used once. <pre>
 * windows = "always" | window { "," window } [ zone ]
 * window  = [ days { "," days } ] time "-" time
 * days    = day [ "-" day ]
 * </pre>
 */
final class WindowsReader {

	private static final int LONGEST_SHOWN = 40;

	private static final int MINUTES_OF_DAY = 24 * 60;

	/** The shortest form that tells one day from another. */
	private static final int SHORT_DAY = 3;

	private final String text;

	private final List<DailyWindow> windows = new ArrayList<>();

	private final Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);

	private @Nullable ZoneId zone;

	WindowsReader(String text) {
		this.text = text.strip();
	}

	Windows read() {
		if (this.text.equalsIgnoreCase("always")) {
			return Windows.ALWAYS;
		}
		StringTokenizer words = new StringTokenizer(this.text, ", \t");
		while (words.hasMoreTokens()) {
			read(words.nextToken());
		}
		if (!this.days.isEmpty() || this.windows.isEmpty()) {
			throw new IllegalArgumentException("A window needs a begin and an end, as 22:00-06:00.");
		}
		ZoneId common = this.zone;
		return new Windows(List.copyOf(
				(common != null) ? this.windows.stream().map((window) -> window.in(common)).toList() : this.windows));
	}

	private void read(String word) {
		if (this.zone != null) {
			throw new IllegalArgumentException(
					"The time zone " + this.zone + " holds for all windows and stands at the end.");
		}
		if (Character.isDigit(word.charAt(0))) {
			readTimes(word);
		}
		else if (!readDays(word)) {
			readZone(word);
		}
	}

	private void readTimes(String word) {
		int dash = word.indexOf('-');
		if (dash < 0) {
			throw wrong(word, "is no window; it needs a begin and an end, as 22:00-06:00");
		}
		int from = minutes(word.substring(0, dash), word);
		int to = minutes(word.substring(dash + 1), word);
		if (from == to || from == MINUTES_OF_DAY) {
			throw wrong(word, "has no time between its begin and its end; a whole day is 00:00-24:00");
		}
		Set<DayOfWeek> begins = this.days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : this.days;
		this.windows.add(new DailyWindow(begins, time(from), time(to), null));
		this.days.clear();
	}

	private static LocalTime time(int minutes) {
		return LocalTime.MIDNIGHT.plusMinutes(minutes);
	}

	private static int minutes(String time, String word) {
		int colon = time.indexOf(':');
		int hours = (colon > 0) ? twoDigits(time.substring(0, colon)) : -1;
		int minutes = (colon > 0 && time.length() == colon + 3) ? twoDigits(time.substring(colon + 1)) : -1;
		int all = hours * 60 + minutes;
		if (hours < 0 || minutes < 0 || minutes > 59 || all > MINUTES_OF_DAY) {
			throw wrong(word, "has a time that is none; write hours and minutes, as 06:30, up to 24:00");
		}
		return all;
	}

	private static int twoDigits(String digits) {
		boolean plain = !digits.isEmpty() && digits.length() <= 2
				&& digits.chars().allMatch((c) -> c >= '0' && c <= '9');
		return plain ? Integer.parseInt(digits) : -1;
	}

	/** Returns whether the word is a day, or one day to another. */
	private boolean readDays(String word) {
		int dash = word.indexOf('-');
		DayOfWeek first = day((dash < 0) ? word : word.substring(0, dash));
		DayOfWeek last = (dash < 0) ? first : day(word.substring(dash + 1));
		if (first == null || last == null) {
			return false;
		}
		for (DayOfWeek day = first; day != last; day = day.plus(1)) {
			this.days.add(day);
		}
		this.days.add(last);
		return true;
	}

	private static @Nullable DayOfWeek day(String word) {
		String upper = word.toUpperCase(Locale.ROOT);
		for (DayOfWeek day : DayOfWeek.values()) {
			if (day.name().equals(upper) || day.name().substring(0, SHORT_DAY).equals(upper)) {
				return day;
			}
		}
		return null;
	}

	/** What stands before the first window, or behind days, is no zone. */
	private void readZone(String word) {
		if (this.windows.isEmpty() || !this.days.isEmpty()) {
			throw wrong(word, "is no day; the days are Mon, Tue, Wed, Thu, Fri, Sat and Sun");
		}
		try {
			this.zone = ZoneId.of(word);
		}
		catch (DateTimeException ex) {
			String nearest = nearestZone(word);
			throw wrong(word, "is no time zone"
					+ ((nearest != null) ? "; the nearest is " + nearest : ", as Europe/Berlin or UTC"));
		}
	}

	private static IllegalArgumentException wrong(String word, String what) {
		return new IllegalArgumentException(
				"'" + PlainText.line(PlainText.shortened(word, LONGEST_SHOWN)) + "' " + what + ".");
	}

	/** Zones have capitals and small letters. */
	private static @Nullable String nearestZone(String word) {
		List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
		String nearest = NearestWord.of(word, zones.stream().map((zone) -> zone.toLowerCase(Locale.ROOT)).toList());
		return zones.stream().filter((zone) -> zone.equalsIgnoreCase(nearest)).findFirst().orElse(null);
	}

}
