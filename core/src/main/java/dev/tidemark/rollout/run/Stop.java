package dev.tidemark.rollout.run;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.tidemark.session.Cancellation;

/**
 * Lets others end the work of this instance: batches are cancelled and rolled back.
 * Thread-safe.
 */
final class Stop {

	private final Set<Cancellation> cancellations = ConcurrentHashMap.newKeySet();

	private volatile boolean requested;

	/** Ends the work. */
	void request() {
		synchronized (this) {
			this.requested = true;
			notifyAll();
		}
		this.cancellations.forEach(Cancellation::request);
	}

	boolean isRequested() {
		return this.requested;
	}

	/**
	 * Waits, unless the work ends meanwhile.
	 * @return whether it goes on
	 */
	synchronized boolean goesOnAfter(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		try {
			for (long left = time.toMillis(); left > 0 && !this.requested;) {
				wait(left);
				left = (end - System.nanoTime()) / 1_000_000;
			}
			return !this.requested;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	/** Works in this thread on something that can be cancelled. */
	<T> T during(Function<Cancellation, T> work) {
		Cancellation cancellation = new Cancellation();
		this.cancellations.add(cancellation);
		try {
			if (this.requested) {
				cancellation.request();
			}
			return work.apply(cancellation);
		}
		finally {
			this.cancellations.remove(cancellation);
			cancellation.over();
		}
	}

}
