package dev.tidemark.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.function.Executable;

/**
 * What a test does beside itself, in a thread that nobody else uses. The common pool may
 * have a single thread, which whatever waits there for something else keeps for itself.
 */
public final class OwnThread {

	private OwnThread() {
	}

	/**
	 * Begins to make a value.
	 * @param <T> the type of the value
	 * @param work makes the value, or fails
	 * @return the value, or the failure, once it is there
	 */
	public static <T> CompletableFuture<T> supply(Callable<T> work) {
		CompletableFuture<T> result = new CompletableFuture<>();
		start(() -> result.complete(work.call()), result);
		return result;
	}

	/**
	 * Begins to do something.
	 * @param work what is done
	 * @return its end, or the failure
	 */
	public static CompletableFuture<Void> run(Executable work) {
		CompletableFuture<Void> end = new CompletableFuture<>();
		start(() -> {
			work.execute();
			end.complete(null);
		}, end);
		return end;
	}

	private static void start(Executable work, CompletableFuture<?> result) {
		Thread thread = new Thread(() -> {
			try {
				work.execute();
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "test-" + Thread.currentThread().getName());
		thread.setDaemon(true);
		thread.start();
	}

}
