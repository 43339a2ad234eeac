package dev.tidemark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Instances that start at the same moment, each in a thread of its own.
 */
final class Replicas {

	private Replicas() {
	}

	static <T> List<T> startAtOnce(int instances, Supplier<T> instance) throws Exception {
		CyclicBarrier start = new CyclicBarrier(instances);
		ExecutorService threads = Executors.newFixedThreadPool(instances);
		try {
			List<CompletableFuture<T>> runs = new ArrayList<>();
			for (int i = 0; i < instances; i++) {
				runs.add(CompletableFuture.supplyAsync(() -> {
					try {
						start.await();
					}
					catch (Exception ex) {
						throw new IllegalStateException(ex);
					}
					return instance.get();
				}, threads));
			}
			List<T> results = new ArrayList<>();
			for (CompletableFuture<T> run : runs) {
				results.add(run.get(2, TimeUnit.MINUTES));
			}
			return results;
		}
		finally {
			threads.shutdownNow();
		}
	}

}
