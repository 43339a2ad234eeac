package dev.tidemark.command.look;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.command.Engine;
import dev.tidemark.command.SnapshotReader;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.Severity;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.inspect.RunElsewhere;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.source.Sources;

/**
 * Looks at a database without waiting.
 *
 * @since 0.1.0
 */
public final class Inspector {

	private final Engine engine;

	private final SessionSettings settings;

	private final LockAttempts lockAttempts;

	private final TimedQuestion<Wanted, Inspection> look;

	/**
	 * Creates an inspector.
	 * @param engine what to work with
	 * @param settings how its sessions are set up
	 * @param lockAttempts knows the attempts of the last run
	 */
	public Inspector(Engine engine, SessionSettings settings, LockAttempts lockAttempts) {
		this(engine, settings, lockAttempts, new TimedQuestion<>(Wanted::table));
	}

	private Inspector(Engine engine, SessionSettings settings, LockAttempts lockAttempts,
			TimedQuestion<Wanted, Inspection> look) {
		this.engine = engine;
		this.settings = settings;
		this.lockAttempts = lockAttempts;
		this.look = look;
	}

	/** Returns one that looks at another database. */
	public Inspector on(Engine other) {
		return new Inspector(other, this.settings, this.lockAttempts);
	}

	/** Returns one that looks at one schema of many, one look at a time. */
	public Inspector in(String schema, Engine other) {
		return new Inspector(other, this.settings.in(schema), this.lockAttempts, this.look);
	}

	public Inspection inspect(Sources sources, InspectRequest request) {
		Extent extent = Extent.of(request);
		Duration timeout = request.timeout();
		try {
			return this.look.look(new Wanted(this.engine.table().qualifiedName(), extent),
					(opened) -> inspect(sources, extent, timeout, opened), timeout);
		}
		catch (TimeoutException ex) {
			return answer(Inspection.State.UNREACHABLE, List.of(notAnswered(timeout)));
		}
		catch (TidemarkException ex) {
			return answer(state(ex), ex.problems());
		}
		catch (SQLException ex) {
			return answer(Inspection.State.UNREACHABLE, List.of(notAnswered(ex)));
		}
	}

	/** Returns what a run of this instance is doing, without asking the database. */
	private @Nullable Current current() {
		return this.engine.going().current().of(this.engine.table()).orElse(null);
	}

	/** Returns what a run of this instance is doing in one schema of many. */
	public @Nullable Current currentIn(String schema) {
		return this.engine.going()
			.current()
			.of(HistoryTable.of(schema, this.engine.table().name(), List.of()))
			.orElse(null);
	}

	/** Returns the state of a database that cannot be looked at. */
	public static Inspection.State state(TidemarkException ex) {
		return ex.code().isNotConnected() ? Inspection.State.UNREACHABLE : Inspection.State.BLOCKED;
	}

	private Inspection inspect(Sources sources, Extent extent, Duration timeout, Consumer<Connection> opened)
			throws SQLException {
		return new SnapshotReader(this.engine.connections(), this.settings, this.engine.table()).read(timeout, opened,
				(snapshot, rows) -> inspection(sources, extent, snapshot, rows));
	}

	private Inspection inspection(Sources sources, Extent extent, SnapshotReader.Snapshot snapshot,
			SnapshotReader.Rows rows) throws SQLException {
		History history = snapshot.history();
		LockHolder holder = snapshot.lockHolder();
		BuiltIns builtIns = this.engine.builtIns(history.database());
		Plan plan = this.engine.planner().plan(sources, history, (migration) -> migration.load(builtIns));
		if (holder != null) {
			plan = plan.whileRunning();
		}
		List<MigrationInfo> migrations = Describe.migrations(plan.entries());
		List<HistoryRow> read = rows.of(extent.ranks(history, migrations));
		List<Problem> problems = new ArrayList<>(plan.problems());
		if (holder == null && plan.errors().isEmpty()) {
			plan.entries().forEach((entry) -> leftBehind(entry, read).ifPresent(problems::add));
		}
		return new Inspection(state(plan, holder != null), history.database(), this.engine.table().name(),
				history.currentVersion().orElse(null), holder, current(holder, history, plan, builtIns),
				this.lockAttempts.newest(), migrations, read.stream().map(Describe::run).toList(), problems);
	}

	private @Nullable Current current(@Nullable LockHolder holder, History history, Plan plan, BuiltIns builtIns) {
		Current own = current();
		if (own != null) {
			return own.seenBy(holder);
		}
		return (holder != null) ? new RunElsewhere(holder, this.settings.mask(), this.engine.clock()).current(history,
				plan, (migration) -> migration.load(builtIns)) : null;
	}

	/**
	 * What the next run will go on with by itself stops no run, but an operator has to
	 * know.
	 */
	public static Optional<Problem> leftBehind(PlanEntry entry, List<HistoryRow> rows) {
		HistoryEntry last = entry.history();
		boolean failed = entry.state() == MigrationState.FAILED;
		if (last == null || entry.migration() == null || !(failed || entry.state() == MigrationState.INTERRUPTED)) {
			return Optional.empty();
		}
		HistoryRow.Failure failure = rows.stream()
			.filter((row) -> row.entry().rank() == last.rank())
			.map(HistoryRow::failure)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		ErrorCode code = failed ? ErrorCode.FAILED : ErrorCode.INTERRUPTED;
		String what = "The last run of " + entry.identity().inWords() + (failed ? " failed" : " was interrupted");
		Place place = Place.file(entry.script());
		if (failure != null) {
			code = ErrorCode.parse(failure.code()).orElse(code);
			what += ": " + failure.message();
			place = new Place(entry.script(), null, failure.line(), null, failure.statement());
		}
		return Optional.of(new Problem(code, Severity.ERROR, what + ".", place, null, done(last, failed),
				((failure != null) ? "Correct what the message says, and start again" : "Start again")
						+ "; the next run goes on after what is done."));
	}

	/** Of what was interrupted, the statement that ran may be done. */
	private static String done(HistoryEntry last, boolean failed) {
		int done = last.statementsDone();
		int total = last.statementsTotal();
		if (done == 0) {
			return failed ? "Nothing of it is done."
					: "None of its statements is recorded as done; the first one may be.";
		}
		return done + " of " + total
				+ ((done == 1) ? " statements is done for good." : " statements are done for good.");
	}

	public static Inspection.State state(Plan plan, boolean running) {
		if (!plan.errors().isEmpty()) {
			return Inspection.State.BLOCKED;
		}
		if (running) {
			return Inspection.State.RUNNING;
		}
		boolean failed = plan.entries()
			.stream()
			.filter((entry) -> entry.migration() != null)
			.anyMatch((entry) -> entry.state() == MigrationState.FAILED || entry.state() == MigrationState.INTERRUPTED);
		if (failed) {
			return Inspection.State.BLOCKED;
		}
		boolean pending = plan.entries().stream().anyMatch((entry) -> entry.state() == MigrationState.PENDING)
				|| !plan.isEmpty();
		return pending ? Inspection.State.PENDING : Inspection.State.UP_TO_DATE;
	}

	public Problem notAnswered(Duration timeout) {
		return notAnswered("The database did not answer within " + timeout.toMillis() + " ms.");
	}

	public Problem notAnswered(SQLException ex) {
		return notAnswered("The database cannot be asked.").withServer(ServerError.of(ex));
	}

	private Problem notAnswered(String what) {
		return Problem.error(ErrorCode.CONNECTION_REFUSED, null, what,
				"Check that the server runs and that " + this.engine.connections() + " can be reached from here.");
	}

	private Inspection answer(Inspection.State state, List<Problem> problems) {
		return new Inspection(state, null, this.engine.table().name(), null, null, current(),
				this.lockAttempts.newest(), List.of(), List.of(), problems);
	}

	/**
	 * What is looked at.
	 *
	 * @param table the history
	 * @param extent what is read of it
	 */
	private record Wanted(String table, Extent extent) {
	}

}
