package dev.tidemark.rollout.pace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.rollout.BatchInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How large batches are on a simulated server.
 */
class BatchSizeTests {

	private static final Duration TARGET = Duration.ofMillis(500);

	private static final Duration UNDER_LOAD = Duration.ofMillis(100);

	private final BatchSize size = new BatchSize(BatchLimits.DEFAULT);

	private final SimulatedTable table = new SimulatedTable();

	/** Returns how many milliseconds each of the batches has taken. */
	private List<Double> run(int batches, Duration target) {
		List<Double> millis = new ArrayList<>();
		for (int i = 0; i < batches; i++) {
			BatchInfo batch = this.table.batch(this.size.next(target));
			this.size.committed(batch);
			millis.add(batch.took().toNanos() / 1e6);
		}
		return millis;
	}

	private static double last(List<Double> millis) {
		return millis.get(millis.size() - 1);
	}

	@Test
	void beginsWithTheFirstSize() {
		assertThat(this.size.next(TARGET)).isEqualTo(100);
	}

	@Test
	void theTargetIsThatOfLiveTrafficWhileOthersWrite() {
		assertThat(this.size.target(true)).isEqualTo(UNDER_LOAD);
		assertThat(this.size.target(false)).isEqualTo(TARGET);
	}

	@Test
	void doublesUntilItComesNearTheTarget() {
		assertThat(sizes(7, TARGET)).containsExactly(100, 200, 400, 800, 1600, 3200, 6400);
	}

	private List<Integer> sizes(int batches, Duration target) {
		List<Integer> sizes = new ArrayList<>();
		for (int i = 0; i < batches; i++) {
			sizes.add(this.size.next(target));
			this.size.committed(this.table.batch(sizes.get(i)));
		}
		return sizes;
	}

	@Test
	void aFirstBatchThatIsSlowDoesNotHoldItUp() {
		this.size.committed(this.table.batch(this.size.next(UNDER_LOAD), 8));

		assertThat(sizes(4, UNDER_LOAD)).containsExactly(200, 400, 800, 1600);
	}

	@Test
	void takesAsLongAsItShouldAfterAFewBatches() {
		List<Double> millis = run(20, TARGET);

		assertThat(millis).allMatch((took) -> took < 1.1 * 500);
		assertThat(millis.subList(12, 20)).allMatch((took) -> took > 0.65 * 500);
	}

	@Test
	void reachesTheTargetAlsoWhereACommitIsSlow() {
		this.table.commitMillis(20);

		assertThat(last(run(20, UNDER_LOAD))).isBetween(65.0, 75.0);
	}

	@Test
	void staysNearTheTargetWhereTimesScatter() {
		this.table.noise(0.4);
		run(20, UNDER_LOAD);

		List<Double> millis = run(200, UNDER_LOAD);

		assertThat(millis.stream().mapToDouble(Double::doubleValue).average()).hasValueCloseTo(68.0,
				Offset.offset(12.0));
		assertThat(millis).allMatch((took) -> took < 165);
	}

	@Test
	void fallsWithinThreeBatchesWhereRowsBecomeDear() {
		run(20, UNDER_LOAD);
		this.table.rowMillis(0.1);

		List<Double> millis = run(5, UNDER_LOAD);

		assertThat(millis.get(0)).isGreaterThan(290);
		assertThat(millis.get(3)).isLessThan(150);
	}

	@Test
	void risesByAQuarterWhereRowsBecomeCheap() {
		this.table.rowMillis(0.1);
		run(30, UNDER_LOAD);
		int before = this.size.next(UNDER_LOAD);
		this.table.rowMillis(0.01);
		this.size.committed(this.table.batch(before));

		assertThat(this.size.next(UNDER_LOAD)).isBetween((int) (1.2 * before), (int) (1.25 * before) + 1);
		assertThat(last(run(20, UNDER_LOAD))).isBetween(65.0, 75.0);
	}

	@Test
	void oneBatchThatWasHeldUpHalvesTheSizeAtMost() {
		run(20, UNDER_LOAD);
		int before = this.size.next(UNDER_LOAD);

		this.size.committed(this.table.batch(before, 20));

		assertThat(this.size.next(UNDER_LOAD)).isEqualTo(before / 2);
	}

	@Test
	void isHalvedAtOnceWhenABatchFails() {
		run(20, UNDER_LOAD);
		int before = this.size.next(UNDER_LOAD);

		this.size.halve();
		assertThat(this.size.next(UNDER_LOAD)).isEqualTo(before / 2);
		this.size.halve();
		assertThat(this.size.next(UNDER_LOAD)).isEqualTo(before / 4);
		this.size.committed(this.table.batch(before / 4));
		assertThat(this.size.next(UNDER_LOAD)).isLessThanOrEqualTo(before / 4 * 5 / 4 + 1);
	}

	@Test
	void isHalvedBeforeAnyBatchIsCommitted() {
		this.size.halve();

		assertThat(this.size.next(TARGET)).isEqualTo(50);
	}

	@Test
	void isNeverUnderOne() {
		for (int i = 0; i < 20; i++) {
			this.size.halve();
		}
		assertThat(this.size.next(TARGET)).isEqualTo(1);
		this.table.rowMillis(5000);
		run(5, UNDER_LOAD);

		assertThat(this.size.next(UNDER_LOAD)).isEqualTo(1);
	}

	@Test
	void leavesOneAgain() {
		for (int i = 0; i < 20; i++) {
			this.size.halve();
		}

		assertThat(last(run(60, UNDER_LOAD))).isGreaterThan(65);
	}

	@Test
	void isNeverMoreThanTheMost() {
		this.table.commitMillis(0).rowMillis(0.0001);

		assertThat(sizes(30, TARGET)).allMatch((keys) -> keys <= 50_000).last().isEqualTo(50_000);
	}

	@Test
	void followsATargetThatFallsAtOnce() {
		run(30, TARGET);

		assertThat(run(1, UNDER_LOAD).get(0)).isLessThan(110);
	}

	@Test
	void followsATargetThatRisesSlowly() {
		run(30, UNDER_LOAD);
		int before = this.size.next(TARGET);

		List<Double> millis = run(12, TARGET);

		assertThat(before).isLessThan(6000);
		assertThat(millis.get(0)).isLessThan(130);
		assertThat(last(millis)).isBetween(325.0, 375.0);
	}

	/** Else the first rows of a dense stretch would take many times the target. */
	@Test
	void rowsThatComeAllAtOnceTakeAtMostTwiceTheTarget() {
		run(20, UNDER_LOAD);
		this.table.density(0.001);
		run(100, UNDER_LOAD);
		int sparse = this.size.next(UNDER_LOAD);
		this.table.density(1);

		assertThat(sparse).isGreaterThan(7000);
		assertThat(run(1, UNDER_LOAD).get(0)).isLessThan(2.2 * 100);
		assertThat(last(run(8, UNDER_LOAD))).isBetween(60.0, 85.0);
	}

	@Test
	void keysWithoutAnyRowAreNotWalkedAsThoughTheyWereFree() {
		this.table.density(0);
		run(100, UNDER_LOAD);

		assertThat(this.size.next(UNDER_LOAD)).isEqualTo(2000);
	}

	@Test
	void fewRowsAmongManyKeysDoNotMakeBatchesSmall() {
		this.table.density(0.0005);
		run(100, UNDER_LOAD);

		assertThat(this.size.next(UNDER_LOAD)).isGreaterThanOrEqualTo(2000);
	}

	@Test
	void aKeyMayLeadToManyRows() {
		this.table.density(50);
		run(20, UNDER_LOAD);
		this.table.density(0.01);
		run(50, UNDER_LOAD);
		this.table.density(50);

		assertThat(run(1, UNDER_LOAD).get(0)).isLessThan(2.2 * 100);
	}

	@Test
	void otherLimitsHoldFromTheNextBatchOn() {
		run(20, TARGET);

		this.size.limits(new BatchLimits(100, 500, TARGET, UNDER_LOAD));

		assertThat(this.size.next(TARGET)).isEqualTo(500);
	}

	@Test
	void aBatchThatWasEmptyTeachesNothing() {
		run(20, TARGET);
		int before = this.size.next(TARGET);

		this.size.committed(SimulatedTable.batch(0, 0, 0, Duration.ofSeconds(5)));

		assertThat(this.size.next(TARGET)).isEqualTo(before);
	}

}
