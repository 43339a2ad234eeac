package dev.tidemark.command.look;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;

/**
 * Asks a database in a thread of its own, and if the answer takes too long cuts the
 * connection. One look at a time, so neither a hanging database nor many readers ever
 * gather connections. Those who come while a look goes on share the next one: what they
 * are told was true after they had asked, and each of them gets the whole time for it.
 *
 * @param <K> tells which looks ask the same
 * @param <T> what a look finds
 * @since 0.1.0
 */
public final class TimedQuestion<K, T> {

	private final Lock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private @Nullable Going<K, T> going;

	private @Nullable Going<K, T> last;

	/** How many looks have begun. */
	private long begun;

	/** Those who have no look yet, in the order in which they came. */
	private final Set<Waiting<K>> waiting = new LinkedHashSet<>();

	private final Function<K, ?> place;

	/**
	 * Begins without a look.
	 * @param place tells where a question is asked: a look that a database lets in, but
	 * gives no answer, tells nothing of other places in it
	 */
	public TimedQuestion(Function<K, ?> place) {
		this.place = place;
	}

	/**
	 * Asks, or shares the answer to the same question if somebody asks it now or soon.
	 * @param key tells which looks ask the same
	 * @param question what to ask
	 * @param timeout how long the answer may take; who has to wait for the look of
	 * somebody else waits as long for that before
	 * @return the answer
	 * @throws TimeoutException if there was none in time
	 * @throws SQLException if the connection failed
	 */
	public T look(K key, Question<T> question, Duration timeout) throws TimeoutException, SQLException {
		Going<K, T> joined = join(key, question, timeout);
		try {
			return joined.answer.get(joined.left(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			hearNoAnswer(joined);
			throw ex;
		}
		catch (InterruptedException ex) {
			leave(joined);
			throw interrupted();
		}
		catch (ExecutionException ex) {
			if (joined.isCut()) {
				// It failed because its time was over, and not the other way round.
				hearNoAnswer(joined);
				throw new TimeoutException("The look was cut off");
			}
			if (ex.getCause() instanceof TidemarkException problem) {
				throw problem;
			}
			if (ex.getCause() instanceof SQLException problem) {
				throw problem;
			}
			throw new IllegalStateException("The inspection failed", ex.getCause());
		}
	}

	/** Who came first asks first, so that nobody waits for ever for the own turn. */
	private Going<K, T> join(K key, Question<T> question, Duration timeout) throws TimeoutException {
		this.lock.lock();
		Waiting<K> reader = new Waiting<>(key, this.begun);
		this.waiting.add(reader);
		try {
			while (true) {
				Going<K, T> shared = begunAfter(reader);
				if (shared != null) {
					shared.readers++;
					return shared;
				}
				if (reader.unanswered) {
					throw new TimeoutException("A look that began later had no answer");
				}
				Going<K, T> now = this.going;
				if (now != null) {
					awaitEnd(now, timeout);
				}
				else if (this.waiting.iterator().next() == reader) {
					return begin(key, question, timeout);
				}
				else {
					this.changed.await();
				}
			}
		}
		catch (InterruptedException ex) {
			throw interrupted();
		}
		finally {
			this.waiting.remove(reader);
			this.changed.signalAll();
			this.lock.unlock();
		}
	}

	/** Returns how many have no look yet. */
	public int waiting() {
		this.lock.lock();
		try {
			return this.waiting.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns the look that goes on, or that has just ended, if it answers the same. */
	private @Nullable Going<K, T> begunAfter(Waiting<K> reader) {
		Going<K, T> now = this.going;
		if (now != null && now.answers(reader)) {
			return now;
		}
		Going<K, T> ended = this.last;
		return (ended != null && ended.answers(reader)) ? ended : null;
	}

	private void awaitEnd(Going<K, T> other, Duration timeout) throws TimeoutException, InterruptedException {
		long left = other.deadline - System.nanoTime();
		if (left <= 0) {
			other.cut();
			left += timeout.toNanos();
		}
		if (left <= 0) {
			throw new TimeoutException("Another look does not come to its end");
		}
		this.changed.awaitNanos(left);
	}

	private Going<K, T> begin(K key, Question<T> question, Duration timeout) {
		Going<K, T> started = new Going<>(++this.begun, key, System.nanoTime() + timeout.toNanos());
		Thread thread = new Thread(() -> ask(started, question), "tidemark-inspection");
		thread.setDaemon(true);
		// There may be no thread any more. It cannot end before this one lets go of the
		// lock.
		thread.start();
		this.going = started;
		return started;
	}

	private void ask(Going<K, T> started, Question<T> question) {
		try {
			started.answer.complete(question.ask(started::opened));
		}
		catch (Throwable ex) {
			started.answer.completeExceptionally(ex);
		}
		finally {
			end(started);
		}
	}

	private void end(Going<K, T> ended) {
		this.lock.lock();
		try {
			this.going = null;
			this.last = ended;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** It speaks for those who wait, too, if they would ask in the same place. */
	private void hearNoAnswer(Going<K, T> cut) {
		cut.cut();
		this.lock.lock();
		try {
			boolean letIn = cut.isLetIn();
			Object place = this.place.apply(cut.key);
			for (Waiting<K> reader : this.waiting) {
				if (reader.before < cut.number && (!letIn || place.equals(this.place.apply(reader.key)))) {
					reader.unanswered = true;
				}
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The look goes on as long as somebody waits for it. */
	private void leave(Going<K, T> left) {
		this.lock.lock();
		try {
			if (--left.readers == 0) {
				left.abandoned = true;
				left.cut();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private static TimeoutException interrupted() {
		Thread.currentThread().interrupt();
		return new TimeoutException("Interrupted");
	}

	/**
	 * What is asked.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Question<T> {

		/**
		 * Asks.
		 * @param opened is given the connection as soon as there is one
		 */
		T ask(Consumer<Connection> opened) throws SQLException;

	}

	/** Somebody who has no look yet; guarded by the lock of all looks. */
	private static final class Waiting<K> {

		private final K key;

		/** How many looks had begun when it came. */
		private final long before;

		private boolean unanswered;

		Waiting(K key, long before) {
			this.key = key;
			this.before = before;
		}

	}

	/** One look. */
	private static final class Going<K, T> {

		private final long number;

		private final K key;

		private final long deadline;

		private final CompletableFuture<T> answer = new CompletableFuture<>();

		/** How many wait for it; guarded by the lock of all looks. */
		private int readers = 1;

		/**
		 * Nobody waited for it any more, so that it was cut; guarded by the same lock.
		 */
		private boolean abandoned;

		private @Nullable Connection connection;

		private boolean cut;

		Going(long number, K key, long deadline) {
			this.number = number;
			this.key = key;
			this.deadline = deadline;
		}

		boolean answers(Waiting<K> reader) {
			return this.number > reader.before && !this.abandoned && this.key.equals(reader.key);
		}

		/** Tells whether the database has let it in. */
		synchronized boolean isLetIn() {
			return this.connection != null;
		}

		synchronized boolean isCut() {
			return this.cut;
		}

		long left() {
			return Math.max(1, this.deadline - System.nanoTime());
		}

		synchronized void opened(Connection opened) {
			this.connection = opened;
			if (this.cut) {
				abort(opened);
			}
		}

		synchronized void cut() {
			this.cut = true;
			if (this.connection != null) {
				abort(this.connection);
			}
		}

		private static void abort(Connection connection) {
			try {
				connection.abort(Runnable::run);
			}
			catch (SQLException ex) {
				// It is gone already.
			}
		}

	}

}
