package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How often an instance that waits looks at its database.
 */
class LookPauseTests {

	private final LookPause pause = new LookPause(Duration.ofSeconds(2));

	private Duration afterALookOf(Duration time) {
		return this.pause.after(System.nanoTime() - time.toNanos());
	}

	@Test
	void aQuickLookIsFollowedByAnotherOneSoon() {
		assertThat(afterALookOf(Duration.ofMillis(5))).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void aSlowOneTakesNoMoreThanATwentiethOfTheTime() {
		assertThat(afterALookOf(Duration.ofSeconds(1))).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(25));
	}

	@Test
	void oneThatFoundNoServerDoesNotPutOffTheNextOne() {
		assertThat(afterALookOf(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(30));
	}

}
