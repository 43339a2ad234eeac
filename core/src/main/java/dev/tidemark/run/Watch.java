package dev.tidemark.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.sql.SqlStatement;

/**
 * Looks after the statement that runs, from a second connection that is opened only when
 * a statement takes long: who is in its way, how far it is, and a log line now and then.
 * It never stops a run: where it cannot look, less is known, and that is all.
 */
final class Watch {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration FIRST_REPORT = Duration.ofSeconds(5);

	private static final Duration NEXT_REPORT = Duration.ofSeconds(10);

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(5);

	private static final Logger logger = PlainLogger.of(Watch.class);

	private final ConnectionSource source;

	private final String applicationName;

	private final UnaryOperator<String> mask;

	private final Backend backend;

	private final Duration patience;

	private final Lock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private @Nullable Running running;

	private long since;

	private List<Blocker> blockers = List.of();

	private boolean closed;

	/**
	 * Begins to watch.
	 * @param backend the backend of the run
	 * @param lockTimeout how long its statements wait for locks; a look has to come
	 * before
	 */
	Watch(ConnectionSource source, SessionSettings settings, Backend backend) {
		this.source = source;
		this.applicationName = settings.applicationName() + " watch";
		this.mask = settings.mask();
		this.backend = backend;
		long halfOfWait = settings.lockTimeout().toMillis() / 2;
		this.patience = (halfOfWait > 0) ? Duration.ofMillis(Math.min(halfOfWait, INTERVAL.toMillis())) : INTERVAL;
		Thread thread = new Thread(this::watch, "tidemark-watch");
		thread.setDaemon(true);
		thread.start();
	}

	/** Begins to look after a statement, or if none is given, after code as a whole. */
	void begin(Origin origin, @Nullable SqlStatement statement) {
		this.lock.lock();
		try {
			this.running = new Running(origin, statement);
			this.since = System.nanoTime();
			this.blockers = List.of();
		}
		finally {
			this.lock.unlock();
		}
	}

	void end() {
		this.lock.lock();
		try {
			this.running = null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns who was last seen in the way of the last statement. */
	List<Blocker> blockers() {
		this.lock.lock();
		try {
			return this.blockers;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void watch() {
		try {
			while (true) {
				if (!awaitSlowStatement()) {
					return;
				}
				look();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Returns {@code false} if none will come any more. */
	private boolean awaitSlowStatement() throws InterruptedException {
		this.lock.lock();
		try {
			while (!this.closed) {
				if (this.running != null && System.nanoTime() - this.since >= this.patience.toNanos()) {
					return true;
				}
				// A signal for each statement would cost more than some statements do.
				this.changed.await(this.patience.toNanos() / 2, TimeUnit.NANOSECONDS);
			}
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Stays connected as long as one slow statement follows the other. */
	private void look() throws InterruptedException {
		try (Connection connection = this.source.openBeside(this.applicationName, LOGIN_TIMEOUT)) {
			boolean autoCommit = connection.getAutoCommit();
			if (!autoCommit) {
				// In a transaction the server's statistics would stand still.
				connection.setAutoCommit(true);
			}
			try {
				look(connection);
			}
			finally {
				if (!autoCommit) {
					connection.setAutoCommit(false);
				}
			}
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("A slow statement cannot be watched: {}",
					(ex instanceof SQLException sql) ? ServerError.of(sql) : ex.getClass().getName());
			awaitNextStatement();
		}
	}

	private void look(Connection connection) throws SQLException, InterruptedException {
		Duration nextReport = FIRST_REPORT;
		Running watched = null;
		while (true) {
			Running before = running();
			Activity activity = Activity.of(connection, this.backend.pid(), this.mask);
			this.lock.lock();
			try {
				if (this.closed || this.running == null) {
					return;
				}
				if (this.running != watched) {
					watched = this.running;
					nextReport = FIRST_REPORT;
				}
				// What was seen may belong to the statement before.
				if (before == watched && !activity.blockers().isEmpty()) {
					this.blockers = activity.blockers();
				}
				Duration elapsed = Duration.ofNanos(System.nanoTime() - this.since);
				if (before == watched && elapsed.compareTo(nextReport) >= 0) {
					logger.info("Still running for {} s: {}: {}", elapsed.toSeconds(), watched, activity);
					nextReport = elapsed.plus(NEXT_REPORT);
				}
				this.changed.await(this.patience.toNanos(), TimeUnit.NANOSECONDS);
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private @Nullable Running running() {
		this.lock.lock();
		try {
			return this.running;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitNextStatement() throws InterruptedException {
		this.lock.lock();
		try {
			Running watched = this.running;
			while (!this.closed && watched != null && watched == this.running) {
				this.changed.await(this.patience.toNanos(), TimeUnit.NANOSECONDS);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Ends to watch. */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What runs; a new one for each time it does. */
	private static final class Running {

		private final Origin origin;

		private final @Nullable SqlStatement statement;

		Running(Origin origin, @Nullable SqlStatement statement) {
			this.origin = origin;
			this.statement = statement;
		}

		@Override
		public String toString() {
			return this.origin.inWords() + ((this.statement != null)
					? ", statement " + this.statement.number() + " (" + this.statement.excerpt() + ")" : "");
		}

	}

}
