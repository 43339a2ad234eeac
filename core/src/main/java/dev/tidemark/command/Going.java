package dev.tidemark.command;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.tidemark.history.HistoryTable;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.progress.CurrentRuns;
import dev.tidemark.session.Cancellation;

/**
 * What is going on: runs, undos and decisions, for those who cancel them, and runs and
 * undos for those who look at what they are doing. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Going {

	private final Set<Cancellation> cancellations = ConcurrentHashMap.newKeySet();

	private final CurrentRuns current;

	/**
	 * Begins with nothing.
	 * @param current knows what the runs are doing
	 */
	public Going(CurrentRuns current) {
		this.current = current;
	}

	/** Returns what is going on in another database: nothing yet. */
	Going elsewhere() {
		return new Going(this.current.none());
	}

	/** Returns nothing yet, to be cancelled by itself and to be seen with the others. */
	Going apart() {
		return new Going(this.current);
	}

	/**
	 * Return what the runs are doing.
	 * @return the runs
	 */
	public CurrentRuns current() {
		return this.current;
	}

	/** Works on something that can be cancelled, and that others see. */
	public <T> T run(HistoryTable table, BiFunction<Cancellation, CurrentRun, T> work) {
		return unseen((cancellation) -> {
			CurrentRun doing = this.current.begin(table);
			try {
				return work.apply(cancellation, doing);
			}
			finally {
				this.current.end(table, doing);
			}
		});
	}

	/** Works on something that can be cancelled. */
	public <T> T unseen(Function<Cancellation, T> work) {
		Cancellation cancellation = new Cancellation();
		this.cancellations.add(cancellation);
		try {
			return work.apply(cancellation);
		}
		finally {
			this.cancellations.remove(cancellation);
			cancellation.over();
		}
	}

	/**
	 * Cancels what is going on, and returns without waiting for its end.
	 */
	public void cancel() {
		this.cancellations.forEach(Cancellation::request);
	}

}
