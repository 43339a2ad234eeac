package dev.tidemark.rollout.pace;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.migration.backfill.PaceLimits;
import dev.tidemark.migration.backfill.Windows;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a backfill rests.
 */
class PaceTests {

	private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

	private static final ThrottleState ALONE = new ThrottleState(List.of(), false, false);

	private static final ThrottleState WITH_OTHERS = new ThrottleState(List.of(), true, false);

	private static ThrottleState slow(boolean othersActive) {
		return new ThrottleState(
				List.of(new SignalReading("waiting", Verdict.SLOW, "12 sessions", "slow from 10", null)), othersActive,
				false);
	}

	private static Pace pace(double duty, long rows, long wal) {
		return new Pace(new PaceLimits(duty, rows, wal, Windows.ALWAYS, Duration.ZERO), 1);
	}

	private static BatchInfo batch(long rows, long wal, long millis) {
		return SimulatedTable.batch(rows, rows, wal, Duration.ofMillis(millis));
	}

	@Test
	void doesNotRestWhileNobodyElseIsActive() {
		assertThat(pace(0.5, 0, 0).pauseAfter(batch(1000, 500_000, 400), ALONE)).isZero();
	}

	@Test
	void restsForItsShareWhileOthersAreActive() {
		assertThat(pace(0.5, 0, 0).pauseAfter(batch(1000, 0, 100), WITH_OTHERS)).isEqualTo(Duration.ofMillis(100));
		assertThat(pace(0.25, 0, 0).pauseAfter(batch(1000, 0, 100), WITH_OTHERS)).isEqualTo(Duration.ofMillis(300));
		assertThat(pace(1, 0, 0).pauseAfter(batch(1000, 0, 100), WITH_OTHERS)).isZero();
	}

	@Test
	void restsAsThoughNobodyHadLookedUntilSomebodyHas() {
		assertThat(pace(0.5, 0, 0).pauseAfter(batch(1000, 0, 100), ThrottleState.UNSEEN))
			.isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void aSlowSignalHalvesTheShare() {
		assertThat(pace(0.5, 0, 0).pauseAfter(batch(1000, 0, 100), slow(true))).isEqualTo(Duration.ofMillis(300));
		assertThat(pace(0.5, 0, 0).pauseAfter(batch(1000, 0, 100), slow(false))).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void changesNoMoreRowsASecond() {
		assertThat(pace(1, 1000, 0).pauseAfter(batch(200, 0, 50), ALONE)).isEqualTo(Duration.ofMillis(150));
		assertThat(pace(1, 1000, 0).pauseAfter(batch(200, 0, 250), ALONE)).isZero();
	}

	@Test
	void makesNoMoreLogASecond() {
		assertThat(pace(1, 0, 8_000_000).pauseAfter(batch(200, 4_000_000, 100), ALONE))
			.isEqualTo(Duration.ofMillis(400));
	}

	@Test
	void logOfUnknownSizeDoesNotHoldItUp() {
		assertThat(pace(1, 0, 8_000_000).pauseAfter(batch(200, -1, 100), ALONE)).isZero();
	}

	@Test
	void theLongestOfAllRestsHolds() {
		assertThat(pace(0.5, 1000, 8_000_000).pauseAfter(batch(900, 4_000_000, 100), WITH_OTHERS))
			.isEqualTo(Duration.ofMillis(800));
	}

	@Test
	void rowsASecondComeEvenlyAndNotInBursts() {
		Pace pace = pace(1, 1000, 0);
		BatchSize size = new BatchSize(BatchLimits.DEFAULT);
		SimulatedTable table = new SimulatedTable();
		long rows = 0;
		double seconds = 0;
		for (int i = 0; i < 100; i++) {
			BatchInfo batch = table.batch(pace.most(size.next(Duration.ofMillis(500))));
			size.committed(batch);
			rows += batch.rows();
			seconds += batch.took().plus(pace.pauseAfter(batch, ALONE)).toNanos() / 1e9;
			assertThat(batch.rows()).isLessThanOrEqualTo(200);
			assertThat(rows).isLessThanOrEqualTo((long) (seconds * 1000) + 1);
		}
		assertThat(rows / seconds).isBetween(950.0, 1001.0);
	}

	@Test
	void logComesEvenlyToo() {
		Pace pace = pace(1, 0, 1_000_000);
		assertThat(pace.most(50_000)).isEqualTo(50_000);

		pace.pauseAfter(batch(1000, 200_000, 10), ALONE);

		assertThat(pace.most(50_000)).isEqualTo(1000);
	}

	@Test
	void fewRowsAmongManyKeysUseUpLittle() {
		Pace pace = pace(1, 1000, 0);
		for (int i = 0; i < 30; i++) {
			pace.pauseAfter(SimulatedTable.batch(1000, 10, 0, Duration.ofMillis(20)), ALONE);
		}

		assertThat(pace.most(50_000)).isBetween(15_000, 20_000);
	}

	@Test
	void atLeastOneKeyIsAllowed() {
		assertThat(pace(1, 1, 0).most(50_000)).isEqualTo(1);
	}

	@Test
	void workersShareRowsASecond() {
		Pace pace = new Pace(new PaceLimits(1, 1000, 0, Windows.ALWAYS, Duration.ZERO), 4);

		assertThat(pace.most(50_000)).isEqualTo(50);
		assertThat(pace.pauseAfter(batch(50, 0, 50), ALONE)).isEqualTo(Duration.ofMillis(150));
	}

	@Test
	void anotherPaceHoldsFromTheNextBatchOn() {
		Pace pace = pace(0.5, 0, 0);

		pace.limits(new PaceLimits(0.1, 0, 0, Windows.ALWAYS, Duration.ZERO));

		assertThat(pace.pauseAfter(batch(1000, 0, 100), WITH_OTHERS)).isEqualTo(Duration.ofMillis(900));
	}

	@Test
	void worksAtAllTimesWithoutWindows() {
		assertThat(pace(0.5, 0, 0).closed(Instant.now(), BERLIN, null)).isEmpty();
	}

	@Test
	void worksWithinItsWindowOnly() {
		Pace pace = within(new NightInBerlin());

		assertThat(pace.closed(Instant.parse("2026-11-29T20:59:59Z"), ZoneId.of("UTC"), null))
			.hasValue("outside of its windows, the next of which begins at 2026-11-29 21:00 UTC");
		assertThat(pace.closed(Instant.parse("2026-11-29T21:00:00Z"), ZoneId.of("UTC"), null)).isEmpty();
		assertThat(pace.closed(Instant.parse("2026-11-30T04:59:59Z"), ZoneId.of("UTC"), null)).isEmpty();
		assertThat(pace.closed(Instant.parse("2026-11-30T05:00:00Z"), ZoneId.of("UTC"), null)).isPresent();
	}

	/** The clocks go forward on 29 March and back on 25 October 2026. */
	@Test
	void aWindowFollowsTheClocksOfItsZone() {
		Pace pace = within(new NightInBerlin());

		assertThat(pace.closed(Instant.parse("2026-03-29T03:59:59Z"), BERLIN, null)).isEmpty();
		assertThat(pace.closed(Instant.parse("2026-03-29T04:00:00Z"), BERLIN, null)).isPresent();
		assertThat(pace.closed(Instant.parse("2026-03-29T19:00:00Z"), BERLIN, null))
			.hasValueSatisfying((reason) -> assertThat(reason).endsWith("2026-03-29 22:00 Europe/Berlin"));
		assertThat(pace.closed(Instant.parse("2026-10-25T04:59:59Z"), BERLIN, null)).isEmpty();
		assertThat(pace.closed(Instant.parse("2026-10-25T05:00:00Z"), BERLIN, null)).isPresent();
	}

	@Test
	void aWindowThatNeverOpensSaysNoTime() {
		assertThat(within((time) -> false).closed(Instant.now(), BERLIN, null)).hasValue("outside of its windows");
	}

	@Test
	void restsAfterAnInstanceHasStarted() {
		Pace pace = new Pace(new PaceLimits(1, 0, 0, Windows.ALWAYS, Duration.ofMinutes(10)), 1);
		Instant start = Instant.parse("2026-11-29T12:00:00Z");

		assertThat(pace.closed(start.plusSeconds(599), ZoneId.of("UTC"), start))
			.hasValue("an instance has started at 2026-11-29 12:00 UTC, and it rests for a roll-out until"
					+ " 2026-11-29 12:10 UTC");
		assertThat(pace.closed(start.plusSeconds(600), ZoneId.of("UTC"), start)).isEmpty();
		assertThat(pace.closed(start, ZoneId.of("UTC"), null)).isEmpty();
	}

	private static Pace within(Windows.Window window) {
		return new Pace(new PaceLimits(1, 0, 0, new Windows(List.of(window)), Duration.ZERO), 1);
	}

	/** From 22:00 to 06:00 in Berlin. */
	private static final class NightInBerlin implements Windows.Window {

		@Override
		public boolean contains(ZonedDateTime time) {
			LocalTime clock = time.withZoneSameInstant(BERLIN).toLocalTime();
			return !clock.isBefore(LocalTime.of(22, 0)) || clock.isBefore(LocalTime.of(6, 0));
		}

	}

}
