package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.batch.BatchTable;
import dev.tidemark.command.Engine;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.backfill.RecordedPace;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.migration.backfill.PaceLimits;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.rollout.pace.Pace;
import dev.tidemark.rollout.pace.Throttle;
import dev.tidemark.rollout.pace.ThrottleState;
import dev.tidemark.session.Session;

/**
 * Looks after the backfill that this instance works on: reads what persons want and what
 * signals say, and tells listeners and the log how far it has come.
 */
final class Supervisor {

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final Logger logger = PlainLogger.of(Supervisor.class);

	private final Found found;

	private final boolean windows;

	private final Throttle throttle;

	private final Listeners listeners;

	private final Gate gate;

	private final Ledger ledger = new Ledger();

	private final Pace pace;

	private volatile @Nullable RecordedBackfill recorded;

	private volatile @Nullable Undertaking undertaking;

	private volatile List<RecordedRange> moves = List.of();

	private volatile List<RecordedRange> verifications = List.of();

	private Told told = new Told(false, Map.of());

	private long logged = System.nanoTime();

	/**
	 * Begins.
	 * @param windows whether windows hold
	 */
	Supervisor(Found found, boolean windows, Throttle throttle, Listeners listeners) {
		this.found = found;
		this.windows = windows;
		this.throttle = throttle;
		this.listeners = listeners;
		this.gate = new Gate(found.definition().options());
		this.pace = new Pace(found.definition().options().pace(), 1);
	}

	Gate gate() {
		return this.gate;
	}

	/** Tells whether this is what it looks after, and something is known of it. */
	boolean isAt(Found other) {
		return this.recorded != null && this.found.definition().version().equals(other.definition().version())
				&& this.found.history().qualifiedName().equals(other.history().qualifiedName());
	}

	/** Says what is recorded, before it is known whether the work can begin. */
	void know(RecordedBackfill record) {
		this.recorded = record;
	}

	/** Says that the work has begun, or goes on. */
	void started(RecordedBackfill record, List<RecordedRange> ranges, BatchTable table) {
		this.recorded = record;
		this.moves = ranges;
		this.verifications = record.ranges(true);
		BackfillProgress progress = progress();
		logger.info("Backfill {} ({}) walks {} by {}: {} keys{}", record.record().version(), record.description(),
				table.name(), table.isByBlocks() ? "blocks" : table.keys().stream().map((key) -> key.name()).toList(),
				(record.estimatedKeys() != null) ? "about " + record.estimatedKeys() : "an unknown number of",
				(progress.counts().batches() > 0) ? ", " + progress.counts().keys() + " of them done before" : "");
		tell((listener) -> listener.backfillStarted(this.found.engine().scope(), progress));
	}

	/** Says that verification begins, or goes on. */
	void verifies(List<RecordedRange> ranges) {
		this.verifications = ranges;
		this.ledger.begin();
	}

	List<RecordedRange> ranges(boolean verification) {
		return verification ? this.verifications : this.moves;
	}

	/** Says who works. */
	void follow(Undertaking working, boolean verification) {
		Undertaking before = this.undertaking;
		if (before != null && verification) {
			this.moves = before.ranges();
		}
		this.undertaking = working;
	}

	/** Says that a batch is committed. */
	void committed(BatchInfo batch) {
		this.ledger.add(batch);
		BackfillProgress progress = progress();
		tell((listener) -> listener.batchCommitted(this.found.engine().scope(), progress, batch));
		log(progress);
	}

	private synchronized void log(BackfillProgress progress) {
		if (System.nanoTime() - this.logged < LOG_INTERVAL.toNanos()) {
			return;
		}
		this.logged = System.nanoTime();
		BackfillProgress.Speed speed = progress.speed();
		logger.info("Backfill {}: {} rows changed, {} of {} keys done, {} rows a second{}{}", progress.version(),
				progress.counts().rows(), progress.counts().keys(),
				(progress.counts().estimatedKeys() != null) ? "about " + progress.counts().estimatedKeys() : "?",
				(speed != null) ? Math.round(speed.rowsPerSecond()) : "?",
				(speed != null && speed.longest() != null)
						? ", " + inWords(speed.shortest()) + " to " + inWords(speed.longest()) + " to go" : "",
				(progress.reason() != null) ? " (" + progress.reason() + ")" : "");
	}

	private static String inWords(@Nullable Duration time) {
		return (time != null) ? time.toSeconds() + " s" : "?";
	}

	/**
	 * Looks at what persons and signals say.
	 * @param control the session that holds the lease
	 * @param processes the server processes of the workers
	 */
	void look(Session control, BatchTable table, Collection<Integer> processes) throws SQLException {
		Optional<RecordedBackfill> now = this.found.records().read(control, this.found.definition().version());
		if (now.isEmpty() || !now.get().record().state().isGoing()) {
			this.gate.end(Gate.End.DECIDED, null);
			return;
		}
		this.recorded = now.get();
		BackfillOptions options = at(this.found.definition().options(), now.get().pace());
		ThrottleState state = this.throttle.look(control.connection(), table.oid(), processes);
		this.pace.limits(options.pace());
		String closed = this.windows
				? this.pace.closed(this.found.engine().clock().instant(), ZoneId.systemDefault(), startOfThisInstance())
					.orElse(null)
				: null;
		this.gate.set(options, state, closed);
		tellReason();
	}

	private static @Nullable Instant startOfThisInstance() {
		return ProcessHandle.current().info().startInstant().orElse(null);
	}

	private void tellReason() {
		String reason = this.gate.waiting();
		Told now = new Told(reason != null, this.gate.throttle().hindrances());
		if (now.equals(this.told)) {
			return;
		}
		boolean waited = this.told.waits();
		this.told = now;
		BackfillProgress progress = progress();
		if (now.waits() != waited) {
			logger.info("Backfill {} {}", progress.version(), (reason != null) ? "waits: " + reason : "goes on");
		}
		tell((listener) -> listener.backfillThrottled(this.found.engine().scope(), progress));
	}

	private static BackfillOptions at(BackfillOptions options, RecordedPace pace) {
		BatchLimits batch = options.batch();
		Duration target = (pace.targetMillis() != null) ? Duration.ofMillis(pace.targetMillis()) : null;
		BatchLimits limits = new BatchLimits(batch.first(), (pace.maxSize() != null) ? pace.maxSize() : batch.most(),
				(target != null) ? target : batch.target(), (target != null) ? target : batch.targetUnderLoad());
		PaceLimits file = options.pace();
		PaceLimits set = new PaceLimits((pace.duty() != null) ? pace.duty() : file.duty(),
				(pace.maxRowsPerSecond() != null) ? pace.maxRowsPerSecond() : file.maxRowsPerSecond(),
				(pace.maxWalPerSecond() != null) ? pace.maxWalPerSecond() : file.maxWalPerSecond(), file.windows(),
				file.rolloutPause());
		return new BackfillOptions(limits, set, options.failure(), options.workers(), options.reads(),
				options.manual());
	}

	/** Returns how far it has come, as this instance knows. */
	BackfillProgress progress() {
		return progress(Objects.requireNonNull(this.recorded));
	}

	/** Returns the same where somebody has looked since: a person may have paused it. */
	BackfillProgress progress(Found seen) {
		RecordedBackfill now = seen.recorded();
		return (now != null) ? progress(now) : progress();
	}

	private BackfillProgress progress(RecordedBackfill known) {
		return new ProgressReport(this.found).of(withRanges(known), this.ledger, this.gate);
	}

	/** Returns the backfill with what this instance has committed since it was read. */
	private RecordedBackfill withRanges(RecordedBackfill known) {
		Undertaking working = this.undertaking;
		if (working == null) {
			return known;
		}
		List<RecordedRange> current = working.ranges();
		boolean verification = !current.isEmpty() && current.get(0).verification();
		return known.with(verification ? known.ranges(false) : current, verification ? current : known.ranges(true));
	}

	/** Returns what is committed, in words. */
	String state() {
		RecordedBackfill known = this.recorded;
		if (known == null) {
			return "No batch is committed.";
		}
		RecordedRange.Counts counts = withRanges(known).counts(false);
		return (counts.batches() == 0) ? "No batch is committed." : counts.batches() + " batches with " + counts.rows()
				+ " rows changed are committed, and their position is kept; nothing else of it is in the database.";
	}

	/** Tells that this instance does not work on it any more. */
	void left(@Nullable RecordedBackfill last) {
		if (last == null) {
			return;
		}
		BackfillProgress progress = new ProgressReport(this.found).of(last, this.ledger, this.gate);
		boolean going = last.record().state().isGoing();
		if (!going) {
			logger.info("Backfill {} is {}: {} rows changed in {} batches{}", progress.version(), progress.state(),
					progress.counts().rows(), progress.counts().batches(),
					(progress.counts().badRows() > 0) ? ", " + progress.counts().badRows() + " rows left out" : "");
		}
		tell((listener) -> {
			if (going) {
				listener.backfillLeft(this.found.engine().scope(), progress);
			}
			else {
				listener.backfillEnded(this.found.engine().scope(), progress);
			}
		});
	}

	private void tell(Consumer<BackfillListener> event) {
		this.listeners.tell(event);
	}

	/**
	 * What was told last: not what was measured, which is another number at each look.
	 *
	 * @param waits whether no batch begins
	 * @param hindrances the signals that slow down or stop
	 */
	private record Told(boolean waits, Map<String, Verdict> hindrances) {

	}

	/**
	 * Those who are told.
	 *
	 * @param all the listeners
	 * @param engine warns of those that fail
	 */
	record Listeners(List<BackfillListener> all, Engine engine) {

		void tell(Consumer<BackfillListener> event) {
			for (BackfillListener listener : this.all) {
				try {
					event.accept(listener);
				}
				catch (RuntimeException | Error ex) {
					// Who only looks on must neither stop a backfill nor hide its
					// failure.
					this.engine.listeners().warn(listener, ex);
				}
			}
		}

	}

}
