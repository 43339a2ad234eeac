package dev.tidemark.migration.backfill;

import java.time.ZonedDateTime;
import java.util.List;

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
	 * Return whether work may go on.
	 * @param time when
	 * @return {@code true} within a window, or where there is none
	 */
	public boolean contain(ZonedDateTime time) {
		return this.windows.isEmpty() || this.windows.stream().anyMatch((window) -> window.contains(time));
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
