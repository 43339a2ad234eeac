package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.Counts;
import dev.tidemark.rollout.BackfillProgress.Speed;
import dev.tidemark.sql.PlainText;

/**
 * How far backfills have come, in words for a log or a terminal.
 *
 * @since 0.1.0
 */
public final class BackfillText {

	private static final int ALMOST = 99;

	private BackfillText() {
	}

	/** Returns a line for each backfill, joined by {@code ; }. */
	static String of(List<BackfillProgress> backfills) {
		return backfills.stream().map(BackfillText::of).collect(Collectors.joining("; "));
	}

	/**
	 * Returns how far a backfill has come, such as
	 * {@code version 8 (db/migration/V8__copy.backfill.sql): running, 1200 rows, 37 %}.
	 * @param backfill the backfill
	 * @return one line
	 */
	public static String of(BackfillProgress backfill) {
		StringBuilder text = new StringBuilder("version ").append(backfill.version())
			.append(" (")
			.append(backfill.script())
			.append("): ")
			.append(backfill.state());
		Counts counts = backfill.counts();
		if (backfill.state() != BackfillState.WAITING) {
			text.append(", ").append(counts.rows()).append((counts.rows() != 1) ? " rows" : " row");
		}
		Integer percent = percent(backfill);
		if (percent != null) {
			text.append(", ").append(percent).append(" %");
		}
		if (backfill.speed() != null && !isOver(backfill.state())) {
			text.append(speed(backfill.speed()));
		}
		if (backfill.reason() != null) {
			text.append(", ").append(backfill.reason());
		}
		if (backfill.problem() != null) {
			text.append(", ").append(backfill.problem().code().code());
		}
		return PlainText.line(text.toString());
	}

	/**
	 * Returns how much of a backfill is done. What is left is estimated, so that nothing
	 * but its end is all of it.
	 * @param backfill the backfill
	 * @return the percentage, or {@code null} if it is not known
	 */
	public static @Nullable Integer percent(BackfillProgress backfill) {
		if (backfill.state() == BackfillState.FINISHED) {
			return 100;
		}
		Long all = backfill.counts().estimatedKeys();
		return (all == null || all <= 0) ? null : (int) Math.min(ALMOST, backfill.counts().keys() * 100 / all);
	}

	/** Return whether nothing will become of a backfill any more by itself. */
	static boolean isOver(BackfillState state) {
		return state == BackfillState.FINISHED || state == BackfillState.CANCELLED;
	}

	private static String speed(Speed speed) {
		String text = String.format(Locale.ROOT, ", %.0f rows/s", speed.rowsPerSecond());
		if (speed.shortest() == null || speed.longest() == null) {
			return text;
		}
		return text + ", " + time(speed.shortest()) + " to " + time(speed.longest()) + " left";
	}

	private static String time(Duration time) {
		return (time.toMinutes() < 2) ? time.toSeconds() + " s"
				: (time.toHours() < 2) ? time.toMinutes() + " min" : time.toHours() + " h";
	}

}
