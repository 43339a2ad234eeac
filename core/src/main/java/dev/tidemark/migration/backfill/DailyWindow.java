package dev.tidemark.migration.backfill;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A window of the day by the clock on the wall: when clocks are changed it is an hour
 * longer or shorter, or is not there at all on the day that has no such hour.
 *
 * @param days the days on which it begins
 * @param from when it begins
 * @param to when it ends: on the next day unless that is later than the begin, midnight
 * for the end of the day; the same as the begin for a whole day
 * @param zone where the clock hangs, or {@code null} for where the time is asked for
 */
record DailyWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, @Nullable ZoneId zone) implements Windows.Window {

	DailyWindow {
		days = Set.copyOf(days);
	}

	@Override
	public boolean contains(ZonedDateTime time) {
		ZonedDateTime local = (this.zone != null) ? time.withZoneSameInstant(this.zone) : time;
		LocalTime clock = local.toLocalTime();
		DayOfWeek day = local.getDayOfWeek();
		boolean begun = !clock.isBefore(this.from);
		boolean notEnded = clock.isBefore(this.to);
		if (this.from.isBefore(this.to)) {
			return begun && notEnded && this.days.contains(day);
		}
		return (begun && this.days.contains(day)) || (notEnded && this.days.contains(day.minus(1)));
	}

	DailyWindow in(ZoneId zone) {
		return new DailyWindow(this.days, this.from, this.to, zone);
	}

	@Override
	public String toString() {
		String days = (this.days.size() == DayOfWeek.values().length) ? ""
				: new TreeSet<>(this.days).stream()
					.map((day) -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH))
					.collect(Collectors.joining(",", "", " "));
		return days + this.from + "-" + (this.to.equals(LocalTime.MIDNIGHT) ? "24:00" : this.to);
	}

}
