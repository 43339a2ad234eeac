package dev.tidemark.run.progress;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import org.slf4j.Logger;

import dev.tidemark.catalogue.ServerProcess;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;

/**
 * A run that goes on although it does not hold the instance lock any more, since a
 * statement of it has released all advisory locks. It takes the lock again as soon as the
 * statement is through; whoever got it in the meantime makes way.
 *
 * @since 0.1.0
 */
public final class RunWithoutLock {

	private static final Duration PAUSE = Duration.ofMillis(600);

	private static final Logger logger = PlainLogger.of(RunWithoutLock.class);

	private final Session session;

	private final InstanceLock lock;

	private final long start = System.nanoTime();

	private boolean told;

	public RunWithoutLock(Session session, InstanceLock lock) {
		this.session = session;
		this.lock = lock;
	}

	/**
	 * Looks whether there is such a run, and lets it have the lock.
	 * @param history the history as it is while the lock is held here
	 * @return whether there was, so that the history has to be read again
	 * @throws TidemarkException if it has not taken its lock for as long as this one may
	 * wait for it
	 */
	public boolean isToldBy(History history) throws SQLException {
		for (HistoryEntry entry : history.last()) {
			Optional<ServerProcess> process = ServerProcess.of(entry);
			if (process.isPresent() && process.get().isAtWork(this.session.connection())) {
				makeWay(entry, process.get().pid());
				return true;
			}
		}
		return false;
	}

	private void makeWay(HistoryEntry running, int pid) throws SQLException {
		Duration waited = Duration.ofNanos(System.nanoTime() - this.start);
		if (waited.compareTo(this.lock.budget()) >= 0) {
			throw new TidemarkException(Problem.error(ErrorCode.INSTANCE_LOCK, Place.file(running.script()),
					"Another instance is running " + running.identity().inWords() + ": its server process has the pid "
							+ pid
							+ ". It does not hold the instance lock any more, as a statement of it has released all"
							+ " advisory locks, and takes it again when that statement is through.",
					"If it works, raise " + SettingNames.name("locks.wait-timeout")
							+ " or start again later. If it hangs, end it:" + " SELECT pg_terminate_backend(" + pid
							+ ");"));
		}
		if (!this.told) {
			this.told = true;
			logger.info("Waiting for server process {}, which runs {} although it has released the instance lock", pid,
					running.identity().inWords());
		}
		this.lock.lend(PAUSE);
	}

}
