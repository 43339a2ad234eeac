package dev.tidemark.run.step;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.VersionTwo;
import dev.tidemark.history.Basis;
import dev.tidemark.migration.Migration;
import dev.tidemark.plan.step.Step;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Obstruction;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationAttemptsTests {

	private final MigrationAttempts attempts = new MigrationAttempts(() -> new MigrationAttempts.Attempted(step(), "x"),
			(event) -> {
			});

	private static Step step() {
		return new Step(Migration.of(new VersionTwo((jdbc) -> {
		})), List.of(), List.of(), null, new Basis(List.of(), null), null, null);
	}

	@Test
	void whoHasReadThatNoAttemptIsMadeReadsWhenOneIs() {
		try (LogLines log = LogLines.of("MigrationAttempts")) {
			this.attempts.queues(Duration.ofMillis(4_999));
			this.attempts.queues(Duration.ofMillis(42_500));

			assertThat(log.lines()).containsExactly(
					"INFO An attempt of version 2 is made now, after 42500 ms without one because of others in the way");
		}
	}

	@Test
	void thatNoAttemptIsMadeSaysWhenOneWillBe() {
		Obstruction seen = new Obstruction(new AwaitedLock("relation", "AccessExclusiveLock", "public.orders"),
				List.of());
		try (LogLines log = LogLines.of("MigrationAttempts")) {
			this.attempts.looks(seen, Duration.ofSeconds(15), Duration.ofMillis(300));

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("INFO No attempt of version 2 has been made for 15 s, since")
				.contains("more than 300 ms, or when four fifths of tidemark.locks.max-duration are gone",
						"AccessExclusiveLock on public.orders is blocked by");
		}
	}

}
