package dev.tidemark.session.watch;

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
import dev.tidemark.session.settings.Backend;
import dev.tidemark.session.settings.SessionSettings;

/**
 * Looks after what runs in a session, from a second connection that is opened only when
 * something takes long: who is in its way, how far it is, and a log line now and then. It
 * ends a run that can only wait for ever, since its server process is gone or an answer
 * was lost on the way. It never ends one because it cannot look: then it says so, and
 * tries again.
 *
 * @since 0.1.0
 */
public final class StatementWatch {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration SHORTEST = Duration.ofMillis(20);

	private static final Duration FIRST_REPORT = Duration.ofSeconds(5);

	private static final Duration NEXT_REPORT = Duration.ofSeconds(10);

	/** Attempts that wait for the same lock follow each other after short pauses. */
	private static final Duration LINGER = Duration.ofSeconds(2);

	private static final Duration FOREVER = Duration.ofDays(10_000);

	private static final Duration FIRST_RETRY = Duration.ofSeconds(2);

	private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

	private static final Duration NEXT_WARNING = Duration.ofMinutes(5);

	private static final Logger logger = PlainLogger.of(StatementWatch.class);

	private final ConnectionOpener beside;

	private final String applicationName;

	private final UnaryOperator<String> mask;

	private final Backend backend;

	private final Lookout lookout;

	private final Suspicion suspicion;

	private final Runnable cut;

	/** How long something runs before it is looked at. */
	private Duration patience = INTERVAL;

	private final Lock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** What was said to run. */
	private @Nullable WatchedWork begun;

	/** What waits for an answer, whether or not it was said what it is. */
	private @Nullable Exchange exchange;

	private @Nullable WatchedWork unnamed;

	private Obstruction obstruction = Obstruction.UNSEEN;

	private @Nullable String ended;

	private boolean closed;

	// What follows is of the watching thread only.

	private @Nullable WatchedWork watched;

	private Duration nextReport = FIRST_REPORT;

	private Duration retry = Duration.ZERO;

	/** When it was last said that nothing can be seen, until something is. */
	private @Nullable Long warned;

	/**
	 * Begins to watch.
	 * @param beside opens the second connection
	 * @param backend the backend of the run
	 * @param cut cuts the connection of the run
	 */
	public StatementWatch(ConnectionOpener beside, SessionSettings settings, Backend backend, Runnable cut) {
		this.beside = beside;
		this.applicationName = settings.applicationName() + " watch";
		this.mask = settings.mask();
		this.backend = backend;
		this.lookout = new Lookout(backend);
		this.suspicion = new Suspicion(backend.pid());
		this.cut = cut;
		Thread thread = new Thread(this::watch, "tidemark-watch");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Begins to look after something, until its {@link #end}.
	 * @param work what the session is busy with from now on
	 */
	public void begin(WatchedWork work) {
		this.lock.lock();
		try {
			this.begun = work;
			this.obstruction = Obstruction.UNSEEN;
		}
		finally {
			this.lock.unlock();
		}
	}

	public void end() {
		this.lock.lock();
		try {
			this.begun = null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Hears that the session sends something and waits for the answer.
	 * @param characters how much it sends
	 */
	public void sent(long characters) {
		this.lock.lock();
		try {
			this.exchange = new Exchange(characters, System.nanoTime());
			this.unnamed = new UnnamedWork();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Hears that the session waits for no answer any more. */
	public void answered() {
		this.lock.lock();
		try {
			this.exchange = null;
			this.unnamed = null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Looks sooner from now on, since a wait for a lock was over before the first look.
	 */
	public void lookSooner() {
		this.lock.lock();
		try {
			Duration sooner = this.patience.dividedBy(16);
			this.patience = (sooner.compareTo(SHORTEST) > 0) ? sooner : SHORTEST;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns what was last seen in the way of the last statement. */
	public Obstruction obstruction() {
		this.lock.lock();
		try {
			return this.obstruction;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns what was said to run, or {@code null} if nothing does. */
	public @Nullable WatchedWork work() {
		this.lock.lock();
		try {
			return this.begun;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns the server process of the run. */
	public int pid() {
		return this.backend.pid();
	}

	/** Returns the sessions that were last seen in the way of the last statement. */
	public List<Blocker> blockers() {
		return obstruction().blockers();
	}

	/** Returns why the watch has ended the run, or {@code null} if it has not. */
	public @Nullable String ended() {
		this.lock.lock();
		try {
			return this.ended;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void watch() {
		try {
			while (awaitSlowWork(FOREVER)) {
				look();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Returns {@code false} if none has come in time, or none will come any more. */
	private boolean awaitSlowWork(Duration atMost) throws InterruptedException {
		long begin = System.nanoTime();
		this.lock.lock();
		try {
			while (!this.closed && System.nanoTime() - begin < atMost.toNanos()) {
				WatchedWork running = running();
				if (running != null && running.elapsed().compareTo(this.patience) >= 0) {
					return true;
				}
				// A signal for each statement would cost more than some statements do.
				this.changed.await(this.patience.toNanos() / 4, TimeUnit.NANOSECONDS);
			}
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Stays connected as long as something slow follows the other, or soon will. */
	private void look() throws InterruptedException {
		try (WatchConnection beside = WatchConnection.open(this.beside, this.applicationName)) {
			look(beside.connection());
		}
		catch (SQLException ex) {
			cannotLook(ServerError.of(ex, this.mask).toString());
		}
		catch (RuntimeException | Error ex) {
			// Whatever ends a look, the watch goes on.
			cannotLook(ex.getClass().getName());
		}
	}

	private void look(Connection connection) throws SQLException, InterruptedException {
		while (awaitSlowWork(LINGER)) {
			Moment before = moment();
			// First of all, since those who are in the way may be gone soon.
			Activity activity = Activity.of(connection, this.backend.pid(), this.mask);
			Sighting sighting = this.lookout.look(connection);
			if (sighting instanceof Sighting.Elsewhere) {
				cannotLook("another server answered");
				return;
			}
			canLook();
			String reason = hear(before, sighting, activity);
			if (reason != null) {
				logger.warn("{}; the run is ended: {}", reason, before.work());
				// To close an encrypted connection may have to wait, so nobody waits for
				// it.
				this.cut.run();
				return;
			}
		}
	}

	/**
	 * Takes in what was seen, and waits until it is time for the next look.
	 * @return why the run can only wait for ever, or {@code null} if it does not
	 */
	private @Nullable String hear(Moment before, Sighting sighting, Activity activity) throws InterruptedException {
		this.lock.lock();
		try {
			if (this.closed) {
				return null;
			}
			// What was seen may belong to what ran before.
			WatchedWork running = (before.work() == running()) ? before.work() : null;
			String reason = this.suspicion.after(sighting, running,
					(before.exchange() == this.exchange) ? this.exchange : null, before.nanos());
			if (reason != null) {
				this.ended = reason;
				this.closed = true;
			}
			else if (running != null) {
				report(running, activity);
				long pause = Math.max(this.patience.toNanos(), running.elapsed().toNanos() / 2);
				this.changed.await(Math.min(INTERVAL.toNanos(), pause), TimeUnit.NANOSECONDS);
			}
			return reason;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void report(WatchedWork running, Activity activity) {
		if (running != this.watched) {
			this.watched = running;
			this.nextReport = FIRST_REPORT;
		}
		if (activity.obstruction().isSeen()) {
			this.obstruction = activity.obstruction();
		}
		Duration elapsed = running.elapsed();
		if (elapsed.compareTo(this.nextReport) >= 0) {
			logger.info("Still running after {} s: {}: {}", elapsed.toSeconds(), running, activity);
			this.nextReport = elapsed.plus(NEXT_REPORT);
		}
	}

	/** Both who works and who waits are looked at before the server is asked. */
	private Moment moment() {
		this.lock.lock();
		try {
			return new Moment(running(), this.exchange, System.nanoTime());
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable WatchedWork running() {
		return (this.begun != null) ? this.begun : this.unnamed;
	}

	private void canLook() {
		if (this.warned != null) {
			logger.info("What runs can be watched again");
			this.warned = null;
		}
		this.retry = Duration.ZERO;
	}

	/** Says so, but rarely, and waits before the next try. */
	private void cannotLook(String why) throws InterruptedException {
		this.lock.lock();
		try {
			WatchedWork running = running();
			if (running != null && !this.closed && isWarningDue()) {
				logger
					.warn("Still running after {} s: {}; its server process {} cannot be looked at: {}. The run goes on; "
							+ "how far it is, and whether that process is still there, is not known. It is tried again",
							running.elapsed().toSeconds(), running, this.backend.pid(), why);
				this.warned = System.nanoTime();
			}
			this.retry = this.retry.isZero() ? FIRST_RETRY : this.retry.multipliedBy(2);
			this.retry = (this.retry.compareTo(LONGEST_RETRY) > 0) ? LONGEST_RETRY : this.retry;
			long left = this.retry.toNanos();
			while (!this.closed && left > 0) {
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isWarningDue() {
		return this.warned == null || System.nanoTime() - this.warned >= NEXT_WARNING.toNanos();
	}

	/** Ends to watch. */
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What was going on at one time. */
	private record Moment(@Nullable WatchedWork work, @Nullable Exchange exchange, long nanos) {
	}

}
