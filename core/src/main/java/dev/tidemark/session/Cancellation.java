package dev.tidemark.session;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Severity;
import dev.tidemark.error.TidemarkException;

/**
 * Lets another thread end a run. A session is cancelled only as long as it belongs to the
 * run, so that no statement of others is hit on a connection that went back to a pool.
 *
 * @since 0.1.0
 */
public final class Cancellation {

	private final Thread thread = Thread.currentThread();

	private @Nullable Session session;

	private boolean requested;

	private boolean over;

	/** Says in which session the run works from now on. */
	public synchronized void begin(Session opened) {
		this.session = opened;
		check("Nothing was changed.");
	}

	/** Says that the session is about to be closed. */
	public synchronized void end() {
		this.session = null;
	}

	/** Says that the run is over, and lets its thread go on as if nobody had asked. */
	public synchronized void over() {
		this.over = true;
		if (this.requested) {
			Thread.interrupted();
		}
	}

	/**
	 * Ends the run: its statement, its waiting, or else its way to the next migration.
	 */
	public synchronized void request() {
		if (this.over) {
			return;
		}
		this.requested = true;
		this.thread.interrupt();
		if (this.session != null) {
			this.session.cancel();
		}
	}

	/**
	 * Lets the run go on only if nobody has asked for its end.
	 * @param state in which state the database is if it ends here
	 */
	public synchronized void check(String state) {
		if (this.requested) {
			throw new TidemarkException(
					new Problem(ErrorCode.CANCELLED, Severity.ERROR, "The run was cancelled before its next migration.",
							null, null, state, "Start again; the next run goes on."));
		}
	}

}
