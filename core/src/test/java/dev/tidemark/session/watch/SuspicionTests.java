package dev.tidemark.session.watch;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When what was seen of the server process of a run ends it. All times are made up.
 */
class SuspicionTests {

	private static final Object STATEMENT = new Object();

	private static final Sighting GONE = new Sighting.Gone();

	private final Suspicion suspicion = new Suspicion(7);

	/** Looks at a number of seconds. */
	private @Nullable String look(int second, Sighting sighting, @Nullable Object work, @Nullable Exchange exchange) {
		return this.suspicion.after(sighting, work, exchange, Duration.ofSeconds(second).toNanos());
	}

	private static Sighting listening(int seconds) {
		return new Sighting.Present(Duration.ofSeconds(seconds));
	}

	private static Exchange sent(int second, long characters) {
		return new Exchange(characters, Duration.ofSeconds(second).toNanos());
	}

	@Test
	void aProcessThatIsGoneInTwoLooksEndsTheRun() {
		Exchange exchange = sent(0, 10);

		assertThat(look(1, GONE, STATEMENT, exchange)).isNull();
		assertThat(look(2, GONE, STATEMENT, exchange))
			.isEqualTo("The server process 7 of this run is gone, while the client was still waiting for its answer");
	}

	@Test
	void aProcessThatIsGoneEndsCodeThatDoesNotWaitForIt() {
		look(1, GONE, STATEMENT, null);

		assertThat(look(2, GONE, STATEMENT, null)).isEqualTo("The server process 7 of this run is gone");
	}

	@Test
	void twoLooksRightAfterOneAnotherAreOne() {
		look(1, GONE, STATEMENT, null);

		assertThat(this.suspicion.after(GONE, STATEMENT, null, Duration.ofMillis(1100).toNanos())).isNull();
	}

	@Test
	void whatWentOnBetweenTheLooksIsLeftAlone() {
		look(1, GONE, STATEMENT, null);

		assertThat(look(2, GONE, null, null)).isNull();
		assertThat(look(3, GONE, new Object(), null)).isNull();
	}

	@Test
	void theServerThatWasStartedAgainEndsTheRun() {
		look(1, new Sighting.Restarted(), STATEMENT, null);

		assertThat(look(2, new Sighting.Restarted(), STATEMENT, null))
			.isEqualTo("The server was started again, so the server process 7 of this run is gone");
	}

	@Test
	void anotherServerProvesNothing() {
		look(1, new Sighting.Elsewhere(), STATEMENT, null);

		assertThat(look(60, new Sighting.Elsewhere(), STATEMENT, null)).isNull();
	}

	@Test
	void aProcessThatWorksEndsNothing() {
		Exchange exchange = sent(0, 10);

		for (int second = 1; second < 10_000; second++) {
			assertThat(look(second, new Sighting.Present(null), STATEMENT, exchange)).isNull();
		}
	}

	@Test
	void codeThatThinksWhileTheProcessListensIsLeftAlone() {
		for (int second = 1; second < 10_000; second++) {
			assertThat(look(second, listening(second), STATEMENT, null)).isNull();
		}
	}

	@Test
	void anAnswerThatIsOnTheWayForTooLongEndsTheRun() {
		Exchange exchange = sent(0, 10);

		for (int second = 10; second < 31; second++) {
			assertThat(look(second, listening(second - 10), STATEMENT, exchange)).isNull();
		}
		assertThat(look(31, listening(21), STATEMENT, exchange)).contains("server process 7", "lost on the way");
	}

	@Test
	void aStatementThatWasSentJustNowMayBeOnItsWay() {
		Exchange exchange = sent(100, 10);

		for (int second = 101; second < 120; second++) {
			assertThat(look(second, listening(second), STATEMENT, exchange)).isNull();
		}
	}

	@Test
	void aLargeStatementIsGivenTheTimeThatASlowLineNeeds() {
		Exchange exchange = sent(100, 10_000_000);

		for (int second = 101; second < 1100; second++) {
			assertThat(look(second, listening(second), STATEMENT, exchange)).isNull();
		}
	}

	@Test
	void aLargeStatementThatWasAnsweredNeedsNoMoreTime() {
		Exchange exchange = sent(0, 10_000_000);
		look(130, listening(21), STATEMENT, exchange);

		assertThat(look(131, listening(22), STATEMENT, exchange)).isNotNull();
	}

	@Test
	void aNewStatementBetweenTheLooksIsLeftAlone() {
		look(40, listening(25), STATEMENT, sent(0, 10));

		assertThat(look(41, listening(26), STATEMENT, sent(0, 10))).isNull();
	}

}
