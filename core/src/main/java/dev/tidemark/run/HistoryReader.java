package dev.tidemark.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;

/**
 * Takes a short look at the history, without a lock and without changing anything.
 */
public final class HistoryReader {

	private final ConnectionSource connections;

	private final SessionSettings settings;

	private final HistoryTable table;

	/**
	 * Makes a reader.
	 * @param connections where connections come from
	 * @param settings how a session is set up
	 * @param table the history
	 */
	public HistoryReader(ConnectionSource connections, SessionSettings settings, HistoryTable table) {
		this.connections = connections;
		this.settings = settings;
		this.table = table;
	}

	/**
	 * Reads the history and who migrates now.
	 * @param loginTimeout how long the login may take
	 * @param opened is given the connection as soon as there is one, to be able to cut it
	 * @return what was found
	 * @throws TidemarkException if there is no connection, or the history cannot be read
	 * @throws SQLException if the connection fails
	 */
	public Snapshot read(Duration loginTimeout, Consumer<Connection> opened) throws SQLException {
		try (Session session = Session.open(this.connections, this.settings, loginTimeout)) {
			opened.accept(session.connection());
			return read(session.connection());
		}
	}

	Snapshot read(Connection connection) throws SQLException {
		Snapshot first = readOnce(connection);
		if (first.lockHolder() != null || first.running().isEmpty()) {
			return first;
		}
		// It may have ended between the two looks. Who runs a migration holds the lock
		// all the time, so a row that still runs after the lock was seen free has lost
		// its instance.
		return readOnce(connection);
	}

	private Snapshot readOnce(Connection connection) throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		History history = this.table.readRows(connection, rows);
		String schema = history.database().schema();
		Optional<LockHolder> holder = (schema != null)
				? LockHolder.find(connection, this.table.in(schema), this.settings.mask()) : Optional.empty();
		return new Snapshot(history, rows, holder.orElse(null));
	}

	/**
	 * What the database said at one moment.
	 *
	 * @param history the deciding rows
	 * @param rows all rows in order of their ranks
	 * @param lockHolder the session that migrates, or {@code null} if none does
	 */
	public record Snapshot(History history, List<HistoryRow> rows, @Nullable LockHolder lockHolder) {

		/** Copies the list. */
		public Snapshot {
			rows = List.copyOf(rows);
		}

		private Set<Integer> running() {
			return this.history.last()
				.stream()
				.filter((entry) -> entry.state() == MigrationState.RUNNING)
				.map((entry) -> entry.rank())
				.collect(Collectors.toSet());
		}

	}

}
