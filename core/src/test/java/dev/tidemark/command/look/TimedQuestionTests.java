package dev.tidemark.command.look;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tidemark.testkit.OwnThread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class TimedQuestionTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration SHORT = Duration.ofMillis(300);

	private final TimedQuestion<String, Integer> look = new TimedQuestion<>(Function.identity());

	private final AtomicInteger asked = new AtomicInteger();

	private final CountDownLatch gate = new CountDownLatch(1);

	/** Answers with its number when the gate is open. */
	private TimedQuestion.Question<Integer> question() {
		return (opened) -> {
			int number = this.asked.incrementAndGet();
			pass(this.gate);
			return number;
		};
	}

	private static void pass(CountDownLatch gate) {
		try {
			assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private CompletableFuture<Integer> reader(String key) {
		CountDownLatch begun = new CountDownLatch(1);
		AtomicBoolean waits = new AtomicBoolean();
		Thread[] thread = new Thread[1];
		CompletableFuture<Integer> answer = OwnThread.supply(() -> {
			thread[0] = Thread.currentThread();
			waits.set(true);
			begun.countDown();
			return this.look.look(key, question(), LONG);
		});
		pass(begun);
		await().until(() -> waits.get() && (answer.isDone() || thread[0].getState() == Thread.State.TIMED_WAITING));
		return answer;
	}

	@Test
	void thoseWhoComeWhileALookGoesOnShareTheNextOne() throws Exception {
		CompletableFuture<Integer> first = reader("a");
		List<CompletableFuture<Integer>> others = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			others.add(reader("a"));
		}
		this.gate.countDown();

		assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
		for (CompletableFuture<Integer> other : others) {
			assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(2);
		}
		assertThat(this.asked).hasValue(2);
	}

	@Test
	void whoAsksSomethingElseGetsTheOwnAnswer() throws Exception {
		reader("a");
		CompletableFuture<Integer> b = reader("b");
		CompletableFuture<Integer> c = reader("c");
		this.gate.countDown();

		// Who came first asks first.
		assertThat(List.of(b.get(30, TimeUnit.SECONDS), c.get(30, TimeUnit.SECONDS))).containsExactly(2, 3);
	}

	@Test
	void aLookThatHasNoAnswerDoesNotSpeakForThoseWhoCameLater() throws Exception {
		CountDownLatch cut = new CountDownLatch(1);
		CompletableFuture<Throwable> silent = OwnThread.supply(() -> {
			try {
				return new IllegalStateException("answered " + this.look.look("a", silent(cut), SHORT));
			}
			catch (TimeoutException ex) {
				return ex;
			}
		});
		await().until(() -> this.asked.get() == 1);
		this.gate.countDown();

		assertThat(this.look.look("a", question(), LONG)).isEqualTo(2);
		assertThat(silent.get(30, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
	}

	@Test
	void aLookThatWasLetInDoesNotSpeakForThoseWhoAskInAnotherPlace() throws Exception {
		CompletableFuture<Integer> first = reader("x");
		CompletableFuture<Throwable> silent = OwnThread.supply(() -> unanswered("a", silent(new CountDownLatch(1))));
		await().until(() -> this.look.waiting() == 1);
		CompletableFuture<Integer> other = reader("b");
		assertThat(this.look.waiting()).isEqualTo(2);
		this.gate.countDown();

		assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
		assertThat(silent.get(30, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
		assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(3);
	}

	@Test
	void aLookThatWasNotLetInSpeaksForAllWhoWait() throws Exception {
		CompletableFuture<Integer> first = reader("x");
		CountDownLatch shut = new CountDownLatch(1);
		CompletableFuture<Throwable> silent = OwnThread.supply(() -> unanswered("a", (opened) -> {
			pass(shut);
			throw new SQLException("late");
		}));
		await().until(() -> this.look.waiting() == 1);
		CompletableFuture<Throwable> other = OwnThread.supply(() -> unanswered("b", question()));
		await().until(() -> this.look.waiting() == 2);
		this.gate.countDown();

		assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
		assertThat(silent.get(30, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
		assertThat(other.get(30, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
		shut.countDown();
	}

	private Throwable unanswered(String key, TimedQuestion.Question<Integer> question) throws SQLException {
		try {
			return new IllegalStateException("answered " + this.look.look(key, question, SHORT));
		}
		catch (TimeoutException ex) {
			return ex;
		}
	}

	/** Hangs until its connection is cut. */
	private TimedQuestion.Question<Integer> silent(CountDownLatch cut) {
		return (opened) -> {
			opened.accept(connection(cut));
			this.asked.incrementAndGet();
			pass(cut);
			throw new SQLException("cut");
		};
	}

	private static Connection connection(CountDownLatch cut) {
		return (Connection) Proxy.newProxyInstance(TimedQuestionTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					assertThat(method.getName()).isEqualTo("abort");
					cut.countDown();
					return null;
				});
	}

	@Test
	void aConnectionThatIsThereTooLateIsCutAtOnce() {
		CountDownLatch cut = new CountDownLatch(1);

		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> this.look.look("a", (opened) -> {
			pass(this.gate);
			opened.accept(connection(cut));
			return 1;
		}, SHORT));
		this.gate.countDown();

		pass(cut);
	}

	@Test
	void whoGivesUpDoesNotEndTheLookOfOthers() throws Exception {
		CompletableFuture<Integer> first = reader("a");
		Thread[] thread = new Thread[1];
		CompletableFuture<Throwable> impatient = OwnThread.supply(() -> {
			thread[0] = Thread.currentThread();
			try {
				return new IllegalStateException("answered " + this.look.look("a", question(), LONG));
			}
			catch (TimeoutException ex) {
				return ex;
			}
		});
		await().until(() -> thread[0] != null && thread[0].getState() == Thread.State.TIMED_WAITING);
		thread[0].interrupt();
		assertThat(impatient.get(30, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
		this.gate.countDown();

		assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
	}

}
