package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.BackfillWrites;
import dev.tidemark.history.backfill.RecordedPace;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillControl;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillControl.NewPace;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.session.Session;

/**
 * Records what persons want of backfills, by the row that whoever works reads.
 */
final class ControlDesk {

	/** Whoever works reads it a few times a second. */
	private static final int LONGEST_REASON = 2000;

	private static final Logger logger = PlainLogger.of(ControlDesk.class);

	private final Session session;

	ControlDesk(Session session) {
		this.session = session;
	}

	/** Returns what was found, if anything was. */
	static List<Found> require(List<Found> found, MigrationVersion version) {
		if (found.isEmpty()) {
			throw refused("There is no backfill of version " + version + ".", "Look at which there are, and name one.");
		}
		return found;
	}

	/**
	 * Records it.
	 * @param found the backfill, in all schemas
	 */
	void control(List<Found> found, BackfillControl control) throws SQLException {
		require(found, control.version());
		requireReason(control);
		List<Found> able = found.stream().filter((one) -> from(control.action()).contains(one.state())).toList();
		if (able.isEmpty()) {
			throw refused(
					"Backfill " + control.version() + " is " + found.get(0).state() + ", and cannot be "
							+ participle(control.action()) + " then.",
					"Possible in the states "
							+ from(control.action()).stream().sorted().map(BackfillState::toString).toList() + ".");
		}
		if (control.action() == Action.PACE) {
			require(control.pace());
		}
		for (Found one : able) {
			record(one, control);
		}
		logger.info("Backfill {} is {}: {}", control.version(), participle(control.action()), control.reason());
	}

	private static void requireReason(BackfillControl control) {
		String reason = control.reason();
		if (reason.isBlank() || reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
			throw refused(
					"The reason is blank, longer than " + LONGEST_REASON + " characters, or holds the character 0.",
					"Say why in a few words, for those who look later.");
		}
	}

	private void record(Found found, BackfillControl control) throws SQLException {
		BackfillTable table = found.records();
		BackfillWrites writes = table.writes();
		MigrationVersion version = control.version();
		table.create(this.session);
		if (control.action() == Action.PACE && control.pace() != null) {
			write(writes.pace(version, recorded(control.pace()), control.reason()), control);
			return;
		}
		BackfillState to = to(control.action());
		write((found.recorded() == null) ? insertion(found, to, control.reason())
				: writes.state(version, from(control.action()), to, control.reason()), control);
	}

	/** One that has not begun has no record yet. */
	private static String insertion(Found found, BackfillState state, String reason) {
		BackfillDefinition definition = found.definition();
		return found.records()
			.writes()
			.insert(definition.version(), definition.migration().description(), definition.migration().script(),
					definition.checksum(), state, reason);
	}

	private void write(String sql, BackfillControl control) throws SQLException {
		try {
			this.session.write(sql);
		}
		catch (SQLException ex) {
			ServerError error = this.session.errorOf(ex);
			this.session.rollBack();
			if (BackfillTable.isRowGone(error) || error.is("23505")) {
				throw refused("Backfill " + control.version() + " has come to another state meanwhile.",
						"Look at it, and decide again.");
			}
			throw ex;
		}
	}

	List<MigrationVersion> pauseAll(List<Found> found, String reason) throws SQLException {
		List<MigrationVersion> paused = new ArrayList<>();
		for (Found one : found) {
			BackfillControl pause = pause(one.definition().version(), reason);
			if (from(Action.PAUSE).contains(one.state()) && isPaused(pause, () -> control(List.of(one), pause))) {
				paused.add(pause.version());
			}
		}
		return paused;
	}

	/**
	 * Pauses one of another build.
	 * @return whether it had not ended before
	 */
	boolean isPaused(Unlisted one, String reason) throws SQLException {
		BackfillControl pause = pause(one.recorded().record().version(), reason);
		return isPaused(pause, () -> {
			write(one.records().writes().state(pause.version(), from(Action.PAUSE), BackfillState.PAUSED, reason),
					pause);
			logger.info("Backfill {} of another build is paused: {}", pause.version(), reason);
		});
	}

	private static BackfillControl pause(MigrationVersion version, String reason) {
		return new BackfillControl(version, Action.PAUSE, reason, null);
	}

	/** One that ends just now keeps no other from being paused. */
	private static boolean isPaused(BackfillControl pause, Pausing pausing) throws SQLException {
		requireReason(pause);
		try {
			pausing.run();
			return true;
		}
		catch (TidemarkException ex) {
			if (ex.code() != ErrorCode.BACKFILL_CONTROL) {
				throw ex;
			}
			return false;
		}
	}

	private static Set<BackfillState> from(Action action) {
		return switch (action) {
			case START -> Set.of(BackfillState.WAITING, BackfillState.PAUSED, BackfillState.FAILED,
					BackfillState.CANCELLED, BackfillState.UNVERIFIED);
			case PAUSE -> Set.of(BackfillState.WAITING, BackfillState.RUNNING, BackfillState.VERIFYING);
			case RESUME -> Set.of(BackfillState.PAUSED, BackfillState.FAILED, BackfillState.UNVERIFIED);
			case CANCEL -> Set.of(BackfillState.WAITING, BackfillState.RUNNING, BackfillState.PAUSED,
					BackfillState.VERIFYING, BackfillState.FAILED, BackfillState.UNVERIFIED);
			case PACE -> Set.of(BackfillState.RUNNING, BackfillState.PAUSED, BackfillState.VERIFYING,
					BackfillState.FAILED, BackfillState.UNVERIFIED);
		};
	}

	private static BackfillState to(Action action) {
		return switch (action) {
			case START, RESUME, PACE -> BackfillState.RUNNING;
			case PAUSE -> BackfillState.PAUSED;
			case CANCEL -> BackfillState.CANCELLED;
		};
	}

	private static String participle(Action action) {
		return switch (action) {
			case START -> "started";
			case PAUSE -> "paused";
			case RESUME -> "resumed";
			case CANCEL -> "cancelled";
			case PACE -> "given another pace";
		};
	}

	private static void require(@Nullable NewPace pace) {
		if (pace == null) {
			throw refused("No pace is named.", "Name what shall change.");
		}
		Duration target = pace.target();
		boolean usable = (pace.duty() == null || (pace.duty() >= 0.01 && pace.duty() <= 1))
				&& (pace.maxRowsPerSecond() == null || pace.maxRowsPerSecond() >= 0)
				&& (pace.maxWalPerSecond() == null || pace.maxWalPerSecond() >= 0)
				&& (target == null || (target.toMillis() >= 10 && target.compareTo(Duration.ofMinutes(1)) <= 0))
				&& (pace.maxSize() == null || pace.maxSize() > 0);
		if (!usable) {
			throw refused("The pace cannot be used.",
					"duty is between 0.01 and 1, limits are 0 or more, the target is between 10 ms and 1 min, and a batch"
							+ " has at least one key.");
		}
	}

	private static RecordedPace recorded(NewPace pace) {
		return new RecordedPace(pace.duty(), pace.maxRowsPerSecond(), pace.maxWalPerSecond(),
				(pace.target() != null) ? pace.target().toMillis() : null, pace.maxSize());
	}

	private static TidemarkException refused(String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.BACKFILL_CONTROL, null, what, remedy));
	}

	@FunctionalInterface
	private interface Pausing {

		void run() throws SQLException;

	}

}
