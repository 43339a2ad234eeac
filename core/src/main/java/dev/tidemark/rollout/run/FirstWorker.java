package dev.tidemark.rollout.run;

import java.sql.SQLException;

import dev.tidemark.command.Engine;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.rollout.batch.BatchFailure;
import dev.tidemark.rollout.batch.BatchProblems;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.KeptConnection;

/**
 * Does what comes before and after batches, one thing at a time, on the connection of the
 * first worker.
 */
final class FirstWorker {

	private final KeptConnection connection;

	private final Found found;

	private final Stop stop;

	FirstWorker(KeptConnection connection, Found found, Stop stop) {
		this.connection = connection;
		this.found = found;
		this.stop = stop;
	}

	/**
	 * Does something in this thread.
	 * @return what came of it
	 * @throws Decided if somebody else has decided meanwhile
	 * @throws NoSession if there is no connection now
	 * @throws TidemarkException if the backfill cannot go on
	 */
	<T> T alone(Work<T> work) throws SQLException {
		try {
			return this.stop.during((cancellation) -> {
				try (Session session = open()) {
					cancellation.begin(session);
					try {
						return work.in(session);
					}
					catch (SQLException ex) {
						throw understood(session, ex);
					}
					finally {
						cancellation.end();
					}
				}
				catch (SQLException ex) {
					throw new Failed(ex);
				}
			});
		}
		catch (Failed ex) {
			throw ex.failure;
		}
	}

	private Session open() throws SQLException {
		try {
			Session session = Session.open(this.connection, this.found.engine().settings().session(),
					Engine.LOGIN_TIMEOUT);
			try {
				session.prepare();
				session.requirePrimary("A backfill");
				return session;
			}
			catch (SQLException | RuntimeException ex) {
				session.close();
				throw ex;
			}
		}
		catch (TidemarkException ex) {
			throw new NoSession(ex);
		}
	}

	/** What would be refused again is the end of the backfill, as it is in a batch. */
	private SQLException understood(Session session, SQLException ex) {
		ServerError error = session.errorOf(ex);
		if (BackfillTable.isRowGone(error) || error.is("23505")) {
			throw new Decided();
		}
		BatchFailure failure = new BatchFailure(error, null, ex);
		return switch (failure.kind()) {
			case ROW, LASTING ->
				throw new TidemarkException(BatchProblems.failed(this.found.definition(), null, false, 1, failure));
			case PASSING, LOST, MOVED, GONE -> ex;
		};
	}

	@FunctionalInterface
	interface Work<T> {

		T in(Session session) throws SQLException;

	}

	/** That there is no connection now says nothing of the backfill. */
	static final class NoSession extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final TidemarkException refused;

		NoSession(TidemarkException refused) {
			super(refused);
			this.refused = refused;
		}

		TidemarkException refused() {
			return this.refused;
		}

	}

	private static final class Failed extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final SQLException failure;

		Failed(SQLException failure) {
			super(failure);
			this.failure = failure;
		}

	}

}
