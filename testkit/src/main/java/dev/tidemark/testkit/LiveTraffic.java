package dev.tidemark.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application at work on a table {@code a (id int, x int)}: sessions that read, write
 * and hold transactions open, as long as it is not closed.
 */
public final class LiveTraffic implements AutoCloseable {

	private final TestDatabase database;

	/** The common pool may have a single thread, which one reader would keep busy. */
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Future<?>> sessions = new ArrayList<>();

	private final AtomicLong reads = new AtomicLong();

	private final AtomicLong slowest = new AtomicLong();

	private volatile boolean closed;

	/**
	 * Begins without any session.
	 * @param database where the table is
	 */
	public LiveTraffic(TestDatabase database) {
		this.database = database;
	}

	/**
	 * Adds sessions that read the table every few milliseconds.
	 * @param count how many
	 * @return this traffic
	 */
	public LiveTraffic readers(int count) {
		return add(count, "SELECT count(*) FROM a", "SELECT pg_sleep(0.005)", true);
	}

	/**
	 * Adds sessions that write to the table every few milliseconds.
	 * @param count how many
	 * @return this traffic
	 */
	public LiveTraffic writers(int count) {
		return add(count, "UPDATE a SET x = x + 1 WHERE id = pg_backend_pid() % 100", "SELECT pg_sleep(0.005)", false);
	}

	/**
	 * Adds sessions that always have a transaction open that reads the table.
	 * @param count how many
	 * @param length how long each transaction is
	 * @return this traffic
	 */
	public LiveTraffic transactions(int count, Duration length) {
		return add(count, "BEGIN; SELECT FROM a LIMIT 1; SELECT pg_sleep(" + length.toMillis() / 1000.0 + "); COMMIT",
				"SELECT", false);
	}

	private LiveTraffic add(int count, String work, String pause, boolean measured) {
		for (int i = 0; i < count; i++) {
			this.sessions.add(this.threads.submit(() -> work(work, pause, measured)));
		}
		return this;
	}

	private Void work(String work, String pause, boolean measured) throws SQLException {
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			while (!this.closed) {
				long start = System.nanoTime();
				statement.execute(work);
				if (measured) {
					this.reads.incrementAndGet();
					this.slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
				}
				statement.execute(pause);
			}
			return null;
		}
	}

	/**
	 * Holds the table in one transaction for a time, in a session that is called
	 * {@code long report}.
	 * @param length how long
	 * @return when it has ended, in the time of {@link System#nanoTime()}
	 */
	public Future<Long> report(Duration length) {
		Callable<Long> report = () -> {
			try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute("SET application_name = 'long report'; SELECT FROM a LIMIT 1");
				statement.execute("SELECT pg_sleep(" + length.toMillis() / 1000.0 + ")");
				connection.rollback();
				return System.nanoTime();
			}
		};
		return this.threads.submit(report);
	}

	/**
	 * Returns how often the table was read.
	 * @return the number of reads
	 */
	public long reads() {
		return this.reads.get();
	}

	/**
	 * Measures while nobody else is there. A time is what is measured, so that there is
	 * no condition to wait for.
	 * @param time for how long
	 * @return how long the slowest read has taken
	 */
	public Duration slowestReadWithin(Duration time) throws InterruptedException {
		Thread.sleep(time.toMillis());
		return slowestRead();
	}

	/**
	 * Returns how long the slowest read took since this was asked last.
	 * @return the time
	 */
	public Duration slowestRead() {
		return Duration.ofNanos(this.slowest.getAndSet(0));
	}

	/** Ends the sessions, none of which may have failed. */
	@Override
	public void close() {
		this.closed = true;
		try {
			for (Future<?> session : this.sessions) {
				session.get(1, TimeUnit.MINUTES);
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			this.threads.shutdownNow();
		}
	}

}
