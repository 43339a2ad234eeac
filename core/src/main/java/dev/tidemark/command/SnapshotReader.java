package dev.tidemark.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.ServerProcess;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.lock.LockHolders;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.session.settings.SessionSettings;

/**
 * Takes a short look at the history, without a lock and without changing anything.
 *
 * @since 0.1.0
 */
public final class SnapshotReader {

	private final ConnectionSource connections;

	private final SessionSettings settings;

	private final HistoryTable table;

	/**
	 * Makes a reader.
	 * @param connections where connections come from
	 * @param settings how a session is set up
	 * @param table the history
	 */
	public SnapshotReader(ConnectionSource connections, SessionSettings settings, HistoryTable table) {
		this.connections = connections;
		this.settings = settings;
		this.table = table;
	}

	/**
	 * Reads the history and who migrates now, and then what the reader wants besides.
	 * @param <T> what the reader makes of it
	 * @param loginTimeout how long the login may take
	 * @param opened is given the connection as soon as there is one, to be able to cut it
	 * @param reading makes something of what was found
	 * @return what the reader has made of it
	 * @throws TidemarkException if there is no connection, or the history cannot be read
	 * @throws SQLException if the server does not answer
	 */
	public <T> T read(Duration loginTimeout, Consumer<Connection> opened, Reading<T> reading) throws SQLException {
		try (Session session = Session.open(this.connections, this.settings, loginTimeout)) {
			opened.accept(session.connection());
			Snapshot snapshot = read(session.connection());
			return reading.read(snapshot, (ranks) -> this.table.readRows(session.connection(), ranks));
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileLooking(ex);
		}
	}

	public Snapshot read(Connection connection) throws SQLException {
		Snapshot first = readOnce(connection);
		if (first.lockHolder() != null || first.isNobodyRunning()) {
			return first;
		}
		// It may have ended between the two looks. A row that still runs after the lock
		// was seen free has lost its instance, unless that works on without the lock.
		Snapshot second = readOnce(connection);
		if (second.lockHolder() != null || second.isNobodyRunning()) {
			return second;
		}
		return new Snapshot(second.history(),
				ServerProcess.withoutLock(connection, second.history(), this.settings.mask()).orElse(null));
	}

	private Snapshot readOnce(Connection connection) throws SQLException {
		History history = this.table.read(connection);
		String schema = history.database().schema();
		Optional<LockHolder> holder = (schema != null) ? LockHolders.find(connection,
				LockKey.of(this.table.in(schema).qualifiedName(), LockPurpose.MIGRATION), this.settings.mask())
				: Optional.empty();
		return new Snapshot(history.recordsBackfills() ? BackfillLook.with(history, connection, this.table) : history,
				holder.orElse(null));
	}

	/**
	 * What the database said at one moment.
	 *
	 * @param history the history
	 * @param lockHolder the session that migrates, or {@code null} if none does
	 * @since 0.1.0
	 */
	public record Snapshot(History history, @Nullable LockHolder lockHolder) {

		private boolean isNobodyRunning() {
			return this.history.last().stream().noneMatch((entry) -> entry.state() == MigrationState.RUNNING);
		}

	}

	/**
	 * Reads rows of the history with all that they say.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Rows {

		/**
		 * Reads rows.
		 * @param ranks their ranks
		 * @return the rows in order of their ranks
		 * @throws SQLException if the connection fails
		 */
		List<HistoryRow> of(Collection<Integer> ranks) throws SQLException;

	}

	/**
	 * Makes something of what was found, while the connection is open.
	 *
	 * @param <T> what it makes
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Reading<T> {

		/**
		 * Makes something.
		 * @param snapshot what was found
		 * @param rows reads what else is needed
		 * @return the result
		 * @throws SQLException if the connection fails
		 */
		T read(Snapshot snapshot, Rows rows) throws SQLException;

	}

}
