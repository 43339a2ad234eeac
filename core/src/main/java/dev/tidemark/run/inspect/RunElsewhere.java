package dev.tidemark.run.inspect;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.ServerProcess;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.step.Step;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.sql.script.SqlStatement;

/**
 * What can be seen of a run of another instance. A file that commits in parts has a row;
 * of one that is a single transaction nothing is visible but the statement that its
 * session runs, so it is named only if that statement is one of the first pending file
 * here, as it is where both are the same build.
 *
 * @param holder the session that migrates
 * @param mask takes out of statements what must not be seen
 * @param clock tells the time
 * @since 0.1.0
 */
public record RunElsewhere(LockHolder holder, UnaryOperator<String> mask, Clock clock) {

	/**
	 * Returns what the run is doing.
	 * @param history what the history says
	 * @param plan the plan, as it looks while another instance migrates
	 * @param loader loads a file
	 * @return what is known of it
	 */
	public Current current(History history, Plan plan, Function<Migration, Script> loader) {
		Optional<HistoryEntry> running = history.last()
			.stream()
			.filter((entry) -> entry.state() == MigrationState.RUNNING && mayBeOfHolder(entry))
			.max(Comparator.comparingInt(HistoryEntry::rank));
		if (running.isPresent()) {
			return recorded(running.get(), plan, loader);
		}
		return plan.steps()
			.stream()
			.findFirst()
			.flatMap(this::transaction)
			.orElseGet(() -> current(null, false, null, null, null));
	}

	/**
	 * An instance that was killed may have left a row, which the next one goes on with.
	 */
	private boolean mayBeOfHolder(HistoryEntry running) {
		return ServerProcess.of(running).map((process) -> process.pid() == this.holder.pid()).orElse(true);
	}

	private Current recorded(HistoryEntry run, Plan plan, Function<Migration, Script> loader) {
		Migration file = plan.entries()
			.stream()
			.filter((entry) -> entry.identity().equals(run.identity()))
			.findFirst()
			.map((entry) -> run.undo() ? entry.undo() : entry.migration())
			.orElse(null);
		List<SqlStatement> left = statements(run, file, loader);
		return current(run.identity(), run.undo(), run.script(), run.statementsTotal(), only(left));
	}

	/** Returns the statements that are not done yet; none if the file is not the same. */
	private static List<SqlStatement> statements(HistoryEntry run, @Nullable Migration file,
			Function<Migration, Script> loader) {
		if (file == null || !file.isContentOf(run.checksum())) {
			return List.of();
		}
		try {
			List<SqlStatement> all = loader.apply(file).statements();
			return (all.size() == run.statementsTotal()) ? all.subList(run.statementsDone(), all.size()) : List.of();
		}
		catch (TidemarkException ex) {
			// The problems of the migration tell why its file cannot be read.
			return List.of();
		}
	}

	private Optional<Current> transaction(Step first) {
		List<SqlStatement> statements = first.statements();
		if (statements.stream().noneMatch((statement) -> this.holder.isRunning(statement.text(), this.mask))) {
			return Optional.empty();
		}
		return Optional.of(current(first.migration().identity(), first.isUndo(), first.migration().script(),
				statements.size(), only(statements)));
	}

	/** Returns the statement that runs, or {@code null} if several look like it. */
	private @Nullable SqlStatement only(List<SqlStatement> statements) {
		List<SqlStatement> alike = statements.stream()
			.filter((statement) -> this.holder.isRunning(statement.text(), this.mask))
			.limit(2)
			.toList();
		return (alike.size() == 1) ? alike.get(0) : null;
	}

	private Current current(@Nullable Identity migration, boolean undo, @Nullable String script,
			@Nullable Integer statements, @Nullable SqlStatement running) {
		AwaitedLock lock = this.holder.activity().lock();
		// Since when a session is idle is something else than when it began to run
		// something.
		Duration elapsed = this.holder.isActive() ? this.holder.running() : null;
		return new Current((lock != null) ? Current.State.WAITING_FOR_LOCK : Current.State.RUNNING, false,
				this.holder.pid(), migration, undo, script, (running != null) ? running.number() : null, statements,
				(running != null) ? running.line() : null, (running != null) ? running.excerpt() : null,
				(elapsed != null) ? this.clock.instant().minus(elapsed) : null, elapsed, null, lock, null, List.of());
	}

}
