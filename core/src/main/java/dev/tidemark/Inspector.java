package dev.tidemark;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.Planner;
import dev.tidemark.run.ConnectionSource;
import dev.tidemark.run.LockHolder;
import dev.tidemark.source.Migration;
import dev.tidemark.source.Sources;

/**
 * Looks at a database without waiting: a thread of its own asks, and if the answer takes
 * too long the connection is cut. One look at a time, so a hanging database never gathers
 * connections.
 */
final class Inspector {

	private final ConnectionSource connections;

	private final String applicationName;

	private final HistoryTable table;

	private final Planner planner;

	private final Semaphore onlyOne = new Semaphore(1);

	Inspector(ConnectionSource connections, String applicationName, HistoryTable table, Planner planner) {
		this.connections = connections;
		this.applicationName = applicationName;
		this.table = table;
		this.planner = planner;
	}

	Inspection inspect(Sources sources, Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		try {
			if (!this.onlyOne.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				return unreachable(timeout);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return unreachable(timeout);
		}
		AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
		CompletableFuture<Inspection> answer = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				answer.complete(inspect(sources, timeout, connection));
			}
			catch (Throwable ex) {
				answer.completeExceptionally(ex);
			}
			finally {
				this.onlyOne.release();
			}
		}, "tidemark-inspection");
		thread.setDaemon(true);
		thread.start();
		return await(answer, timeout, deadline, connection);
	}

	private Inspection await(CompletableFuture<Inspection> answer, Duration timeout, long deadline,
			AtomicReference<@Nullable Connection> connection) {
		try {
			return answer.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			abort(connection.get());
			return unreachable(timeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			abort(connection.get());
			return unreachable(timeout);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof TidemarkException problem) {
				return answer(Inspection.State.BLOCKED, problem.problems());
			}
			if (ex.getCause() instanceof SQLException problem) {
				return answer(Inspection.State.UNREACHABLE,
						List.of(notAnswered("The database cannot be asked.").withServer(ServerError.of(problem))));
			}
			throw new IllegalStateException("The inspection failed", ex.getCause());
		}
	}

	private static void abort(@Nullable Connection connection) {
		try {
			if (connection != null) {
				connection.abort(Runnable::run);
			}
		}
		catch (SQLException ex) {
			// It is gone already.
		}
	}

	private Inspection inspect(Sources sources, Duration timeout, AtomicReference<@Nullable Connection> holder)
			throws SQLException {
		try (Connection connection = this.connections.open(this.applicationName, timeout)) {
			holder.set(connection);
			boolean autoCommit = connection.getAutoCommit();
			if (!autoCommit) {
				connection.setAutoCommit(true);
			}
			try {
				return inspect(sources, connection);
			}
			finally {
				if (!autoCommit) {
					connection.setAutoCommit(false);
				}
			}
		}
	}

	private Inspection inspect(Sources sources, Connection connection) throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		History history = this.table.readRows(connection, rows);
		String schema = history.database().schema();
		HistoryTable found = (schema != null) ? this.table.in(schema) : this.table;
		Optional<LockHolder> lockHolder = (schema != null) ? LockHolder.find(connection, found) : Optional.empty();
		Plan plan = this.planner.plan(sources, history, Migration::load);
		if (lockHolder.isPresent()) {
			plan = plan.whileRunning();
		}
		return new Inspection(state(plan, lockHolder.isPresent()), history.database(), this.table.name(),
				history.currentVersion().orElse(null), lockHolder.orElse(null), plan.entries(), rows, plan.problems());
	}

	private static Inspection.State state(Plan plan, boolean running) {
		if (!plan.errors().isEmpty()) {
			return Inspection.State.BLOCKED;
		}
		if (running) {
			return Inspection.State.RUNNING;
		}
		boolean failed = plan.entries().stream().anyMatch((entry) -> entry.state() == MigrationState.FAILED);
		if (failed) {
			return Inspection.State.BLOCKED;
		}
		boolean pending = plan.entries().stream().anyMatch((entry) -> entry.state() == MigrationState.PENDING)
				|| !plan.steps().isEmpty();
		return pending ? Inspection.State.PENDING : Inspection.State.UP_TO_DATE;
	}

	private Inspection unreachable(Duration timeout) {
		return answer(Inspection.State.UNREACHABLE,
				List.of(notAnswered("The database did not answer within " + timeout.toMillis() + " ms.")));
	}

	private Problem notAnswered(String what) {
		return Problem.error(ErrorCode.CONNECTION_REFUSED, null, what,
				"Check that the server runs and that " + this.connections + " can be reached from here.");
	}

	private Inspection answer(Inspection.State state, List<Problem> problems) {
		return new Inspection(state, null, this.table.name(), null, null, List.of(), List.of(), problems);
	}

}
