package dev.tidemark.resume;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.BackfillingProcess;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.testkit.OwnThread;

/**
 * An instance of this JVM that works on backfills in a thread of its own.
 */
final class BackfillInstance {

	private final AtomicLong acknowledged = new AtomicLong();

	private final Backfills backfills;

	private final CompletableFuture<List<BackfillProgress>> end;

	private BackfillInstance(String jdbcUrl, Path folder) {
		this.backfills = instance(jdbcUrl, folder, new BackfillListener() {

			@Override
			public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
				BackfillInstance.this.acknowledged.addAndGet(batch.rows());
			}

		}).backfills();
		this.end = OwnThread.supply(() -> this.backfills.work(BackfillScope.ALL));
	}

	static BackfillInstance start(String jdbcUrl, Path folder) {
		return new BackfillInstance(jdbcUrl, folder);
	}

	static Tidemark instance(String jdbcUrl, Path folder, BackfillListener listener) {
		return BackfillingProcess.builder(jdbcUrl, "filesystem:" + folder).backfillListener(listener).build();
	}

	void stop() {
		this.backfills.stop();
	}

	/** Tells whether it has committed a batch, or is done. */
	boolean hasBegun() {
		return acknowledged() > 0 || isDone();
	}

	boolean isDone() {
		return this.end.isDone();
	}

	/**
	 * Waits for the end; anything but an orderly one is wrong.
	 * @return whether it ended with an error
	 */
	boolean hasFailed() throws Exception {
		try {
			this.end.get(60, TimeUnit.SECONDS);
			return false;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof TidemarkException) {
				return true;
			}
			throw ex;
		}
	}

	/** Returns how many rows it was told are committed. */
	long acknowledged() {
		return this.acknowledged.get();
	}

}
