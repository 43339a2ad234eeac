package dev.tidemark.command.look;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.tidemark.catalogue.ServerProcess;
import dev.tidemark.command.Engine;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.Histories;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.lock.HeldLocks;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.session.settings.SessionSettings;

/**
 * Takes a short look at the histories of many schemas, without a lock and without
 * changing anything.
 *
 * @since 0.1.0
 */
public final class TenantSnapshotReader {

	private final ConnectionSource connections;

	private final SessionSettings settings;

	private final HistoryTable table;

	/**
	 * Creates a reader.
	 * @param engine what to work with; the name of its history is that of all of them
	 */
	public TenantSnapshotReader(Engine engine) {
		this.connections = engine.connections();
		this.settings = engine.settings().session().in(null);
		this.table = engine.table();
	}

	/**
	 * Reads the histories, and in which schemas somebody migrates now.
	 * @param schemas the schemas
	 * @param loginTimeout how long the login may take
	 * @param opened is given the connection as soon as there is one, to be able to cut it
	 * @return what was found
	 * @throws TidemarkException if there is no connection, or the histories cannot be
	 * read
	 * @throws SQLException if the server does not answer
	 */
	public Snapshot read(Collection<String> schemas, Duration loginTimeout, Consumer<Connection> opened)
			throws SQLException {
		try (Session session = Session.open(this.connections, this.settings, loginTimeout)) {
			opened.accept(session.connection());
			HeldLocks held = HeldLocks.read(session.connection());
			Set<String> running = schemas.stream()
				.filter((schema) -> held
					.contains(LockKey.of(this.table.in(schema).qualifiedName(), LockPurpose.MIGRATION)))
				.collect(Collectors.toCollection(HashSet::new));
			Histories histories = this.table.readAll(session.connection(), schemas);
			for (String schema : schemas) {
				if (!running.contains(schema) && isRunningWithoutLock(session.connection(), histories.of(schema))) {
					running.add(schema);
				}
			}
			return new Snapshot(histories, running);
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileLooking(ex);
		}
	}

	private static boolean isRunningWithoutLock(Connection connection, Optional<History> history) throws SQLException {
		for (HistoryEntry entry : history.map(History::last).orElse(List.of())) {
			Optional<ServerProcess> process = ServerProcess.of(entry);
			if (process.isPresent() && process.get().isAtWork(connection)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * What the database said at one moment.
	 *
	 * @param histories the histories
	 * @param running the schemas in which somebody migrates
	 * @since 0.1.0
	 */
	public record Snapshot(Histories histories, Set<String> running) {

		/** Copies what was found. */
		public Snapshot {
			running = Set.copyOf(running);
		}

	}

}
