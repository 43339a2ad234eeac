package dev.tidemark.session;

/**
 * Takes from a thread that it was told to end, and tells it so again afterwards: what it
 * does in between comes to its end, and has to be short.
 *
 * @since 0.1.0
 */
public final class Undisturbed implements AutoCloseable {

	private boolean interrupted = Thread.interrupted();

	/** Waits; who interrupts that shortens this wait only. */
	public void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			this.interrupted = true;
		}
	}

	@Override
	public void close() {
		if (this.interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
