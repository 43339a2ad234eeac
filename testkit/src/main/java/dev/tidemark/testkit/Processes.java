package dev.tidemark.testkit;

/**
 * Ends of processes.
 */
public final class Processes {

	private Processes() {
	}

	/**
	 * Kills a process.
	 * @param process the process, which is gone afterwards
	 */
	public static void kill(Process process) {
		awaitEnd(process.destroyForcibly());
	}

	/**
	 * Waits for the end of a process, which {@link Process#onExit()} would be told of by
	 * the common pool.
	 * @param process the process
	 */
	public static void awaitEnd(Process process) {
		try {
			process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
