package dev.tidemark.autoconfigure.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.rollout.BackfillControl;
import dev.tidemark.rollout.BackfillDryRun;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.Counts;
import dev.tidemark.rollout.BackfillProgress.Times;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;

/**
 * Backfills of a database that there is not: what lies in {@link Backfills} is tested
 * where it is, and this is what happens around it.
 */
final class FakeBackfills implements Backfills {

	private final Map<MigrationVersion, BackfillProgress> progress = new TreeMap<>();

	/** What the next looks fail with. */
	final Queue<TidemarkException> looks = new ConcurrentLinkedQueue<>();

	/** What the next works fail with. */
	final Queue<TidemarkException> failures = new ConcurrentLinkedQueue<>();

	final List<BackfillScope> works = new ArrayList<>();

	/** A work goes on until it is let go. */
	private final Semaphore ends = new Semaphore(0);

	private boolean stopped;

	private int lookCount;

	private int working;

	/** Has a version that the build reads. */
	static FakeBackfills reading(String version) {
		return new FakeBackfills().with(version, Reads.READY, true, BackfillState.WAITING);
	}

	/** Has a version that another build reads. */
	static FakeBackfills notReading(String version) {
		return new FakeBackfills().with(version, Reads.LATER, false, BackfillState.WAITING);
	}

	synchronized FakeBackfills with(String version, Reads reads, boolean required, BackfillState state) {
		MigrationVersion key = MigrationVersion.of(version);
		this.progress.put(key,
				new BackfillProgress(key, "copy", "V" + version + "__copy.backfill.sql", state, reads, required,
						new Counts(3, 3, 10L, 1, 0, null), null, null, List.of(), List.of(), List.of(), Times.NONE,
						null, null));
		return this;
	}

	/** All of them are done, by whomever. */
	synchronized void finish() {
		List.copyOf(this.progress.values())
			.forEach((each) -> with(each.version().toString(), each.reads(), each.required(), BackfillState.FINISHED));
	}

	/** The work ends with all done. */
	void finishWork() {
		finish();
		this.ends.release();
	}

	/** The work ends, and what is left waits for a person. */
	void endWork() {
		this.ends.release();
	}

	synchronized boolean isWorking() {
		return this.working > 0;
	}

	synchronized int lookCount() {
		return this.lookCount;
	}

	synchronized int count() {
		return this.works.size();
	}

	static TidemarkException failure(ErrorCode code) {
		return new TidemarkException(Problem.error(code, null, "It is away.", "Wait."));
	}

	@Override
	public synchronized List<BackfillProgress> progress() {
		return List.copyOf(this.progress.values());
	}

	@Override
	public synchronized List<BackfillProgress> required() {
		this.lookCount++;
		throwNext(this.looks);
		return this.progress.values()
			.stream()
			.filter((each) -> each.required() && each.state() != BackfillState.FINISHED)
			.toList();
	}

	@Override
	public List<BackfillProgress> work(BackfillScope scope) {
		synchronized (this) {
			this.works.add(scope);
			throwNext(this.failures);
			this.stopped = false;
			this.working++;
		}
		this.ends.acquireUninterruptibly();
		synchronized (this) {
			this.working--;
			return progress();
		}
	}

	private static void throwNext(Queue<TidemarkException> failures) {
		TidemarkException failure = failures.poll();
		if (failure != null) {
			throw failure;
		}
	}

	@Override
	public synchronized void stop() {
		if (!this.stopped && this.working > 0) {
			this.stopped = true;
			this.ends.release(this.working);
		}
	}

	@Override
	public BackfillProgress control(BackfillControl control) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<BackfillProgress> pauseAll(String reason) {
		throw new UnsupportedOperationException();
	}

	@Override
	public BackfillDryRun dryRun(MigrationVersion version, int batches) {
		throw new UnsupportedOperationException();
	}

}
