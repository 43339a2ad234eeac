package dev.tidemark.command;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.PartitionedTables;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.HistoryWriter;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.run.Describe;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.ResolveResult;
import dev.tidemark.run.failure.OwnWriteProblems;
import dev.tidemark.run.progress.RunWithoutLock;
import dev.tidemark.session.Cancellation;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.source.Sources;

/**
 * Records what a person has decided about a migration that was interrupted or failed
 * half-way. The next run goes by it.
 *
 * @since 0.1.0
 */
public final class Resolve {

	private static final Logger logger = PlainLogger.of(Resolve.class);

	private final Engine engine;

	/**
	 * Creates the verb.
	 * @param engine what to work with
	 */
	public Resolve(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Records a decision.
	 * @param sources the files
	 * @param request what was decided
	 * @return what was recorded
	 * @throws TidemarkException if there is nothing to decide about the migration, or
	 * another instance is migrating for longer than this one may wait
	 */
	public ResolveResult resolve(Sources sources, ResolveRequest request) {
		return this.engine.going().unseen((cancellation) -> resolve(sources, request, cancellation));
	}

	private ResolveResult resolve(Sources sources, ResolveRequest request, Cancellation cancellation) {
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			cancellation.begin(session);
			try {
				return resolve(session, sources, request);
			}
			finally {
				cancellation.end();
			}
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking("resolving " + request.migration().inWords(), ex);
		}
	}

	private ResolveResult resolve(Session session, Sources sources, ResolveRequest request) throws SQLException {
		Identity migration = request.migration();
		History history = this.engine.table().read(session.connection());
		String schema = history.database().schema();
		HistoryEntry entry = history.last(migration);
		if (schema == null || entry == null || entry.rank() != request.rank() || !entry.isHalfDone()) {
			throw new TidemarkException(nothingToResolve(migration, entry));
		}
		session.prepare();
		session.warnings().forEach((warning) -> logger.warn("{}", warning));
		session.requirePrimary("A decision about a migration");
		HistoryTable found = this.engine.table().in(schema);
		Duration budget = Objects.requireNonNullElse(request.waitTimeout(), this.engine.settings().waitTimeout());
		try (InstanceLock lock = InstanceLock.acquire(session, LockKey.of(found.qualifiedName(), LockPurpose.MIGRATION),
				budget)) {
			return new ResolveResult(history.database(),
					Describe.run(resolveLocked(session, lock, found, sources, entry, request)));
		}
	}

	private HistoryRow resolveLocked(Session session, InstanceLock lock, HistoryTable found, Sources sources,
			HistoryEntry seen, ResolveRequest request) throws SQLException {
		History history = found.read(session.connection());
		RunWithoutLock other = new RunWithoutLock(session, lock);
		while (other.isToldBy(history)) {
			history = found.read(session.connection());
		}
		HistoryEntry entry = history.last(seen.identity());
		if (entry == null || entry.rank() != seen.rank() || !entry.isHalfDone()) {
			throw new TidemarkException(nothingToResolve(seen.identity(), entry));
		}
		WritableHistory.require(session, found);
		Resolution resolution = request.resolution();
		HistoryRow.Author author = this.engine.author(session, UUID.randomUUID().toString());
		int rank = history.lastRank() + 1;
		HistoryEntry applied = history.lastDone(entry.identity());
		HistoryEntry resolved = (resolution == Resolution.CONTINUE) ? continued(session, found, sources, entry, rank)
				: entry.undo() ? resolvedUndo(entry, applied, rank, resolution)
						: resolved(sources, entry, rank, resolution);
		Instant now = this.engine.clock().instant();
		HistoryRow row = new HistoryRow(resolved, now, now, author, null, request.reason());
		try {
			HistoryWriter writer = FirstRun.writer(session, found, history);
			session.write(writer.insertContinuing(row, entry.rank()));
		}
		catch (SQLException ex) {
			throw OwnWriteProblems.whileWriting(session, found, "resolving " + entry.identity().inWords(), ex,
					HistoryEvidence.ofRow(found, rank, author.deploymentId()), Problem.UNCHANGED);
		}
		logger.info("Resolved {} as {}: {}", entry.identity().inWords(), resolution, request.reason());
		return row;
	}

	/** The row of the run tells at which statement it stopped. */
	private HistoryEntry continued(Session session, HistoryTable found, Sources sources, HistoryEntry entry, int rank)
			throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		History history = found.readRows(session.connection(), rows);
		HistoryRow stopped = rows.stream()
			.filter((row) -> row.entry().rank() == entry.rank())
			.findFirst()
			.orElseThrow(() -> new TidemarkException(nothingToResolve(entry.identity(), null)));
		BuiltIns builtIns = this.engine.builtIns(history.database());
		return this.engine.planner()
			.continued(stopped, rank, sources, (migration) -> this.engine.load(migration, builtIns),
					(step) -> PartitionedTables.apart(session.connection(), found.schema(), step));
	}

	private static HistoryEntry resolved(Sources sources, HistoryEntry entry, int rank, Resolution resolution) {
		String checksum = sources.migration(entry.identity())
			.map(Migration::checksum)
			.map(Checksum::value)
			.orElse(entry.checksum());
		MigrationState state = switch (resolution) {
			case APPLIED -> MigrationState.APPLIED;
			case UNDONE -> MigrationState.UNDONE;
			case RETRY, CONTINUE -> MigrationState.FAILED;
		};
		int done = (resolution == Resolution.APPLIED) ? entry.statementsTotal() : entry.statementsDone();
		return new HistoryEntry(rank, entry.identity(), entry.phase(), entry.description(), entry.script(), checksum,
				state, entry.statementsTotal(), done, entry.journal(), false, null);
	}

	/** What is decided is about the migration, not about its undo. */
	private static HistoryEntry resolvedUndo(HistoryEntry entry, @Nullable HistoryEntry applied, int rank,
			Resolution resolution) {
		if (resolution == Resolution.APPLIED) {
			HistoryEntry before = (applied != null) ? applied : entry;
			return new HistoryEntry(rank, before.identity(), before.phase(), before.description(), before.script(),
					(applied != null) ? applied.checksum() : null, MigrationState.APPLIED, before.statementsTotal(),
					before.statementsTotal(), null, false, null);
		}
		boolean undone = resolution == Resolution.UNDONE;
		return new HistoryEntry(rank, entry.identity(), entry.phase(), entry.description(), entry.script(),
				entry.checksum(), undone ? MigrationState.UNDONE : MigrationState.FAILED, entry.statementsTotal(),
				undone ? entry.statementsTotal() : entry.statementsDone(), entry.journal(), true, null);
	}

	private static Problem nothingToResolve(Identity migration, @Nullable HistoryEntry entry) {
		if (entry != null && entry.isHalfDone()) {
			return Problem.error(ErrorCode.NOTHING_TO_RESOLVE, null,
					"There is nothing to resolve about that run: the last one of " + migration.inWords() + " has rank "
							+ entry.rank() + ", and is " + entry.state() + ".",
					"Look at that run, and name its rank in the decision.");
		}
		return Problem.error(ErrorCode.NOTHING_TO_RESOLVE, null,
				"There is nothing to resolve: " + migration.inWords() + " " + whole(entry) + ".",
				"Look at its state at the endpoint or in the history table.");
	}

	private static String whole(@Nullable HistoryEntry entry) {
		if (entry == null) {
			return "has never run";
		}
		return (entry.state() == MigrationState.FAILED)
				? "failed and was rolled back as a whole, so that the next run begins with it"
				: "is neither interrupted nor failed half-way, but " + entry.state();
	}

}
