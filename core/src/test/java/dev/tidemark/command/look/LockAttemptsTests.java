package dev.tidemark.command.look;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.tidemark.migration.Identity;
import dev.tidemark.run.LockWait;

import static org.assertj.core.api.Assertions.assertThat;

class LockAttemptsTests {

	private static final Instant NOW = Instant.parse("2026-11-20T20:05:31Z");

	private final LockAttempts attempts = new LockAttempts(Clock.fixed(NOW, ZoneOffset.UTC));

	private void fail(int attempt) {
		this.attempts
			.lockNotGranted(new LockWait(Identity.of("7"), attempt, null, null, List.of(), Duration.ofSeconds(3)));
	}

	@Test
	void tellsWhenTheNextOneIsDue() {
		fail(1);

		assertThat(this.attempts.newest()).singleElement().satisfies((attempt) -> {
			assertThat(attempt.failedAt()).isEqualTo(NOW);
			assertThat(attempt.nextAt()).isEqualTo(NOW.plusSeconds(3));
		});
	}

	@Test
	void keepsTheNewestOfMany() {
		for (int i = 1; i <= 3 * LockAttempts.AT_MOST; i++) {
			fail(i);
		}

		assertThat(this.attempts.newest()).hasSize(LockAttempts.AT_MOST);
		assertThat(this.attempts.newest().get(0).lockWait().attempt()).isEqualTo(2 * LockAttempts.AT_MOST + 1);
	}

	@Test
	void forgetsThemWhenTheNextRunBegins() {
		fail(1);
		this.attempts.runStarted();

		assertThat(this.attempts.newest()).isEmpty();
	}

}
