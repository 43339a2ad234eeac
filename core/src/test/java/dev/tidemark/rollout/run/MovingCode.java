package dev.tidemark.rollout.run;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.KeysOfBatch;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.migration.backfill.FailurePolicy;
import dev.tidemark.migration.backfill.OnBadRow;

/**
 * A backfill in Java that walks the table {@code users} in batches of the same size.
 */
final class MovingCode implements CodeBackfill {

	static final String MOVE = "UPDATE users SET n = n + 1 WHERE ";

	private final int size;

	private final Code code;

	private final AtomicInteger calls = new AtomicInteger();

	private int workers = 1;

	private OnBadRow onBadRow = OnBadRow.STOP;

	private @Nullable String verify;

	MovingCode(int size, Code code) {
		this.size = size;
		this.code = code;
	}

	MovingCode workers(int workers) {
		this.workers = workers;
		return this;
	}

	MovingCode leavingOutBadRows() {
		this.onBadRow = OnBadRow.SKIP;
		return this;
	}

	MovingCode verifying(String condition) {
		this.verify = condition;
		return this;
	}

	int calls() {
		return this.calls.get();
	}

	@Override
	public MigrationVersion version() {
		return Backfilling.VERSION;
	}

	@Override
	public String table() {
		return "users";
	}

	@Override
	public @Nullable String verify() {
		return this.verify;
	}

	@Override
	public BackfillOptions options(BackfillOptions defaults) {
		BatchLimits limits = new BatchLimits(this.size, this.size, defaults.batch().target(),
				defaults.batch().targetUnderLoad());
		return new BackfillOptions(limits, defaults.pace(), new FailurePolicy(2, this.onBadRow, 10), this.workers,
				defaults.reads(), defaults.manual());
	}

	@Override
	public void run(KeysOfBatch batch, JdbcContext jdbc) throws Exception {
		this.calls.incrementAndGet();
		this.code.run(batch, jdbc);
	}

	/** What is done for each batch. */
	@FunctionalInterface
	interface Code {

		void run(KeysOfBatch batch, JdbcContext jdbc) throws Exception;

	}

}
