package dev.tidemark.run;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.Severity;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.Baseline;
import dev.tidemark.plan.Mark;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.Step;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.safety.Finding;
import dev.tidemark.source.BuiltIns;
import dev.tidemark.source.CallbackEvent;
import dev.tidemark.source.Checksum;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Migration;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.Release;
import dev.tidemark.source.Script;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.Identifiers;

/**
 * Brings a database up to date: reads, plans, and only if something has to run takes the
 * instance lock, plans again and runs. Immutable and thread-safe; each run has a session
 * of its own.
 */
public final class Runner {

	private static final int CONFLICTS = 3;

	private static final Set<ErrorCode> SOLVED_BY_WAITING = Set.of(ErrorCode.INTERRUPTED, ErrorCode.FAILED,
			ErrorCode.NOT_EMPTY);

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	private static final Logger logger = PlainLogger.of(Runner.class);

	private final ConnectionSource connections;

	private final RunSettings settings;

	private final HistoryTable table;

	private final Planner planner;

	private final Application application;

	private final Clock clock;

	private final List<Callback> callbacks;

	private final List<RunListener> listeners;

	private final RunScope scope;

	private final BiFunction<Migration, BuiltIns, Script> loader;

	private final boolean quiet;

	private final Set<Cancellation> going;

	private final CurrentRuns current;

	/**
	 * Makes a runner.
	 * @param connections where connections come from
	 * @param settings how to run
	 * @param table the history
	 * @param planner makes the plans
	 * @param application on whose behalf
	 * @param clock tells the time that the history records
	 * @param callbacks run at events, after the files of the same event, in this order
	 * @param listeners are told what happens, in this order
	 * @param scope whose runs these are
	 * @param current knows what they are doing
	 */
	public Runner(ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
			Application application, Clock clock, List<Callback> callbacks, List<RunListener> listeners, RunScope scope,
			CurrentRuns current) {
		this(connections, settings, table, planner, application, clock, callbacks, listeners, scope, Migration::load,
				false, ConcurrentHashMap.newKeySet(), current);
	}

	private Runner(ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
			Application application, Clock clock, List<Callback> callbacks, List<RunListener> listeners, RunScope scope,
			BiFunction<Migration, BuiltIns, Script> loader, boolean quiet, Set<Cancellation> going,
			CurrentRuns current) {
		this.connections = connections;
		this.settings = settings;
		this.table = table;
		this.planner = planner;
		this.application = application;
		this.clock = clock;
		this.callbacks = List.copyOf(callbacks);
		this.listeners = List.copyOf(listeners);
		this.scope = scope;
		this.loader = loader;
		this.quiet = quiet;
		this.going = going;
		this.current = current;
	}

	/**
	 * Returns whose runs these are.
	 * @return the scope
	 */
	public RunScope scope() {
		return this.scope;
	}

	/**
	 * Tells whether another runner is known to write the same history.
	 * @param other the other runner
	 * @return {@code false} if they differ, or nobody can tell without asking databases
	 */
	public boolean sharesHistoryWith(Runner other) {
		return this.connections.leadsWhere(other.connections)
				&& this.table.qualifiedName().equals(other.table.qualifiedName())
				&& (this.table.schema() != null || hasSearchPathOf(other.settings.session()));
	}

	private boolean hasSearchPathOf(SessionSettings other) {
		SessionSettings own = this.settings.session();
		return Objects.equals(own.role(), other.role()) && Objects.equals(own.initSql(), other.initSql());
	}

	/**
	 * Returns a runner that does the same in another database.
	 * @param database where connections come from
	 * @param others knows what the runs there are doing
	 * @return the runner
	 */
	public Runner on(ConnectionSource database, CurrentRuns others) {
		return new Runner(database, this.settings, this.table, this.planner, this.application, this.clock,
				this.callbacks, this.listeners, this.scope, this.loader, this.quiet, ConcurrentHashMap.newKeySet(),
				others);
	}

	/**
	 * Returns a runner that does the same on a connection to the same database.
	 * @param connection the connection
	 * @return the runner
	 */
	public Runner reusing(KeptConnection connection) {
		return on(connection, this.current);
	}

	/**
	 * Returns a runner that does the same in one schema of many. Whoever cancels this
	 * runner cancels that one too.
	 * @param schema the schema
	 * @return the runner
	 */
	public Runner in(String schema) {
		return new Runner(this.connections, this.settings.in(schema), this.table.ofTenant(schema), this.planner,
				this.application, this.clock, this.callbacks, this.listeners, this.scope.ofTenant(), this.loader,
				this.quiet, this.going, this.current);
	}

	/**
	 * Returns a runner that shares the content of files with others, and leaves it to
	 * somebody else to log what they do. Whoever cancels this runner cancels that one
	 * too.
	 * @param scripts the content of the files
	 * @return the runner
	 */
	public Runner sharing(SharedScripts scripts) {
		return new Runner(this.connections, this.settings, this.table, this.planner, this.application, this.clock,
				this.callbacks, this.listeners, this.scope, scripts::load, true, this.going, this.current);
	}

	/**
	 * Runs all pending migrations.
	 * @param files reads the files, in another thread while the connection is opened
	 * @return what was done
	 * @throws MigrationFailedException if a migration failed
	 * @throws TidemarkException if something stands in the way of the run
	 */
	public RunResult run(Supplier<Sources> files) {
		return run(Ahead.of("tidemark-files", files), null);
	}

	/**
	 * Runs all pending migrations, where files and history were read before. The history
	 * is read again under the lock; a joint look at many of them saves each the look
	 * before it.
	 * @param sources the files
	 * @param history what was read before, or {@code null} if it has to be read first
	 * @return what was done
	 * @throws MigrationFailedException if a migration failed
	 * @throws TidemarkException if something stands in the way of the run
	 */
	public RunResult run(Sources sources, @Nullable History history) {
		return run(Ahead.ready(sources), history);
	}

	private RunResult run(Ahead<Sources> sources, @Nullable History known) {
		tell((listener) -> listener.runStarted(this.scope));
		Cancellation cancellation = new Cancellation();
		this.going.add(cancellation);
		CurrentRun doing = this.current.begin(this.table);
		try {
			RunResult result = new Run(sources, known, cancellation, doing).run();
			tell((listener) -> listener.runFinished(result));
			return result;
		}
		catch (TidemarkException ex) {
			TidemarkException first = firstOf(sources, ex);
			tell((listener) -> listener.runFailed(first));
			throw first;
		}
		finally {
			this.current.end(this.table, doing);
			this.going.remove(cancellation);
			cancellation.over();
		}
	}

	/**
	 * Cancels the runs, undos and decisions that go on, and returns without waiting for
	 * their end.
	 * @see #run(Supplier)
	 */
	public void cancel() {
		this.going.forEach(Cancellation::request);
	}

	/**
	 * Makes the plan of a run from a history that has been read already. Nothing runs.
	 * @param sources the files
	 * @param history the history
	 * @return the plan, problems included
	 */
	public Plan plan(Sources sources, History history) {
		BuiltIns builtIns = history.database().builtIns(this.table.name(), this.clock.instant());
		return this.planner.plan(sources, history, (migration) -> this.loader.apply(migration, builtIns));
	}

	/**
	 * Tells whether a run has to do something even where no migration is pending.
	 * @param sources the files
	 * @return whether there are callbacks of events that every run has
	 */
	public boolean isBusyAnyway(Sources sources) {
		return Callbacks.ofRun(sources.callbacks(), this.callbacks).isOfEveryRun(this.settings.environments());
	}

	/**
	 * Records at what version an existing database is, waiting for another instance as a
	 * run does. Nothing runs.
	 * @param files reads the files, in another thread while the connection is opened
	 * @param baseline at what version the database is, and why
	 * @return the files that count as done now
	 * @throws TidemarkException if the database has another history already
	 */
	public List<PlanEntry> takeOver(Supplier<Sources> files, Baseline baseline) {
		return new Run(Ahead.of("tidemark-files", files), null, new Cancellation(), new CurrentRun(this.clock))
			.takeOver(baseline);
	}

	/** What is wrong with the files is told even where there is no database. */
	private static TidemarkException firstOf(Ahead<Sources> sources, TidemarkException failure) {
		try {
			sources.get();
			return failure;
		}
		catch (TidemarkException ex) {
			return ex;
		}
	}

	/**
	 * Checks that nothing is pending and nothing is wrong, without changing anything.
	 * @param sources the files
	 * @return which database was found in order
	 * @throws TidemarkException if a migration is pending or something is wrong
	 */
	public DatabaseIdentity verify(Sources sources) {
		try {
			HistoryReader.Snapshot snapshot = new HistoryReader(this.connections, this.settings.session(), this.table)
				.read(LOGIN_TIMEOUT, (connection) -> {
				}, (read, rows) -> read);
			DatabaseIdentity database = snapshot.history().database();
			Plan plan = plan(sources, snapshot.history());
			List<Problem> problems = new ArrayList<>();
			if (snapshot.lockHolder() != null) {
				plan = plan.whileRunning();
				problems.add(running(snapshot.lockHolder()));
			}
			problems.addAll(plan.errors());
			plan.marks().forEach((mark) -> problems.add(pending(mark)));
			plan.steps().forEach((step) -> problems.add(pending(step)));
			boolean pending = !plan.errors().isEmpty() || !plan.isEmpty()
					|| plan.entries().stream().anyMatch((entry) -> entry.state() == MigrationState.RUNNING);
			warn(plan.warnings());
			Verification verification = new Verification(this.scope, database, plan.entries(),
					pending ? problems : List.of());
			tell((listener) -> listener.verified(verification));
			if (!verification.isInOrder()) {
				throw new TidemarkException(verification.problems());
			}
			info("Database {}, schema {} is up to date; nothing was changed", database.name(), database.schema());
			return database;
		}
		catch (SQLException ex) {
			throw DatabaseProblems.whileWorking("reading the history", ex);
		}
	}

	/**
	 * Records what a person has decided about a migration that was interrupted or failed
	 * half-way. The next run goes by it.
	 * @param sources the files
	 * @param migration which migration
	 * @param rank which of its runs, so that a decision is never taken for another one
	 * @param resolution what was decided
	 * @param reason why, for those who read the history later
	 * @param budget how long to wait for another instance that migrates
	 * @throws TidemarkException if there is nothing to decide about the migration, or
	 * another instance is migrating for longer than this one may wait
	 */
	public void resolve(Sources sources, Identity migration, int rank, Resolution resolution, String reason,
			Duration budget) {
		Cancellation cancellation = new Cancellation();
		this.going.add(cancellation);
		try {
			resolve(sources, migration, rank, resolution, reason, budget, cancellation);
		}
		finally {
			this.going.remove(cancellation);
			cancellation.over();
		}
	}

	private void resolve(Sources sources, Identity migration, int rank, Resolution resolution, String reason,
			Duration budget, Cancellation cancellation) {
		try (Session session = Session.open(this.connections, this.settings.session(), LOGIN_TIMEOUT)) {
			cancellation.begin(session);
			try {
				resolve(session, sources, migration, rank, resolution, reason, budget);
			}
			finally {
				cancellation.end();
			}
		}
		catch (SQLException ex) {
			throw DatabaseProblems.whileWorking("resolving " + migration.inWords(), ex);
		}
	}

	private void resolve(Session session, Sources sources, Identity migration, int rank, Resolution resolution,
			String reason, Duration budget) throws SQLException {
		History history = this.table.read(session.connection());
		String schema = history.database().schema();
		HistoryEntry entry = history.last(migration);
		if (schema == null || entry == null || entry.rank() != rank || !entry.isHalfDone()) {
			throw new TidemarkException(nothingToResolve(migration, entry));
		}
		session.prepare();
		session.warnings().forEach((warning) -> logger.warn("{}", warning));
		session.requirePrimary("A decision about a migration");
		InstanceLock lock = InstanceLock.acquire(session,
				LockKey.of(this.table.in(schema).qualifiedName(), LockPurpose.MIGRATION), budget);
		try (lock) {
			resolveLocked(session, lock, this.table.in(schema), sources, entry, resolution, reason);
		}
	}

	private void resolveLocked(Session session, InstanceLock lock, HistoryTable found, Sources sources,
			HistoryEntry seen, Resolution resolution, String reason) throws SQLException {
		History history = found.read(session.connection());
		RunWithoutLock other = new RunWithoutLock(session, lock);
		while (other.isToldBy(history)) {
			history = found.read(session.connection());
		}
		HistoryEntry entry = history.last(seen.identity());
		if (entry == null || entry.rank() != seen.rank() || !entry.isHalfDone()) {
			throw new TidemarkException(nothingToResolve(seen.identity(), entry));
		}
		WritableHistory.require(session, found);
		HistoryRow.Author author = author(session, UUID.randomUUID().toString());
		int rank = history.lastRank() + 1;
		HistoryEntry applied = history.lastDone(entry.identity());
		HistoryEntry resolved = (resolution == Resolution.CONTINUE) ? continued(session, found, sources, entry, rank)
				: entry.undo() ? resolvedUndo(entry, applied, rank, resolution)
						: resolved(sources, entry, rank, resolution);
		Instant now = this.clock.instant();
		HistoryRow row = new HistoryRow(resolved, now, now, author, null, reason);
		try {
			session.write(found.writer(session.connection()).insertContinuing(row, entry.rank()));
		}
		catch (SQLException ex) {
			throw OwnWriteProblems.whileWriting(session, found, "resolving " + entry.identity().inWords(), ex,
					Evidence.ofRow(found, rank, author.deploymentId()), Problem.UNCHANGED);
		}
		logger.info("Resolved {} as {}: {}", entry.identity().inWords(), resolution, reason);
	}

	/** The row of the run tells at which statement it stopped. */
	private HistoryEntry continued(Session session, HistoryTable found, Sources sources, HistoryEntry entry, int rank)
			throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		History history = found.readRows(session.connection(), rows);
		HistoryRow stopped = rows.stream()
			.filter((row) -> row.entry().rank() == entry.rank())
			.findFirst()
			.orElseThrow(() -> new TidemarkException(nothingToResolve(entry.identity(), null)));
		BuiltIns builtIns = history.database().builtIns(this.table.name(), this.clock.instant());
		return this.planner.continued(stopped, rank, sources, (migration) -> this.loader.apply(migration, builtIns),
				(step) -> PartitionedTables.apart(session.connection(), found.schema(), step));
	}

	private static HistoryEntry resolved(Sources sources, HistoryEntry entry, int rank, Resolution resolution) {
		String checksum = sources.migration(entry.identity())
			.map(Migration::checksum)
			.map(Checksum::value)
			.orElse(entry.checksum());
		MigrationState state = switch (resolution) {
			case APPLIED -> MigrationState.APPLIED;
			case UNDONE -> MigrationState.UNDONE;
			case RETRY, CONTINUE -> MigrationState.FAILED;
		};
		int done = (resolution == Resolution.APPLIED) ? entry.statementsTotal() : entry.statementsDone();
		return new HistoryEntry(rank, entry.identity(), entry.phase(), entry.description(), entry.script(), checksum,
				state, entry.statementsTotal(), done, entry.journal(), false, null);
	}

	/** What is decided is about the migration, not about its undo. */
	private static HistoryEntry resolvedUndo(HistoryEntry entry, @Nullable HistoryEntry applied, int rank,
			Resolution resolution) {
		if (resolution == Resolution.APPLIED) {
			HistoryEntry before = (applied != null) ? applied : entry;
			return new HistoryEntry(rank, before.identity(), before.phase(), before.description(), before.script(),
					(applied != null) ? applied.checksum() : null, MigrationState.APPLIED, before.statementsTotal(),
					before.statementsTotal(), null, false, null);
		}
		boolean undone = resolution == Resolution.UNDONE;
		return new HistoryEntry(rank, entry.identity(), entry.phase(), entry.description(), entry.script(),
				entry.checksum(), undone ? MigrationState.UNDONE : MigrationState.FAILED, entry.statementsTotal(),
				undone ? entry.statementsTotal() : entry.statementsDone(), entry.journal(), true, null);
	}

	private static Problem nothingToResolve(Identity migration, @Nullable HistoryEntry entry) {
		if (entry != null && entry.isHalfDone()) {
			return Problem.error(ErrorCode.NOTHING_TO_RESOLVE, null,
					"There is nothing to resolve about that run: the last one of " + migration.inWords() + " has rank "
							+ entry.rank() + ", and is " + entry.state() + ".",
					"Look at that run, and name its rank in the decision.");
		}
		return Problem.error(ErrorCode.NOTHING_TO_RESOLVE, null,
				"There is nothing to resolve: " + migration.inWords() + " " + whole(entry) + ".",
				"Look at its state at the endpoint or in the history table.");
	}

	private static String whole(@Nullable HistoryEntry entry) {
		if (entry == null) {
			return "has never run";
		}
		return (entry.state() == MigrationState.FAILED)
				? "failed and was rolled back as a whole, so that the next run begins with it"
				: "is neither interrupted nor failed half-way, but " + entry.state();
	}

	/**
	 * Undoes migrations.
	 * @param sources the files
	 * @param request what to undo, and why
	 * @param budget how long to wait for another instance that migrates
	 * @return what was done
	 * @throws MigrationFailedException if an undo file failed
	 * @throws TidemarkException if something stands in the way of the undo, such as data
	 * that would be lost; nothing was changed then
	 */
	public UndoResult undo(Sources sources, UndoRequest request, Duration budget) {
		return undo(sources, request, budget, (session) -> {
		});
	}

	UndoResult undo(Sources sources, UndoRequest request, Duration budget, UndoRun.Guard guard) {
		tell((listener) -> listener.runStarted(this.scope));
		Cancellation cancellation = new Cancellation();
		this.going.add(cancellation);
		CurrentRun doing = this.current.begin(this.table);
		try {
			UndoResult result = undoRun(sources, cancellation, guard, doing).run(request, budget);
			tell((listener) -> listener.undoFinished(result));
			return result;
		}
		catch (TidemarkException ex) {
			tell((listener) -> listener.runFailed(ex));
			throw ex;
		}
		finally {
			this.current.end(this.table, doing);
			this.going.remove(cancellation);
			cancellation.over();
		}
	}

	/**
	 * Looks at what an undo would do now, without changing anything.
	 * @param sources the files
	 * @param selection which migrations
	 * @return what would run, what stands in its way, and what would be lost
	 * @throws TidemarkException if the database or its history cannot be read
	 */
	public UndoPreview previewUndo(Sources sources, UndoSelection selection) {
		return undoRun(sources, new Cancellation(), (session) -> {
		}, new CurrentRun(this.clock)).preview(selection);
	}

	private UndoRun undoRun(Sources sources, Cancellation cancellation, UndoRun.Guard guard, CurrentRun doing) {
		return new UndoRun(this, this.connections, this.settings, this.table, this.planner, this.clock, this.callbacks,
				sources, cancellation, guard, doing);
	}

	/**
	 * Takes back what was edited while it is developed, for the next run to apply it as
	 * it is now. It does nothing where nothing was edited.
	 * @param sources the files
	 * @param ground why the database may be touched
	 * @param released finds out what is released
	 * @throws TidemarkException if something stands in the way
	 */
	public void redo(Sources sources, Redo.Ground ground, Supplier<Release> released) {
		Cancellation cancellation = new Cancellation();
		this.going.add(cancellation);
		try {
			new RedoRun(this, this.connections, this.settings, this.table, this.planner, this.clock, sources, ground,
					released, cancellation)
				.run();
		}
		finally {
			this.going.remove(cancellation);
			cancellation.over();
		}
	}

	HistoryRow.Author author(Session session, String deploymentId) throws SQLException {
		String installedBy = this.application.installedBy();
		if (installedBy == null) {
			installedBy = session.connection().getMetaData().getUserName();
		}
		return new HistoryRow.Author(installedBy, this.application.name(), this.application.version(),
				this.application.instance(), ToolVersion.VALUE, deploymentId, this.application.tag(), null);
	}

	static Problem conflict(HistoryTable table) {
		return new Problem(ErrorCode.HISTORY_CONFLICT, Severity.ERROR,
				"Another instance has written the history " + table.qualifiedName() + " while this one held the lock.",
				null, null, "What this instance had begun was rolled back.",
				"Check that all instances connect directly and not through a pooler in transaction mode, and start again:"
						+ " the history decides.");
	}

	private static Problem running(LockHolder holder) {
		return Problem.error(ErrorCode.PENDING, null, "Another instance is migrating now: " + holder + ".",
				"Start again when it is done.");
	}

	private static Problem pending(Mark mark) {
		return Problem.error(ErrorCode.PENDING, null,
				"It is not recorded yet, and this start may not change the database: " + mark + ".",
				"Let an instance with tidemark.mode=migrate and the same settings run first.");
	}

	private static Problem pending(Step step) {
		return Problem.error(ErrorCode.PENDING, Place.file(step.migration().script()),
				"The database lacks " + step.migration().identity().inWords() + ", and this start may not change it.",
				"Let an instance with tidemark.mode=migrate run it first.");
	}

	private void info(String message, @Nullable Object... arguments) {
		logger.atLevel(this.quiet ? Level.DEBUG : Level.INFO).log(message, arguments);
	}

	/** Of many tenants, the caller tells the same warning once. */
	private void warn(Collection<Problem> warnings) {
		if (!this.quiet) {
			warnings.forEach((problem) -> logger.warn("{}", problem));
		}
	}

	private static Problem pendingOnStandby(Mark mark) {
		return Problem.error(ErrorCode.PENDING, null,
				"It is not recorded yet, and the server is a standby, which accepts no writes: " + mark + ".",
				"Let an instance that is connected to the primary run with the same settings first; replication brings "
						+ "it here.");
	}

	private static Problem pendingOnStandby(Step step) {
		return Problem.error(ErrorCode.PENDING, Place.file(step.migration().script()),
				"The database lacks " + step.migration().identity().inWords()
						+ ", and its server is a standby, which accepts no writes.",
				"Let an instance that is connected to the primary run it first; replication brings it here. If this "
						+ "instance is to run it, point " + SettingNames.name("connection.url") + " at the primary.");
	}

	void tell(Consumer<RunListener> event) {
		for (RunListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				// Who only looks on must neither stop a migration nor hide its failure.
				warnOfListener(listener, ex);
			}
		}
	}

	/**
	 * Logs that a listener has thrown something, without secrets.
	 * @param listener the listener
	 * @param thrown what it has thrown
	 */
	public void warnOfListener(Object listener, Throwable thrown) {
		Thrown told = new Thrown(thrown, this.settings.session().mask());
		logger.warn("A listener of type {} failed: {}", listener.getClass().getName(), told.inWords(),
				told.withoutSecrets());
	}

	/** One run. */
	private final class Run {

		private final Ahead<Sources> sources;

		private final @Nullable History known;

		private final Cancellation cancellation;

		private final CurrentRun doing;

		private final String deploymentId = UUID.randomUUID().toString();

		private final Map<Migration, Script> scripts = new HashMap<>();

		private final Instant started = Runner.this.clock.instant();

		private final long start = System.nanoTime();

		private final List<MigrationResult> applied = new ArrayList<>();

		private final List<Step> ran = new ArrayList<>();

		/** What this run has added to the history that it read last. */
		private final List<HistoryEntry> recorded = new ArrayList<>();

		private final Changes changes = new Changes();

		private final Set<String> createdSchemas = new LinkedHashSet<>();

		/** Shows that the last change of the history is there. */
		private @Nullable Evidence last;

		/** Some are true only until their migration has run, others stay. */
		private final Set<Problem> warnings = new LinkedHashSet<>();

		private final List<Problem> sessionWarnings = new ArrayList<>();

		private Duration lockWait = Duration.ZERO;

		/** Whether a crash of the server would take back what the run has told of. */
		private boolean lossy;

		private boolean versionedDone;

		private boolean repeatablesBegun;

		Run(Ahead<Sources> sources, @Nullable History known, Cancellation cancellation, CurrentRun doing) {
			this.sources = sources;
			this.known = known;
			this.cancellation = cancellation;
			this.doing = doing;
		}

		RunResult run() {
			try (Session session = Session.open(Runner.this.connections, Runner.this.settings.session(),
					LOGIN_TIMEOUT)) {
				this.cancellation.begin(session);
				try {
					return run(session);
				}
				catch (SQLException ex) {
					throw ended(session, ex);
				}
				catch (TidemarkException ex) {
					throw ex;
				}
				catch (RuntimeException | Error ex) {
					throw DatabaseProblems.unexpected(session, "the run", ex);
				}
				finally {
					this.cancellation.end();
				}
			}
			catch (TidemarkException ex) {
				warn(this.warnings);
				throw this.changes.toldIn(ex);
			}
		}

		/**
		 * What was done last is looked for, as a crash of the server takes with it what
		 * was not on its disk.
		 */
		private TidemarkException ended(Session session, SQLException ex) {
			String doing = "reading or writing the history";
			if (this.last == null || Breakdown.of(session, ex, null) == null) {
				return DatabaseProblems.whileWorking(session, doing, ex);
			}
			return OwnWriteProblems.whileWriting(session, Runner.this.table, doing, ex, this.last,
					new Breakdown.States(this.changes.toString(), "The next run goes on after it.",
							"The server has lost what this run did last, and the next run does it again. "
									+ this.changes.before()));
		}

		private RunResult run(Session session) throws SQLException {
			History history = (this.known != null) ? this.known : Runner.this.table.read(session.connection());
			Plan plan = plan(history);
			tellPlanned(history, plan);
			Callbacks callbacks = Callbacks.ofRun(this.sources.get().callbacks(), Runner.this.callbacks);
			if (!plan.isEmpty() || !plan.errors().isEmpty()
					|| callbacks.isOfEveryRun(Runner.this.settings.environments())) {
				requireRunnable(history, plan, callbacks);
				session.prepare();
				tellOf(session, plan);
				if (session.isStandby()) {
					this.warnings.addAll(plan.warnings());
					requireNothingToDo(plan);
				}
				else {
					history = runLocked(session, tableOf(history), callbacks, history);
					plan = plan(history);
				}
			}
			return result(history, plan);
		}

		/**
		 * What is not true of the session is told before it works, and not afterwards
		 * with the other warnings.
		 */
		private void tellOf(Session session, Plan plan) {
			this.sessionWarnings.addAll(session.warnings());
			if (!session.hasStandardStrings()) {
				Backslashes.in(plan.steps()).ifPresent(this.sessionWarnings::add);
			}
			warn(this.sessionWarnings);
		}

		private void tellPlanned(History history, Plan plan) {
			tell((listener) -> listener.planned(Runner.this.scope, history.database(), plan.entries()));
		}

		/** On a standby nothing can run, so it is only checked that nothing has to. */
		private static void requireNothingToDo(Plan plan) {
			List<Problem> problems = new ArrayList<>(plan.errors());
			plan.marks().forEach((mark) -> problems.add(pendingOnStandby(mark)));
			plan.steps().forEach((step) -> problems.add(pendingOnStandby(step)));
			if (!problems.isEmpty()) {
				throw new TidemarkException(problems);
			}
		}

		List<PlanEntry> takeOver(Baseline baseline) {
			try (Session session = Session.open(Runner.this.connections, Runner.this.settings.session(),
					LOGIN_TIMEOUT)) {
				session.prepare();
				session.warnings().forEach((warning) -> logger.warn("{}", warning));
				session.requirePrimary("Recording a baseline");
				HistoryTable table = tableOf(Runner.this.table.read(session.connection()));
				try (InstanceLock lock = InstanceLock.acquire(session,
						LockKey.of(table.qualifiedName(), LockPurpose.MIGRATION), Runner.this.settings.waitTimeout())) {
					return takeOver(context(session, lock, table, Callbacks.none()), baseline);
				}
			}
			catch (TidemarkException ex) {
				throw this.changes.toldIn(ex);
			}
			catch (SQLException ex) {
				throw this.changes.toldIn(DatabaseProblems.whileWorking("recording the baseline", ex));
			}
		}

		private List<PlanEntry> takeOver(RunContext context, Baseline baseline) throws SQLException {
			History history = context.table().read(context.session().connection());
			Plan plan = Runner.this.planner.baseline(this.sources.get(), history, baseline);
			plan.requireNoErrors();
			if (!plan.isEmpty()) {
				if (history.exists()) {
					WritableHistory.require(context.session(), context.table());
				}
				createMissing(context, history.exists());
				if (!record(context, plan, history.lastRank())) {
					throw new TidemarkException(conflict(context.table()));
				}
			}
			return plan.entries();
		}

		/**
		 * What another instance may be solving just now is looked at again under the
		 * lock, and so is everything that callbacks of the validation have to hear of.
		 */
		private void requireRunnable(History history, Plan plan, Callbacks callbacks) {
			List<Problem> unusable = new ArrayList<>();
			for (Problem problem : callbacks.load(builtIns(history), Runner.this.settings.environments())) {
				if (problem.isError()) {
					unusable.add(problem);
				}
				else {
					this.warnings.add(problem);
				}
			}
			boolean heard = this.sources.get().problems().stream().noneMatch(Problem::isError)
					&& callbacks.isOfValidation();
			boolean runnable = heard
					|| plan.errors().stream().allMatch((problem) -> SOLVED_BY_WAITING.contains(problem.code()));
			if (!runnable || !unusable.isEmpty()) {
				this.warnings.addAll(plan.warnings());
				unusable.addAll(0, plan.errors());
				throw new TidemarkException(unusable);
			}
		}

		/** Files are read once, although the plan is made again under the lock. */
		private Plan plan(History history) {
			BuiltIns builtIns = builtIns(history);
			return Runner.this.planner.plan(this.sources.get(), history, (migration) -> this.scripts
				.computeIfAbsent(migration, (file) -> Runner.this.loader.apply(file, builtIns)));
		}

		private BuiltIns builtIns(History history) {
			return history.database().builtIns(Runner.this.table.name(), this.started);
		}

		private HistoryTable tableOf(History history) {
			String schema = history.database().schema();
			if (schema == null) {
				throw new TidemarkException(Schemas.noDefault());
			}
			return Runner.this.table.in(schema);
		}

		private History runLocked(Session session, HistoryTable table, Callbacks callbacks, History before)
				throws SQLException {
			this.doing.waitForInstance();
			try (InstanceLock lock = InstanceLock.acquire(session,
					LockKey.of(table.qualifiedName(), LockPurpose.MIGRATION), Runner.this.settings.waitTimeout())) {
				this.lockWait = lock.waited();
				tell((listener) -> listener.lockAcquired(this.lockWait));
				try {
					return runLocked(context(session, lock, table, callbacks), before);
				}
				finally {
					settle(session);
				}
			}
		}

		/**
		 * A run that ends before its last commit makes durable what it has told of, as
		 * long as it holds the lock: nobody sees a version that a crash could take back.
		 */
		private void settle(Session session) {
			if (!this.lossy || !session.isAlive()) {
				return;
			}
			try {
				session.rollBack();
				session.settle();
			}
			catch (SQLException ex) {
				logger.warn(
						"What this run has applied is committed, but it is not known whether it is on disk yet; a crash"
								+ " of the server within the next second could take it back: {}",
						session.errorOf(ex));
			}
		}

		private RunContext context(Session session, InstanceLock lock, HistoryTable table, Callbacks callbacks)
				throws SQLException {
			Watch watch = session.watch();
			CallbackRunner runner = new CallbackRunner(session, lock, Runner.this.settings, callbacks,
					Runner.this.scope, table, this.doing);
			return new RunContext(session, lock, table, table.writer(session.connection()),
					author(session, this.deploymentId), Runner.this.clock, Runner.this.settings.lockRetry(), watch,
					runner, Runner.this::tell, this.doing, null);
		}

		private History runLocked(RunContext context, History before) throws SQLException {
			this.doing.work(context.watch());
			fire(context, CallbackEvent.BEFORE_VALIDATE);
			this.doing.waitForInstance();
			History history = context.table().read(context.session().connection(), before.exists());
			RunWithoutLock other = new RunWithoutLock(context.session(), context.lock());
			while (other.isToldBy(history)) {
				history = context.table().read(context.session().connection());
			}
			this.doing.work(context.watch());
			if (this.known == null && before.content().isEmpty()) {
				// What is there now is the work of callbacks.
				history = history.with(before.content());
			}
			Plan plan = plan(history);
			tellPlanned(history, plan);
			this.warnings.addAll(plan.warnings());
			try {
				plan.requireNoErrors();
			}
			catch (TidemarkException ex) {
				TidemarkException told = this.changes.toldIn(ex);
				context.callbacks().fireAfterFailure(Occasion.of(CallbackEvent.AFTER_VALIDATE_ERROR, null, told));
				throw told;
			}
			fire(context, CallbackEvent.AFTER_VALIDATE);
			try {
				return migrate(context, history, plan);
			}
			catch (TidemarkException ex) {
				TidemarkException told = this.changes.toldIn(ex);
				context.callbacks().fireAfterFailure(Occasion.of(CallbackEvent.AFTER_MIGRATE_ERROR, null, told));
				throw told;
			}
		}

		private History migrate(RunContext begun, History found, Plan first) throws SQLException {
			RunContext context = begun;
			History history = found;
			Plan plan = first;
			for (int conflicts = 0; conflicts < CONFLICTS; conflicts++) {
				if (!plan.isEmpty()) {
					context.session().requirePrimary("A run with something to do");
					if (history.exists()) {
						WritableHistory.require(context.session(), context.table());
					}
					createMissing(context, history.exists());
				}
				if (conflicts == 0) {
					context = withRestorePoint(context, plan, history);
					fire(context, CallbackEvent.BEFORE_MIGRATE);
				}
				if (record(context, plan, history.lastRank())
						&& runSteps(context, plan.steps(), history.lastRank() + plan.marks().size())) {
					return finished(context, history);
				}
				logger.warn("Another instance has written the history without holding the lock; reading it again");
				this.recorded.clear();
				history = context.table().read(context.session().connection());
				plan = plan(history);
				tellPlanned(history, plan);
				this.warnings.addAll(plan.warnings());
				plan.requireNoErrors();
			}
			throw new TidemarkException(conflict(context.table()));
		}

		private RunContext withRestorePoint(RunContext context, Plan plan, History history) {
			if (!Runner.this.settings.restorePoints() || plan.steps().isEmpty()) {
				return context;
			}
			List<Finding> findings = DataAtRiskReader.estimate(context.session(), plan, history);
			return findings.isEmpty() ? context : RestorePoints.mark(context, plan.steps(), findings);
		}

		private History finished(RunContext context, History before) throws SQLException {
			versionedDone(context);
			if (!this.applied.isEmpty()) {
				fire(context, CallbackEvent.AFTER_MIGRATE_APPLIED);
			}
			fire(context, CallbackEvent.AFTER_MIGRATE);
			fire(context, CallbackEvent.AFTER_MIGRATE_OPERATION_FINISH);
			warnOfMovedSchema(context);
			return this.recorded.isEmpty() ? before : before.after(this.recorded);
		}

		/** What the next start would refuse is told by the run that has caused it. */
		private void warnOfMovedSchema(RunContext context) {
			if (Runner.this.table.schema() != null || !DefaultSchema.mayHaveMoved(this.ran, context.callbacks())) {
				return;
			}
			try {
				DefaultSchema.ofNextLogin(context.session().connection())
					.moved(context.table())
					.ifPresent(this.warnings::add);
			}
			catch (SQLException ex) {
				logger.debug("The default schema of the next start is not known: {}", context.session().errorOf(ex));
			}
		}

		private void fire(RunContext context, CallbackEvent event) throws SQLException {
			context.callbacks().fire(event, this.changes);
		}

		private void versionedDone(RunContext context) throws SQLException {
			if (!this.versionedDone) {
				this.versionedDone = true;
				fire(context, CallbackEvent.AFTER_VERSIONED);
			}
		}

		/**
		 * Writes down what a person has decided, all or nothing. Returns whether it is
		 * there; if not, the history has to be read again.
		 */
		private boolean record(RunContext context, Plan plan, int lastRank) throws SQLException {
			if (plan.marks().isEmpty()) {
				return true;
			}
			Instant now = Runner.this.clock.instant();
			StringBuilder sql = new StringBuilder();
			int rank = lastRank;
			List<HistoryEntry> entries = new ArrayList<>();
			for (Mark mark : plan.marks()) {
				HistoryRow row = mark.row(++rank, context.author(), now);
				entries.add(row.entry());
				sql.append(context.writer().insert(row)).append("; ");
			}
			Evidence evidence = Evidence.ofRow(context.table(), rank, context.author().deploymentId());
			String doing = "recording " + plan.marks();
			try {
				context.session().write(sql.toString());
			}
			catch (SQLException ex) {
				if (context.table().isConflict(ServerError.of(ex))) {
					context.session().rollBack();
					return false;
				}
				throw OwnWriteProblems.whileWriting(context.session(), context.table(), doing, ex, evidence,
						this.changes.rolledBack());
			}
			catch (RuntimeException | Error ex) {
				throw DatabaseProblems.unexpected(context.session(), doing, ex, evidence, this.changes.rolledBack());
			}
			this.last = evidence;
			plan.marks().forEach((mark) -> this.changes.add(mark + " is recorded"));
			this.lossy = false;
			this.recorded.addAll(entries);
			plan.marks().forEach((mark) -> log(mark, plan));
			return true;
		}

		private void log(Mark mark, Plan plan) {
			info("Recorded {}: {}", mark, mark.reason());
			if (mark.state() == MigrationState.BASELINE) {
				List<String> covered = plan.entries()
					.stream()
					.filter((entry) -> entry.state() == MigrationState.BASELINE && entry.migration() != null)
					.map((entry) -> entry.identity() + " (" + entry.description() + ")")
					.toList();
				if (!covered.isEmpty()) {
					info("{} {}: {}", counted(covered.size(), "version"),
							(covered.size() == 1) ? "counts as done and does not run" : "count as done and do not run",
							String.join(", ", covered));
				}
			}
		}

		/** Returns whether all steps ran; if not, the history has to be read again. */
		private boolean runSteps(RunContext context, List<Step> steps, int lastRank) throws SQLException {
			int rank = lastRank;
			for (Step planned : steps) {
				this.cancellation.check(Problem.UNCHANGED);
				beforeRepeatables(context, planned);
				// Those before it may have made what it is about.
				Step step = PartitionedTables.apart(context.session().connection(), context.table().schema(), planned);
				boolean last = ++rank == lastRank + steps.size();
				tell((listener) -> listener.migrationStarted(step));
				try {
					this.lossy = true;
					MigrationResult result = run(context, step, rank, last, false);
					this.lossy = !last;
					this.ran.add(step);
					this.applied.add(result);
					this.changes.add(step.migration().identity().inWords() + " is applied");
					log(result);
					tell((listener) -> listener.migrationApplied(step, result));
					context.lock().reclaim(Runner.this.settings.waitTimeout());
				}
				catch (HistoryConflictException ex) {
					TidemarkException conflict = new TidemarkException(conflict(context.table()));
					tell((listener) -> listener.migrationFailed(step, conflict));
					context.session().renew();
					return false;
				}
				catch (MigrationFailedException ex) {
					tell((listener) -> listener.migrationFailed(step, ex));
					throw ex;
				}
			}
			return true;
		}

		private MigrationResult run(RunContext context, Step step, int rank, boolean last, boolean alone)
				throws HistoryConflictException, SQLException {
			StepRunner runner = new StepRunner(context, step, rank, last, alone);
			try {
				MigrationResult result = runner.run();
				this.last = Evidence.ofRow(context.table(), rank, this.deploymentId);
				this.recorded.add(runner.recorded());
				return result;
			}
			catch (StepFailure ex) {
				if (step.isAtomic() && ex.endsTransactionItself()) {
					context.session().renew();
					return run(context, step.withoutTransactions(), rank, last, true);
				}
				throw failed(context, runner, step, ex);
			}
		}

		private void beforeRepeatables(RunContext context, Step step) throws SQLException {
			if (step.migration().identity() instanceof Identity.Repeatable && !this.repeatablesBegun) {
				versionedDone(context);
				this.repeatablesBegun = true;
				fire(context, CallbackEvent.BEFORE_REPEATABLES);
			}
		}

		private MigrationFailedException failed(RunContext context, StepRunner runner, Step step, StepFailure failure) {
			Problem problem = Schemas.alreadyThere(withWarning(failure.failure().problems().get(0)),
					Runner.this.settings, Runner.this.table, this.createdSchemas, runner.leavingDone());
			return new FailedStep(context, runner, step, failure).conclude(problem, this.sources.get().migrations(),
					this.applied);
		}

		/** What was odd about the file before may be why the statement failed. */
		private Problem withWarning(Problem problem) {
			Place place = problem.place();
			return this.warnings.stream()
				.filter((warning) -> warning.code() == ErrorCode.DEPENDENCY)
				.filter((warning) -> place != null && warning.place() != null
						&& warning.place().script().equals(place.script()))
				.findFirst()
				.map((warning) -> problem.withRemedy(
						problem.remedy() + " This may be the cause: " + warning.what() + " " + warning.remedy()))
				.orElse(problem);
		}

		/**
		 * The history and the schemas come before the first migration that may need them.
		 */
		private void createMissing(RunContext context, boolean historyExists) throws SQLException {
			Session session = context.session();
			HistoryTable table = context.table();
			Set<String> missing = Schemas.missing(session.connection(), Runner.this.settings, table);
			if (missing.isEmpty() && historyExists) {
				return;
			}
			if (!missing.isEmpty() && !Runner.this.settings.createSchemas()) {
				throw new TidemarkException(Schemas.mayNotBeCreated(missing));
			}
			if (!missing.isEmpty()) {
				fire(context, CallbackEvent.BEFORE_CREATE_SCHEMA);
			}
			StringBuilder sql = new StringBuilder();
			missing.forEach((schema) -> sql.append("CREATE SCHEMA IF NOT EXISTS ")
				.append(Identifiers.quote(schema))
				.append("; "));
			sql.append(table.layout().create());
			Evidence evidence = Evidence.ofTable(table, missing);
			String doing = "creating the history table " + table.qualifiedName();
			try {
				if (!historyExists) {
					sql.append("; ").append(table.layout().protection(session.connection()));
				}
				// The commit of the first migration brings this to the disk, too.
				this.lossy = true;
				session.write(sql.toString(), false);
			}
			catch (SQLException ex) {
				throw OwnWriteProblems.whileWriting(session, table, doing, ex, evidence, this.changes.rolledBack());
			}
			catch (RuntimeException | Error ex) {
				throw DatabaseProblems.unexpected(session, doing, ex, evidence, this.changes.rolledBack());
			}
			this.last = evidence;
			this.createdSchemas.addAll(missing);
			missing.forEach((schema) -> this.changes.add("the schema " + schema + " is created"));
			missing.forEach((schema) -> info("Created the schema {}", schema));
			if (!historyExists) {
				this.changes.add("the history table is created");
				info("Created the history table {}", table.qualifiedName());
			}
		}

		private void log(MigrationResult result) {
			info("Applied {} from {}: {} in {} ms", result.identity().inWords(), result.script(),
					counted(result.statements(), "statement"), result.duration().toMillis());
		}

		private static String counted(int count, String noun) {
			return count + " " + noun + ((count != 1) ? "s" : "");
		}

		private RunResult result(History history, Plan plan) {
			this.warnings.addAll(plan.problems());
			warn(this.warnings);
			List<Problem> told = new ArrayList<>(this.sessionWarnings);
			told.addAll(this.warnings);
			MigrationVersion version = history.currentVersion().orElse(null);
			RunResult result = new RunResult(Runner.this.scope, history.database(), this.deploymentId, this.applied,
					version, plan.entries(), told, this.lockWait, Duration.ofNanos(System.nanoTime() - this.start));
			info("{}", summary(result));
			return result;
		}

		private String summary(RunResult result) {
			String database = result.database().name() + ", schema " + result.database().schema();
			String at = version(result.currentVersion());
			long millis = result.duration().toMillis();
			return result.applied().isEmpty()
					? "Database " + database + " is up to date " + at + " (checked in " + millis + " ms)"
					: "Database " + database + " is now " + at + ": " + counted(result.applied().size(), "migration")
							+ " applied in " + millis + " ms (" + result.lockWait().toMillis()
							+ " ms of it waiting for the instance lock)";
		}

		private static String version(@Nullable MigrationVersion version) {
			return (version != null) ? "at version " + version : "without a version";
		}

	}

}
