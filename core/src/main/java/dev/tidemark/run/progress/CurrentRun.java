package dev.tidemark.run.progress;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Obstruction;
import dev.tidemark.session.watch.StatementWatch;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Says what a run is doing to whoever asks in another thread. The run itself tells no
 * more than where it is; which statement runs, its {@link StatementWatch} knows.
 *
 * @since 0.1.0
 */
public final class CurrentRun {

	private final Clock clock;

	private volatile @Nullable Stage stage;

	public CurrentRun(Clock clock) {
		this.clock = clock;
	}

	/** Another instance may have to end first. */
	public void waitForInstance() {
		this.stage = new Stage.Waiting(System.nanoTime());
	}

	/**
	 * The run has its turn.
	 * @param watch looks after what it runs
	 */
	public void work(StatementWatch watch) {
		this.stage = new Stage.Working(watch, null, 1, System.nanoTime());
	}

	/** A step begins. */
	public void begin(Step step) {
		if (working() instanceof Stage.Working working) {
			this.stage = new Stage.Working(working.watch(), step, working.attempt(), System.nanoTime());
		}
	}

	/** The step is over. */
	public void end() {
		if (working() instanceof Stage.Working working) {
			work(working.watch());
		}
	}

	/** An attempt to get the locks that are needed begins. */
	public void attempt(int attempt) {
		if (working() instanceof Stage.Working working) {
			this.stage = new Stage.Working(working.watch(), working.step(), attempt, working.since());
		}
	}

	/**
	 * An attempt was rolled back.
	 * @param where the statement that waited for a lock, or {@code null} if that is not
	 * known
	 * @param lock the lock, or {@code null} if it was not seen
	 * @param pause how long until the next attempt
	 */
	public void pause(@Nullable Place where, @Nullable AwaitedLock lock, Duration pause) {
		if (working() instanceof Stage.Working working) {
			this.stage = new Stage.Pausing(working, where, lock, pause, System.nanoTime());
		}
	}

	/**
	 * No attempt is made yet, since others are in the way.
	 * @param seen who, and of what
	 */
	public void look(Obstruction seen) {
		long since = (this.stage instanceof Stage.Looking looking) ? looking.since() : System.nanoTime();
		if (working() instanceof Stage.Working working) {
			this.stage = new Stage.Looking(working, seen, since);
		}
	}

	private @Nullable Stage working() {
		if (this.stage instanceof Stage.Pausing pausing) {
			return pausing.before();
		}
		return (this.stage instanceof Stage.Looking looking) ? looking.before() : this.stage;
	}

	/** Returns what the run is doing, empty if it has not come to anything yet. */
	Optional<Current> look() {
		Stage now = this.stage;
		if (now instanceof Stage.Waiting waiting) {
			return Optional.of(new Look(Current.State.WAITING_FOR_INSTANCE, null, null, waiting.since()).current());
		}
		if (now instanceof Stage.Working working) {
			return Optional.of(of(working));
		}
		if (now instanceof Stage.Looking looking) {
			return Optional.of(of(looking));
		}
		return (now instanceof Stage.Pausing pausing) ? Optional.of(of(pausing)) : Optional.empty();
	}

	private Current of(Stage.Working working) {
		Work work = (working.watch().work() instanceof Work told) ? told : null;
		Look look = new Look((work != null && work.isCommit()) ? Current.State.COMMITTING : Current.State.RUNNING,
				working, work, working.since());
		return look.current();
	}

	private Current of(Stage.Pausing pausing) {
		Stage.Working before = pausing.before();
		Step step = before.step();
		Place where = pausing.where();
		Duration elapsed = since(pausing.since());
		Instant since = this.clock.instant().minus(elapsed);
		return new Current(Current.State.PAUSED, true, before.watch().pid(),
				(step != null) ? step.migration().identity() : null, step != null && step.isUndo(),
				(where != null) ? where.script() : null, (where != null) ? where.statement() : null,
				(step != null && isOf(step, where)) ? count(step.statementCount()) : null,
				(where != null) ? where.line() : null, (where != null) ? where.excerpt() : null, since, elapsed,
				before.attempt(), pausing.lock(), since.plus(pausing.pause()), List.of());
	}

	private Current of(Stage.Looking looking) {
		Stage.Working before = looking.before();
		Step step = before.step();
		Duration elapsed = since(looking.since());
		return new Current(Current.State.LOOKING, true, before.watch().pid(),
				(step != null) ? step.migration().identity() : null, step != null && step.isUndo(),
				(step != null) ? step.migration().script() : null, null,
				(step != null) ? count(step.statementCount()) : null, null, null, this.clock.instant().minus(elapsed),
				elapsed, before.attempt(), looking.seen().lock(), null, looking.seen().blockers());
	}

	/** What waited may be a statement of a callback around the migration. */
	private static boolean isOf(Step step, @Nullable Place where) {
		return where == null || where.script().equals(step.migration().script());
	}

	private static Duration since(long nanos) {
		return Duration.ofNanos(System.nanoTime() - nanos);
	}

	private static @Nullable Integer count(int statements) {
		return (statements > 0) ? statements : null;
	}

	/** Where a run is. */
	private sealed interface Stage {

		/**
		 * It waits for its turn.
		 *
		 * @param since since when
		 */
		record Waiting(long since) implements Stage {
		}

		/**
		 * It works.
		 *
		 * @param watch looks after what it runs
		 * @param step the step that it is at, or {@code null}
		 * @param attempt which attempt it is
		 * @param since since when it has been at the step
		 */
		record Working(StatementWatch watch, @Nullable Step step, int attempt, long since) implements Stage {
		}

		/**
		 * It looks before the next attempt.
		 *
		 * @param before what it did before
		 * @param seen who is in the way, and of what
		 * @param since since when
		 */
		record Looking(Working before, Obstruction seen, long since) implements Stage {
		}

		/**
		 * It pauses until the next attempt.
		 *
		 * @param before what it did before
		 * @param where the statement that waited for a lock, or {@code null}
		 * @param lock the lock, or {@code null} if it was not seen
		 * @param pause how long it pauses
		 * @param since since when
		 */
		record Pausing(Working before, @Nullable Place where, @Nullable AwaitedLock lock, Duration pause,
				long since) implements Stage {
		}

	}

	/** One look at a run that waits or works. */
	private final class Look {

		private final Current.State state;

		private final Stage.@Nullable Working working;

		private final @Nullable Origin origin;

		private final @Nullable SqlStatement statement;

		private final Duration elapsed;

		Look(Current.State state, Stage.@Nullable Working working, @Nullable Work work, long since) {
			this.state = state;
			this.working = working;
			this.origin = (work != null) ? work.origin() : null;
			this.statement = (work != null) ? work.statement() : null;
			this.elapsed = (work != null) ? work.elapsed() : since(since);
		}

		Current current() {
			SqlStatement running = this.statement;
			return new Current(this.state, true, (this.working != null) ? this.working.watch().pid() : null,
					migration(), isUndo(), script(), (running != null) ? running.number() : null, statements(),
					(running != null) ? running.line() : null, (running != null) ? running.excerpt() : null,
					CurrentRun.this.clock.instant().minus(this.elapsed), this.elapsed, attempt(), null, null,
					List.of());
		}

		/** Between migrations and callbacks nothing is attempted. */
		private @Nullable Integer attempt() {
			boolean something = this.origin != null || step() != null;
			return (this.working != null && something) ? this.working.attempt() : null;
		}

		private @Nullable Step step() {
			return (this.working != null) ? this.working.step() : null;
		}

		/** A callback may run around a migration, or by itself. */
		private @Nullable Identity migration() {
			Step step = step();
			if (this.origin != null && this.origin.migration() != null) {
				return this.origin.migration();
			}
			return (step != null) ? step.migration().identity() : null;
		}

		private boolean isUndo() {
			Step step = step();
			return (this.origin != null && this.origin.undo()) || (step != null && step.isUndo());
		}

		private @Nullable String script() {
			Step step = step();
			if (this.origin != null) {
				return this.origin.script();
			}
			return (step != null) ? step.migration().script() : null;
		}

		private @Nullable Integer statements() {
			Step step = step();
			if (this.origin != null) {
				return count(this.origin.statements().size());
			}
			return (step != null) ? count(step.statementCount()) : null;
		}

	}

}
