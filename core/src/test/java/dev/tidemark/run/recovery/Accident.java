package dev.tidemark.run.recovery;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;

import org.postgresql.PGConnection;

import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.TestDatabase;

import static org.awaitility.Awaitility.await;

/**
 * A statement that hangs behind the open transaction of another session, where a test can
 * kill it or look at it; and what recovery makes of it.
 */
final class Accident implements AutoCloseable {

	private final TestDatabase database;

	private final Connection blocker;

	private final int pid;

	private final CompletableFuture<Void> statement;

	private Accident(TestDatabase database, Connection blocker, int pid, CompletableFuture<Void> statement) {
		this.database = database;
		this.blocker = blocker;
		this.pid = pid;
		this.statement = statement;
	}

	/**
	 * Runs a statement up to the point where it waits.
	 * @param database the database
	 * @param blocking what the other session does in its transaction
	 * @param sql the statement
	 * @return the accident that is about to happen
	 */
	static Accident waiting(TestDatabase database, String blocking, String sql) throws SQLException {
		Connection blocker = database.connect();
		execute(blocker, "BEGIN; " + blocking);
		int blockerPid = pid(blocker);
		Connection victim = database.connect();
		int pid = pid(victim);
		CompletableFuture<Void> statement = OwnThread.run(() -> {
			try (victim) {
				execute(victim, sql);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		await().until(() -> statement.isCompletedExceptionally()
				|| "t".equals(database.value("SELECT " + blockerPid + " = ANY (pg_blocking_pids(" + pid + "))")));
		return new Accident(database, blocker, pid, statement);
	}

	private static int pid(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getBackendPID();
	}

	/** Kills the backend of a statement where it waits. */
	static void kill(TestDatabase database, String blocking, String sql) throws SQLException {
		try (Accident accident = waiting(database, blocking, sql)) {
			accident.kill();
		}
	}

	void kill() {
		end("pg_terminate_backend");
	}

	void cancel() {
		end("pg_cancel_backend");
	}

	int pid() {
		return this.pid;
	}

	private void end(String function) {
		this.database.execute("SELECT " + function + "(" + this.pid + ")");
		await().until(this.statement::isCompletedExceptionally);
		await().until(() -> this.database.rows("SELECT FROM pg_stat_activity WHERE pid = " + this.pid).isEmpty());
	}

	/** Lets the statement go on, if it still can, and waits for its end. */
	@Override
	public void close() throws SQLException {
		this.blocker.close();
		await().until(this.statement::isDone);
	}

	/** Examines a statement and goes on as the verdict says. */
	static Verdict recover(TestDatabase database, String sql) throws SQLException {
		Verdict verdict = examine(database, sql);
		try (Connection connection = database.connect()) {
			if (verdict instanceof Verdict.Done done) {
				for (String completion : done.completion()) {
					execute(connection, completion);
				}
			}
			if (verdict instanceof Verdict.NotDone notDone) {
				for (String cleanup : notDone.cleanup()) {
					execute(connection, cleanup);
				}
				execute(connection, sql);
			}
		}
		return verdict;
	}

	static Verdict examine(TestDatabase database, String sql) throws SQLException {
		try (Connection connection = database.connect()) {
			return examine(connection, sql);
		}
	}

	static Verdict examine(Connection connection, String sql) throws SQLException {
		return Recovery.examine(connection, statement(sql));
	}

	private static SqlStatement statement(String sql) {
		return SqlScript.parse(sql).statements().get(0);
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
