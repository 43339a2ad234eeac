package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.command.Engine;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.batch.BatchFailure;
import dev.tidemark.session.Cancellation;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.settings.SessionSettings;

/**
 * The session of one worker, which is opened again when it has ended. Not thread-safe,
 * but for whom it is cancelled by.
 */
final class WorkerSession implements AutoCloseable {

	private final ConnectionSource source;

	private final SessionSettings settings;

	private final BackfillTable table;

	private final MigrationVersion version;

	private final Cancellation cancellation;

	/** The server processes of all workers. */
	private final Set<Integer> processes;

	private @Nullable Session session;

	private @Nullable Integer process;

	private @Nullable TidemarkException refused;

	WorkerSession(ConnectionSource source, SessionSettings settings, BackfillTable table, MigrationVersion version,
			Cancellation cancellation, Set<Integer> processes) {
		this.source = source;
		this.settings = settings;
		this.table = table;
		this.version = version;
		this.cancellation = cancellation;
		this.processes = processes;
	}

	/** Returns the session, which is opened if there is none that works. */
	Session session() throws SQLException {
		Session known = this.session;
		if (known != null && !known.isGivenUp()) {
			return known;
		}
		close();
		try {
			Session opened = Session.open(this.source, this.settings, Engine.LOGIN_TIMEOUT);
			this.session = opened;
			opened.prepare();
			this.cancellation.begin(opened);
			opened.requirePrimary("A backfill");
			this.process = opened.backend().pid();
			this.processes.add(this.process);
			return opened;
		}
		catch (TidemarkException ex) {
			close();
			this.refused = ex;
			throw new SQLException(ex.getMessage(), "08006");
		}
		catch (SQLException ex) {
			// It is not set up, and batches must not run in it.
			close();
			throw ex;
		}
	}

	/** Returns what an exception is of the session that it came from. */
	BatchFailure failure(SQLException ex) {
		TidemarkException why = this.refused;
		this.refused = null;
		if (why != null) {
			Problem problem = why.problems().get(0);
			return new BatchFailure(BatchFailure.Kind.LOST, problem);
		}
		Session known = this.session;
		ServerError error = (known != null) ? known.errorOf(ex) : ServerError.of(ex, this.settings.mask());
		BatchFailure failure = new BatchFailure(error, null, ex);
		if (known != null && failure.kind() != BatchFailure.Kind.LOST) {
			try {
				known.rollBack();
			}
			catch (SQLException lost) {
				return failure.as(BatchFailure.Kind.LOST);
			}
			if (BackfillTable.isRowGone(error)) {
				return failure.as(BatchFailure.Kind.MOVED);
			}
		}
		return failure;
	}

	/** Returns a range as the database has it, {@code null} if it has none. */
	@Nullable RecordedRange lookUp(int part) throws SQLException {
		return this.table.read(usable(), this.version)
			.stream()
			.flatMap((backfill) -> backfill.ranges().stream())
			.filter((range) -> range.part() == part)
			.findFirst()
			.orElse(null);
	}

	/** A session that did not notice yet that it has ended is none. */
	private Session usable() throws SQLException {
		Session known = this.session;
		if (known != null && !known.isAlive()) {
			known.giveUp();
		}
		return session();
	}

	@Override
	public void close() {
		Session known = this.session;
		this.session = null;
		if (known != null) {
			this.cancellation.end();
			known.close();
		}
		// The server may give its number to somebody else's.
		Integer ended = this.process;
		this.process = null;
		if (ended != null) {
			this.processes.remove(ended);
		}
	}

}
