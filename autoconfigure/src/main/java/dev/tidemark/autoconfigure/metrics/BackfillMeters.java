package dev.tidemark.autoconfigure.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.Speed;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.sql.PlainText;

/**
 * Measures the backfills that this instance works on. Gauges show what the last event
 * told, and are gone when another instance goes on; nothing asks a database when they are
 * read. Of tenants there are counters alone: a gauge for each of many would be too many.
 */
final class BackfillMeters implements BackfillListener {

	/** An application may have signals of its own, and name them as it likes. */
	private static final int MOST_SIGNALS = 50;

	private static final String OTHER_SIGNALS = "other";

	private final MeterRegistry registry;

	private final Map<Tags, LastProgress> last = new ConcurrentHashMap<>();

	private final Set<String> signals = ConcurrentHashMap.newKeySet();

	BackfillMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void backfillStarted(RunScope scope, BackfillProgress progress) {
		rows(tags(scope, progress));
		batches(tags(scope, progress));
		show(scope, progress);
	}

	@Override
	public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
		rows(tags(scope, progress)).increment(batch.rows());
		batches(tags(scope, progress)).record(batch.took());
		show(scope, progress);
	}

	@Override
	public void backfillThrottled(RunScope scope, BackfillProgress progress) {
		for (SignalReading reading : progress.signals()) {
			if (reading.verdict() == Verdict.SLOW || reading.verdict() == Verdict.STOP) {
				throttled(scope, reading).increment();
			}
		}
		show(scope, progress);
	}

	@Override
	public void backfillEnded(RunScope scope, BackfillProgress progress) {
		show(scope, progress);
	}

	@Override
	public void backfillLeft(RunScope scope, BackfillProgress progress) {
		LastProgress left = this.last.remove(tags(scope, progress));
		if (left != null) {
			left.meters.forEach(this.registry::remove);
		}
	}

	private static Tags tags(RunScope scope, BackfillProgress progress) {
		return Tags.of("tidemark", scope.tidemark(), "version", progress.version().toString());
	}

	private Counter rows(Tags tags) {
		return Counter.builder("tidemark.backfill.rows")
			.description("Rows that this instance has changed by backfills")
			.tags(tags)
			.register(this.registry);
	}

	private Timer batches(Tags tags) {
		return Timer.builder("tidemark.backfill.batches")
			.description("Batches that this instance has committed, and the time that they took")
			.tags(tags)
			.register(this.registry);
	}

	private Counter throttled(RunScope scope, SignalReading reading) {
		return Counter.builder("tidemark.backfill.throttled")
			.description("How often a signal has slowed down or stopped backfills of this instance")
			.tags("tidemark", scope.tidemark(), "signal", signal(reading.signal()), "verdict",
					(reading.verdict() == Verdict.STOP) ? "stop" : "slow")
			.register(this.registry);
	}

	private String signal(String name) {
		String plain = PlainText.line(name);
		if (this.signals.contains(plain)) {
			return plain;
		}
		if (this.signals.size() >= MOST_SIGNALS) {
			return OTHER_SIGNALS;
		}
		this.signals.add(plain);
		return plain;
	}

	private void show(RunScope scope, BackfillProgress progress) {
		if (!scope.tenant()) {
			Tags tags = tags(scope, progress);
			this.last.computeIfAbsent(tags, (unknown) -> register(tags, progress)).progress = progress;
		}
	}

	private LastProgress register(Tags tags, BackfillProgress progress) {
		LastProgress found = new LastProgress(progress);
		for (BackfillState state : BackfillState.values()) {
			found.meters.add(gauge("tidemark.backfill.state", "1 for the state that the backfill is in",
					tags.and("state", state.toString()), found, (shown) -> (shown.state() == state) ? 1 : 0)
				.register(this.registry));
		}
		found.meters.add(gauge("tidemark.backfill.rate", "Rows that the backfill changes in a second", tags, found,
				BackfillMeters::rate)
			.register(this.registry));
		found.meters.add(gauge("tidemark.backfill.bad.rows", "Rows that the backfill has left out", tags, found,
				(shown) -> shown.counts().badRows())
			.register(this.registry));
		found.meters.add(gauge("tidemark.backfill.remaining", "Time that the backfill takes at most as it went lately",
				tags, found, BackfillMeters::remaining)
			.baseUnit("seconds")
			.register(this.registry));
		return found;
	}

	private static Gauge.Builder<LastProgress> gauge(String name, String description, Tags tags, LastProgress shown,
			ToDoubleFunction<BackfillProgress> value) {
		return Gauge.builder(name, shown, (last) -> value.applyAsDouble(last.progress))
			.description(description)
			.tags(tags);
	}

	/** What has ended is not fast any more, however fast it went. */
	private static @Nullable Speed speed(BackfillProgress shown) {
		return shown.state().isGoing() ? shown.speed() : null;
	}

	private static double rate(BackfillProgress shown) {
		Speed speed = speed(shown);
		return (speed != null) ? speed.rowsPerSecond() : 0;
	}

	private static double remaining(BackfillProgress shown) {
		Speed speed = speed(shown);
		Duration longest = (speed != null) ? speed.longest() : null;
		return (longest != null) ? longest.toMillis() / 1000.0 : Double.NaN;
	}

	/** Kept alive by the map: gauges refer weakly to what they read. */
	private static final class LastProgress {

		private final List<Meter> meters = new ArrayList<>();

		private volatile BackfillProgress progress;

		private LastProgress(BackfillProgress progress) {
			this.progress = progress;
		}

	}

}
