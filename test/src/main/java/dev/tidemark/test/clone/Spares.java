package dev.tidemark.test.clone;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;

/**
 * Clones that are made ahead: while one test works on its clone, the server copies the
 * template for the next one. There is one spare for each template that this process uses;
 * the last ones are dropped when it ends.
 */
final class Spares {

	private static final int PATIENCE_SECONDS = 10;

	private static final Map<String, CompletableFuture<KeptClone>> SPARES = new ConcurrentHashMap<>();

	private static final Logger logger = PlainLogger.of(Spares.class);

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(Spares::dropAll, "tidemark-spares"));
	}

	private Spares() {
	}

	/**
	 * Takes the spare, waiting for it if it is just being made.
	 * @return the spare, or {@code null} if there is none
	 */
	static @Nullable KeptClone take(String template) {
		CompletableFuture<KeptClone> spare = SPARES.remove(template);
		try {
			return (spare != null) ? spare.join() : null;
		}
		catch (CompletionException ex) {
			logger.debug("No spare of {}", template, ex);
			return null;
		}
	}

	/** Begins to make a spare, unless there is one. */
	static void prepare(String template, Callable<KeptClone> maker) {
		SPARES.computeIfAbsent(template, (key) -> {
			CompletableFuture<KeptClone> spare = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					spare.complete(maker.call());
				}
				catch (Throwable ex) {
					spare.completeExceptionally(ex);
				}
			}, "tidemark-spare");
			thread.setDaemon(true);
			thread.start();
			return spare;
		});
	}

	/** Drops all of them, also those that are being made, if that takes no time. */
	static void dropAll() {
		SPARES.keySet().forEach((template) -> {
			CompletableFuture<KeptClone> spare = SPARES.remove(template);
			if (spare != null) {
				try {
					spare.get(PATIENCE_SECONDS, TimeUnit.SECONDS).close();
				}
				catch (ExecutionException | TimeoutException ex) {
					logger.debug("No spare of {}", template, ex);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		});
	}

}
