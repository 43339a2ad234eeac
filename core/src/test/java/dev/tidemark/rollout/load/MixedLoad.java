package dev.tidemark.rollout.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.postgresql.PGConnection;

import dev.tidemark.testkit.TestDatabase;

/**
 * An application at work on the table that is moved: sessions that answer requests at a
 * steady rate, as long as it is not closed. A request reads a row, is at work of its own
 * for some milliseconds, and may write the row, in one transaction. One write in a
 * hundred goes where the backfill is.
 */
final class MixedLoad implements AutoCloseable {

	private static final int READERS = 8;

	private static final int WRITERS = 8;

	private static final long READ_NANOS = Duration.ofMillis(10).toNanos();

	private static final long WRITE_NANOS = Duration.ofMillis(25).toNanos();

	/** How long an application is at work between two statements. */
	private static final long WORK_NANOS = Duration.ofMillis(5).toNanos();

	/** How far ahead of the backfill the rows lie that it is about to lock. */
	private static final int NEAR = 2000;

	private static final String READ = "SELECT amount FROM accounts WHERE id = ?";

	private static final String WRITE = "UPDATE accounts SET touched = touched + 1 WHERE id = ?";

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Future<Latencies>> sessions = new ArrayList<>();

	private final Set<Integer> processes = ConcurrentHashMap.newKeySet();

	private final AtomicLong writes = new AtomicLong();

	private final TestDatabase database;

	private final long rows;

	private final LongSupplier position;

	private volatile boolean closed;

	private MixedLoad(TestDatabase database, long rows, LongSupplier position) {
		this.database = database;
		this.rows = rows;
		this.position = position;
	}

	/**
	 * Begins.
	 * @param position how many rows the backfill has walked over
	 */
	static MixedLoad begin(TestDatabase database, long rows, LongSupplier position) {
		MixedLoad load = new MixedLoad(database, rows, position);
		for (int i = 0; i < READERS + WRITERS; i++) {
			boolean writes = i < WRITERS;
			Random random = new Random(i);
			load.sessions.add(load.threads.submit(() -> load.work(writes, random)));
		}
		return load;
	}

	private Latencies work(boolean writing, Random random) throws SQLException {
		Latencies latencies = new Latencies();
		long interval = writing ? WRITE_NANOS : READ_NANOS;
		try (Connection connection = this.database.connect();
				PreparedStatement read = connection.prepareStatement(READ);
				PreparedStatement write = connection.prepareStatement(WRITE)) {
			this.processes.add(connection.unwrap(PGConnection.class).getBackendPID());
			connection.setAutoCommit(false);
			long next = System.nanoTime() + random.nextInt((int) interval);
			while (!this.closed) {
				LockSupport.parkNanos(next - System.nanoTime());
				long row = row(writing, random);
				long begun = System.nanoTime();
				execute(read, row);
				LockSupport.parkNanos(WORK_NANOS);
				if (writing) {
					execute(write, row);
				}
				connection.commit();
				latencies.add(System.nanoTime() - begun);
				if (writing) {
					this.writes.incrementAndGet();
				}
				next = Math.max(next + interval, System.nanoTime());
			}
		}
		return latencies;
	}

	private static void execute(PreparedStatement statement, long row) throws SQLException {
		statement.setLong(1, row);
		statement.execute();
	}

	private long row(boolean writing, Random random) {
		if (writing && random.nextInt(100) == 0) {
			return Math.min(this.rows, 1 + this.position.getAsLong() + random.nextInt(NEAR));
		}
		return 1 + (long) (random.nextDouble() * this.rows);
	}

	/** Returns the server processes of its sessions. */
	Set<Integer> processes() {
		return this.processes;
	}

	/** Returns how many rows it has written. */
	long writes() {
		return this.writes.get();
	}

	/** Ends it, and returns how long its requests took. */
	Latencies end() {
		this.closed = true;
		Latencies all = new Latencies();
		try {
			for (Future<Latencies> session : this.sessions) {
				all.addAll(session.get(10, TimeUnit.MINUTES));
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return all;
	}

	@Override
	public void close() {
		this.closed = true;
		this.threads.shutdownNow();
	}

	/**
	 * How long requests took.
	 */
	static final class Latencies {

		private long[] nanos = new long[1024];

		private int count;

		void add(long time) {
			if (this.count == this.nanos.length) {
				this.nanos = Arrays.copyOf(this.nanos, this.count * 2);
			}
			this.nanos[this.count++] = time;
		}

		void addAll(Latencies others) {
			for (int i = 0; i < others.count; i++) {
				add(others.nanos[i]);
			}
		}

		int count() {
			return this.count;
		}

		/** Returns how many milliseconds such a share of the requests took at most. */
		double millis(double share) {
			long[] sorted = Arrays.copyOf(this.nanos, this.count);
			Arrays.sort(sorted);
			return (this.count > 0) ? sorted[(int) Math.min(this.count - 1, share * this.count)] / 1e6 : 0;
		}

	}

}
