package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.tidemark.catalogue.batch.BatchRelation;
import dev.tidemark.catalogue.batch.BatchTable;
import dev.tidemark.catalogue.batch.KeyColumn;
import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.catalogue.batch.KeyWalk;
import dev.tidemark.command.Engine;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.rollout.BackfillDryRun;
import dev.tidemark.rollout.batch.BatchFailure;
import dev.tidemark.rollout.batch.BatchProblems;
import dev.tidemark.rollout.batch.BatchTimes;
import dev.tidemark.rollout.batch.TrialBatch;
import dev.tidemark.rollout.pace.BatchSize;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.ConnectionProblems;

/**
 * Runs the batches that come next, each in a transaction that is rolled back.
 */
final class DryRun {

	private final Found found;

	private final Session session;

	private DryRun(Found found, Session session) {
		this.found = found;
		this.session = session;
	}

	static BackfillDryRun run(Found found, int batches) {
		Engine engine = found.engine();
		try (Session session = Session.open(engine.connections(), engine.settings().session(), Engine.LOGIN_TIMEOUT)) {
			try {
				session.prepare();
				return new DryRun(found, session).run(batches);
			}
			catch (SQLException ex) {
				throw ConnectionProblems.whileWorking(session, "trying batches", ex);
			}
		}
	}

	private BackfillDryRun run(int batches) throws SQLException {
		Preparation preparation = new Preparation(this.session, this.found.definition(), this.found.records());
		BatchTable table = preparation.table(this.found.recorded());
		List<RecordedRange> ranges = (this.found.recorded() != null) ? this.found.recorded().ranges(false) : List.of();
		List<BackfillDryRun.Batch> tried = new ArrayList<>();
		for (RecordedRange range : ranges.isEmpty() ? preparation.divide(table, false, 1) : ranges) {
			if (!range.done()) {
				preparation.check(table, range);
				tryBatches(table, range, batches, tried);
			}
		}
		return new BackfillDryRun(this.found.definition().version(), table.name(),
				table.keys().stream().map(KeyColumn::name).toList(),
				table.estimatedRows().isPresent() ? table.estimatedRows().getAsLong() : null, tried);
	}

	private void tryBatches(BatchTable table, RecordedRange range, int batches, List<BackfillDryRun.Batch> tried)
			throws SQLException {
		Optional<BatchRelation> relation = table.relation(range.relation());
		if (relation.isEmpty()) {
			return;
		}
		Duration target = this.found.definition().options().batch().target();
		BatchTimes times = new BatchTimes(this.found.definition().lockTimeout(), target);
		BatchSize size = new BatchSize(this.found.definition().options().batch());
		List<String> from = range.from();
		while (tried.size() < batches && !range.upTo().equals(from)) {
			KeyRange left = new KeyRange(table, relation.get(), from, range.upTo());
			KeyWalk.Step step = new KeyWalk(this.session, table)
				.next(left, size.next(target), times.statementTimeout().toMillis())
				.orElse(null);
			if (step == null) {
				return;
			}
			KeyRange keys = new KeyRange(table, relation.get(), from, step.last());
			tried.add(attempt(keys, step.keys(), times));
			from = step.last();
		}
	}

	private BackfillDryRun.Batch attempt(KeyRange keys, long count, BatchTimes times) throws SQLException {
		try {
			TrialBatch.Tried tried = new TrialBatch(this.found.definition()).run(this.session, keys, times);
			List<String> from = keys.after();
			return new BackfillDryRun.Batch((from != null) ? from : List.of(), keys.upTo(), count, tried.rows(),
					tried.walBytes(), tried.took(), tried.plans(), tried.locks());
		}
		catch (BatchFailure ex) {
			this.session.rollBack();
			Problem problem = BatchProblems.failed(this.found.definition(), keys, count == 1, 1, ex);
			boolean told = !problem.state().equals(Problem.UNCHANGED);
			throw new TidemarkException(told ? problem : problem.withState("All of it was rolled back."));
		}
	}

}
