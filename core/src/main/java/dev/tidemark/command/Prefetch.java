package dev.tidemark.command;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A value that a thread of its own makes while its user is still busy with something
 * else.
 */
final class Prefetch<T> {

	private final FutureTask<T> task;

	private Prefetch(FutureTask<T> task) {
		this.task = task;
	}

	/** Begins to make a value. */
	static <T> Prefetch<T> of(String name, Supplier<T> supplier) {
		FutureTask<T> task = new FutureTask<>(supplier::get);
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return new Prefetch<>(task);
	}

	/** Returns a value that is there already. */
	static <T> Prefetch<T> ready(T value) {
		FutureTask<T> task = new FutureTask<>(() -> value);
		task.run();
		return new Prefetch<>(task);
	}

	/**
	 * Waits for the value. An interrupt does not end the wait, but is still there after
	 * it.
	 * @throws RuntimeException if making it failed
	 */
	T get() {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.task.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (ex.getCause() instanceof RuntimeException failure) ? failure : new IllegalStateException(ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
