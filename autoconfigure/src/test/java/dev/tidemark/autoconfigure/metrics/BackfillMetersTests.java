package dev.tidemark.autoconfigure.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.Counts;
import dev.tidemark.rollout.BackfillProgress.Speed;
import dev.tidemark.rollout.BackfillProgress.Times;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.run.settings.RunScope;

import static org.assertj.core.api.Assertions.assertThat;

class BackfillMetersTests {

	private static final RunScope SCOPE = new RunScope("shop", false);

	private static final BatchInfo BATCH = new BatchInfo(0, 100, 70, 8192, Duration.ofMillis(250), Instant.EPOCH);

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final BackfillMeters meters = new BackfillMeters(this.registry);

	static BackfillProgress progress(BackfillState state, SignalReading... signals) {
		return new BackfillProgress(MigrationVersion.of("8"), "copy", "V8__copy.backfill.sql", state, Reads.READY, true,
				new Counts(70, 100, 1000L, 1, 2, null), new Speed(280, Duration.ofSeconds(3), Duration.ofSeconds(9)),
				null, List.of(signals), List.of(), List.of(), Times.NONE, "one", null);
	}

	private static SignalReading signal(String name, Verdict verdict) {
		return new SignalReading(name, verdict, "1", "2", null);
	}

	@Test
	void rowsAndBatchesAreCounted() {
		this.meters.backfillStarted(SCOPE, progress(BackfillState.RUNNING));
		assertThat(this.registry.scrape())
			.contains("tidemark_backfill_rows_total{tidemark=\"shop\",version=\"8\"} 0.0");
		this.meters.batchCommitted(SCOPE, progress(BackfillState.RUNNING), BATCH);
		this.meters.batchCommitted(SCOPE, progress(BackfillState.RUNNING), BATCH);

		assertThat(this.registry.scrape()).contains(
				"tidemark_backfill_rows_total{tidemark=\"shop\",version=\"8\"} 140.0",
				"tidemark_backfill_batches_seconds_count{tidemark=\"shop\",version=\"8\"} 2",
				"tidemark_backfill_batches_seconds_sum{tidemark=\"shop\",version=\"8\"} 0.5");
	}

	@Test
	void stateRateAndRemainingTimeAreThoseOfTheLastEvent() {
		this.meters.backfillStarted(SCOPE, progress(BackfillState.WAITING));
		this.meters.batchCommitted(SCOPE, progress(BackfillState.RUNNING), BATCH);

		assertThat(this.registry.scrape()).contains(
				"tidemark_backfill_state{state=\"running\",tidemark=\"shop\",version=\"8\"} 1.0",
				"tidemark_backfill_state{state=\"waiting\",tidemark=\"shop\",version=\"8\"} 0.0",
				"tidemark_backfill_rate{tidemark=\"shop\",version=\"8\"} 280.0",
				"tidemark_backfill_bad_rows{tidemark=\"shop\",version=\"8\"} 2.0",
				"tidemark_backfill_remaining_seconds{tidemark=\"shop\",version=\"8\"} 9.0");
	}

	@Test
	void whatHasEndedHasNoRateAndNoTimeThatRemains() {
		this.meters.batchCommitted(SCOPE, progress(BackfillState.RUNNING), BATCH);
		this.meters.backfillEnded(SCOPE, progress(BackfillState.FAILED));

		assertThat(this.registry.scrape()).contains(
				"tidemark_backfill_state{state=\"failed\",tidemark=\"shop\",version=\"8\"} 1.0",
				"tidemark_backfill_rate{tidemark=\"shop\",version=\"8\"} 0.0",
				"tidemark_backfill_remaining_seconds{tidemark=\"shop\",version=\"8\"} NaN");
	}

	@Test
	void whatAnotherInstanceGoesOnWithHasNoGaugesHere() {
		this.meters.batchCommitted(SCOPE, progress(BackfillState.RUNNING), BATCH);
		this.meters.backfillLeft(SCOPE, progress(BackfillState.RUNNING));

		assertThat(this.registry.scrape())
			.doesNotContain("tidemark_backfill_state", "tidemark_backfill_rate", "tidemark_backfill_remaining",
					"tidemark_backfill_bad_rows")
			.contains("tidemark_backfill_rows_total{");
	}

	@Test
	void whatSlowsItDownIsCountedBySignal() {
		this.meters.backfillThrottled(SCOPE, progress(BackfillState.RUNNING, signal("replay-lag", Verdict.STOP),
				signal("dead-rows", Verdict.SLOW), signal("sessions", Verdict.GO), signal("slots", Verdict.UNKNOWN)));

		assertThat(this.registry.scrape())
			.contains("tidemark_backfill_throttled_total{signal=\"replay-lag\",tidemark=\"shop\",verdict=\"stop\"} 1.0",
					"tidemark_backfill_throttled_total{signal=\"dead-rows\",tidemark=\"shop\",verdict=\"slow\"} 1.0")
			.doesNotContain("signal=\"sessions\"", "signal=\"slots\"");
	}

	@Test
	void namesOfSignalsAreBoundedHoweverManyAnApplicationInvents() {
		IntStream.range(0, 200)
			.forEach((i) -> this.meters.backfillThrottled(SCOPE,
					progress(BackfillState.RUNNING, signal("signal" + i, Verdict.STOP))));

		assertThat(this.registry.scrape().lines().filter((line) -> line.startsWith("tidemark_backfill_throttled")))
			.hasSize(51)
			.contains("tidemark_backfill_throttled_total{signal=\"other\",tidemark=\"shop\",verdict=\"stop\"} 150.0");
	}

	@Test
	void aTenantHasCountersAndNoGauges() {
		this.meters.batchCommitted(new RunScope("shop", true), progress(BackfillState.RUNNING), BATCH);

		assertThat(this.registry.scrape()).contains("tidemark_backfill_rows_total{")
			.doesNotContain("tidemark_backfill_state");
	}

}
