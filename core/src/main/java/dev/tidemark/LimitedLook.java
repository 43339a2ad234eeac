package dev.tidemark;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;

/**
 * Asks a database in a thread of its own, and if the answer takes too long cuts the
 * connection. One look at a time, so a hanging database never gathers connections.
 */
final class LimitedLook {

	private final Semaphore onlyOne = new Semaphore(1);

	/**
	 * Asks.
	 * @param question what to ask
	 * @param timeout how long the answer may take
	 * @return the answer
	 * @throws TimeoutException if there was none in time
	 * @throws SQLException if the connection failed
	 */
	<T> T look(Question<T> question, Duration timeout) throws TimeoutException, SQLException {
		long deadline = System.nanoTime() + timeout.toNanos();
		acquire(timeout);
		AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
		CompletableFuture<T> answer = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				answer.complete(question.ask(connection::set));
			}
			catch (Throwable ex) {
				answer.completeExceptionally(ex);
			}
			finally {
				this.onlyOne.release();
			}
		}, "tidemark-inspection");
		thread.setDaemon(true);
		thread.start();
		try {
			return answer.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			abort(connection.get());
			throw ex;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			abort(connection.get());
			throw new TimeoutException("Interrupted");
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof TidemarkException problem) {
				throw problem;
			}
			if (ex.getCause() instanceof SQLException problem) {
				throw problem;
			}
			throw new IllegalStateException("The inspection failed", ex.getCause());
		}
	}

	private void acquire(Duration timeout) throws TimeoutException {
		try {
			if (!this.onlyOne.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new TimeoutException("Another look has not come to its end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new TimeoutException("Interrupted");
		}
	}

	private static void abort(@Nullable Connection connection) {
		try {
			if (connection != null) {
				connection.abort(Runnable::run);
			}
		}
		catch (SQLException ex) {
			// It is gone already.
		}
	}

	/** What is asked. */
	@FunctionalInterface
	interface Question<T> {

		/**
		 * Asks.
		 * @param opened is given the connection as soon as there is one
		 */
		T ask(Consumer<Connection> opened) throws SQLException;

	}

}
