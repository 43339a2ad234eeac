package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.batch.BatchRelation;
import dev.tidemark.catalogue.batch.BatchTable;
import dev.tidemark.catalogue.batch.BatchTableReader;
import dev.tidemark.command.Engine;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.Phase;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.sql.Operators;

/**
 * What comes after the last batch: statistics for the planner, and the row of the history
 * together with the state.
 */
final class BackfillEnd {

	private static final Logger logger = PlainLogger.of(BackfillEnd.class);

	/** From which share of dead rows on it is worth a word. */
	private static final double MANY_DEAD = 0.2;

	private final Session session;

	private final BackfillDefinition definition;

	private final BackfillTable records;

	BackfillEnd(Session session, BackfillDefinition definition, BackfillTable records) {
		this.session = session;
		this.definition = definition;
		this.records = records;
	}

	/** Lets the planner know what the columns hold now. Whoever may not goes on. */
	void analyze(BatchTable table) {
		try {
			this.session.execute("ANALYZE " + table.name());
			hint(table);
			tellOfOthers(table);
		}
		catch (SQLException ex) {
			logger.info("The table of backfill {} was not analyzed: {}", this.definition.version(),
					this.session.errorOf(ex));
		}
	}

	/** New partitions are the business of the new code, which a person should know. */
	private void tellOfOthers(BatchTable table) throws SQLException {
		RecordedBackfill recorded = this.records.read(this.session, this.definition.version()).orElse(null);
		if (recorded == null || !table.isDivided()) {
			return;
		}
		Set<String> walked = recorded.ranges(false).stream().map(RecordedRange::relation).collect(Collectors.toSet());
		List<String> others = relations().stream()
			.filter((relation) -> relation.pages() > 0 && !walked.contains(relation.name()))
			.map(BatchRelation::name)
			.toList();
		if (!others.isEmpty()) {
			logger.warn("{} had no rows, or were no parts of {}, when backfill {} began, which has not walked them",
					others, table.name(), this.definition.version());
		}
	}

	private List<BatchRelation> relations() throws SQLException {
		try {
			return new BatchTableReader(this.session, this.definition.tableName(), List.of()).read().relations();
		}
		catch (TidemarkException ex) {
			logger.debug("The parts of the table cannot be looked at any more", ex);
			return List.of();
		}
	}

	private void hint(BatchTable table) throws SQLException {
		List<String> oids = table.relations().stream().map((relation) -> Long.toString(relation.oid())).toList();
		if (oids.isEmpty()) {
			return;
		}
		List<@Nullable String> row = this.session.ownRows("",
				Operators.qualified("SELECT COALESCE(pg_catalog.sum(n_dead_tup), 0)::pg_catalog.int8,"
						+ " COALESCE(pg_catalog.sum(n_live_tup), 0)::pg_catalog.int8 FROM pg_catalog.pg_stat_all_tables"
						+ " WHERE relid = ANY ('{" + String.join(",", oids) + "}'::pg_catalog.oid[])"))
			.get(0);
		long dead = Long.parseLong(Objects.requireNonNull(row.get(0)));
		long live = Long.parseLong(Objects.requireNonNull(row.get(1)));
		if (dead > MANY_DEAD * (dead + live)) {
			logger.info(
					"{} has {} dead rows beside {} live ones after backfill {}. Autovacuum sees to them; if it is off"
							+ " or late: VACUUM {};",
					table.name(), dead, live, this.definition.version(), table.name());
		}
	}

	/**
	 * Records the end in history and state at once, if nobody migrates just now.
	 * @return {@code false} if somebody does
	 */
	boolean finish(Engine engine, HistoryTable history, RecordedBackfill recorded) throws SQLException {
		LockKey key = LockKey.of(history.qualifiedName(), LockPurpose.MIGRATION);
		this.session.beginOwnRead();
		if (!this.session.hasRow("SELECT 1 WHERE pg_catalog.pg_try_advisory_xact_lock(" + key.value() + ")")) {
			this.session.rollBack();
			return false;
		}
		int rank = Integer.parseInt(Objects.requireNonNull(
				this.session.rowsWithin("SELECT COALESCE(pg_catalog.max(rank), 0) FROM " + history.qualifiedName())
					.get(0)
					.get(0)))
				+ 1;
		int statements = this.definition.content().statements();
		Instant now = engine.clock().instant();
		HistoryEntry entry = new HistoryEntry(rank, this.definition.migration().identity(), Phase.BACKFILL,
				this.definition.migration().description(), this.definition.migration().script(),
				this.definition.checksum().isEmpty() ? null : this.definition.checksum(), MigrationState.APPLIED,
				statements, statements, null, false, null);
		HistoryRow row = new HistoryRow(entry, (recorded.started() != null) ? recorded.started() : now, now,
				engine.author(this.session, UUID.randomUUID().toString()), null, null);
		this.session.execute(history.writer(this.session.connection()).insert(row) + "; "
				+ this.records.writes()
					.state(this.definition.version(), List.of(BackfillState.RUNNING, BackfillState.VERIFYING),
							BackfillState.FINISHED, null)
				+ "; COMMIT");
		return true;
	}

}
