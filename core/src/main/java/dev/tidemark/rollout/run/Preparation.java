package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.BatchRelation;
import dev.tidemark.catalogue.batch.BatchTable;
import dev.tidemark.catalogue.batch.BatchTableReader;
import dev.tidemark.catalogue.batch.KeyColumn;
import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.catalogue.batch.KeyWalk;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.rollout.batch.BatchFailure;
import dev.tidemark.rollout.batch.BatchProblems;
import dev.tidemark.session.Session;

/**
 * What comes before the first batch: the look at the table, and the ranges. The last keys
 * are fixed here, so that a backfill comes to its end however many rows are added
 * meanwhile.
 */
final class Preparation {

	private final Session session;

	private final BackfillDefinition definition;

	private final BackfillTable records;

	Preparation(Session session, BackfillDefinition definition, BackfillTable records) {
		this.session = session;
		this.definition = definition;
		this.records = records;
	}

	/** Returns the record of the backfill, which is made if there is none. */
	RecordedBackfill record() throws SQLException {
		this.records.create(this.session);
		Optional<RecordedBackfill> known = this.records.read(this.session, this.definition.version());
		if (known.isPresent()) {
			return known.get();
		}
		this.session.write(this.records.writes()
			.insert(this.definition.version(), this.definition.migration().description(),
					this.definition.migration().script(), this.definition.checksum(), BackfillState.RUNNING, null));
		return this.records.read(this.session, this.definition.version()).orElseThrow();
	}

	/**
	 * Looks at the table.
	 * @param recorded what is recorded of the backfill: it goes on by the key that it has
	 * begun with
	 */
	BatchTable table(@Nullable RecordedBackfill recorded) throws SQLException {
		List<String> begun = (recorded != null && !recorded.ranges(false).isEmpty()) ? recorded.keys() : null;
		List<String> named = this.definition.keys().isEmpty() ? null : this.definition.keys();
		List<String> keys = (begun != null) ? begun : named;
		BatchTable table = new BatchTableReader(this.session, this.definition.tableName(), keys).read();
		this.definition.content().requireKept(table.place().columns());
		return table;
	}

	/**
	 * Divides the table into ranges, of which there are none where it is empty.
	 * @param first the number of the first one
	 */
	List<RecordedRange> divide(BatchTable table, boolean verification, int first) throws SQLException {
		KeyWalk walk = new KeyWalk(this.session, table);
		int workers = this.definition.options().workers();
		int each = (workers + table.relations().size() - 1) / Math.max(1, table.relations().size());
		List<RecordedRange> ranges = new ArrayList<>();
		for (BatchRelation relation : table.relations()) {
			Optional<List<String>> last = walk.last(relation);
			if (last.isPresent()) {
				List<String> after = null;
				List<List<String>> ends = new ArrayList<>(walk.divide(relation, last.get(), each));
				ends.add(last.get());
				for (List<String> end : ends) {
					ranges.add(RecordedRange.fresh(first + ranges.size(), verification, relation.name(), after, end));
					after = end;
				}
			}
		}
		return ranges;
	}

	/** Records the ranges of a backfill that begins. */
	void begin(BatchTable table, List<RecordedRange> ranges) throws SQLException {
		OptionalLong estimated = table.estimatedRows();
		this.session.write(this.records.writes()
			.ranges(this.definition.version(), table.name(), table.keys().stream().map(KeyColumn::name).toList(),
					estimated.isPresent() ? estimated.getAsLong() : null, ranges));
	}

	/**
	 * Lets the server look at the statements before any of them runs: names, types,
	 * rights and row security.
	 */
	void check(BatchTable table, RecordedRange range) throws SQLException {
		Optional<BatchRelation> relation = table.relation(range.relation());
		if (relation.isEmpty()) {
			return;
		}
		KeyRange keys = new KeyRange(table, relation.get(), range.after(), range.upTo());
		try {
			this.session.execute("BEGIN; SET LOCAL row_security = off");
			this.definition.content().explain(this.session, keys);
			this.session.rollBack();
		}
		catch (SQLException ex) {
			ServerError error = this.session.errorOf(ex);
			if (error.isConnectionLost()) {
				throw ex;
			}
			this.session.rollBack();
			throw new TidemarkException(
					BatchProblems.failed(this.definition, keys, false, 1, new BatchFailure(error, null, ex)));
		}
	}

}
