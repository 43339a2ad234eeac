package dev.tidemark.migration.backfill;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Collectors;

/**
 * When something may work: at all times, or within windows of the day.
 *
 * @param windows the windows; empty for at all times
 * @since 0.1.0
 */
public record Windows(List<Window> windows) {

	/** At all times. */
	public static final Windows ALWAYS = new Windows(List.of());

	/** Copies the list. */
	public Windows {
		windows = List.copyOf(windows);
	}

	/**
	 * Read windows of the day, in time proportional to the length of the text:
	 * {@code 22:00-06:00}, {@code Sat,Sun 08:00-20:00}, {@code Mon-Fri 22:00-24:00},
	 * several with commas, and at the end a time zone that holds for all of them; without
	 * one they are of whatever zone the time is that they are asked for.
	 * @param text the windows, or {@code always}
	 * @return the windows
	 * @throws IllegalArgumentException if the text cannot be understood
	 */
	public static Windows parse(String text) {
		return new WindowsReader(text).read();
	}

	/**
	 * Return whether work may go on.
	 * @param time when
	 * @return {@code true} within a window, or where there is none
	 */
	public boolean contain(ZonedDateTime time) {
		return this.windows.isEmpty() || this.windows.stream().anyMatch((window) -> window.contains(time));
	}

	/** Returns the windows as they may be written. */
	@Override
	public String toString() {
		if (this.windows.isEmpty()) {
			return "always";
		}
		String zone = (this.windows.get(0) instanceof DailyWindow daily && daily.zone() != null)
				? " " + daily.zone().getId() : "";
		return this.windows.stream().map(Window::toString).collect(Collectors.joining(", ")) + zone;
	}

	/**
	 * One window.
	 *
	 * @since 0.1.0
	 */
	public interface Window {

		/**
		 * Return whether a time lies within.
		 * @param time when
		 * @return {@code true} from its begin up to its end
		 */
		boolean contains(ZonedDateTime time);

	}

}
