package dev.tidemark.command.look;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.inspect.LockAttempt;

/**
 * Remembers the attempts of the run that goes on, or else of the last one, that did not
 * get a lock. Of many only the newest: each one says how many came before it.
 *
 * @since 0.1.0
 */
public final class LockAttempts implements RunListener {

	public static final int AT_MOST = 10;

	private final Clock clock;

	private final Deque<LockAttempt> attempts = new ArrayDeque<>();

	public LockAttempts(Clock clock) {
		this.clock = clock;
	}

	@Override
	public synchronized void runStarted() {
		this.attempts.clear();
	}

	@Override
	public synchronized void lockNotGranted(LockWait wait) {
		if (this.attempts.size() == AT_MOST) {
			this.attempts.remove();
		}
		this.attempts.add(new LockAttempt(this.clock.instant(), wait));
	}

	public synchronized List<LockAttempt> newest() {
		return List.copyOf(this.attempts);
	}

}
