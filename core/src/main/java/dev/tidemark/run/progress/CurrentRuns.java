package dev.tidemark.run.progress;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.tidemark.history.HistoryTable;
import dev.tidemark.run.inspect.Current;

/**
 * The runs of this instance that go on, by the history that they write. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CurrentRuns {

	private final Clock clock;

	private final Map<String, Deque<CurrentRun>> runs = new HashMap<>();

	/**
	 * Begins with none.
	 * @param clock tells since when a run does what it does
	 */
	public CurrentRuns(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Returns the runs in another database, of which none goes on yet.
	 * @return no runs
	 */
	public CurrentRuns none() {
		return new CurrentRuns(this.clock);
	}

	public synchronized CurrentRun begin(HistoryTable table) {
		CurrentRun run = new CurrentRun(this.clock);
		this.runs.computeIfAbsent(table.qualifiedName(), (name) -> new ArrayDeque<>()).add(run);
		return run;
	}

	public synchronized void end(HistoryTable table, CurrentRun run) {
		this.runs.computeIfPresent(table.qualifiedName(), (name, going) -> {
			going.remove(run);
			return going.isEmpty() ? null : going;
		});
	}

	/**
	 * Returns what a run of this instance is doing.
	 * @param table the history that it writes, as it was configured
	 * @return what the run is doing that has its turn, or else one that waits for it;
	 * empty if none goes on
	 */
	public synchronized Optional<Current> of(HistoryTable table) {
		return this.runs.getOrDefault(table.qualifiedName(), new ArrayDeque<>())
			.stream()
			.flatMap((run) -> run.look().stream())
			.max(Comparator.comparing((current) -> current.state() != Current.State.WAITING_FOR_INSTANCE));
	}

}
