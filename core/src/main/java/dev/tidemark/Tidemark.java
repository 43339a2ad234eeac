package dev.tidemark;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Baseline;
import dev.tidemark.plan.OutOfOrder;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.plan.PlanPolicy;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.Selection;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Application;
import dev.tidemark.run.AsynchronousCommit;
import dev.tidemark.run.BackupEvidence;
import dev.tidemark.run.Callback;
import dev.tidemark.run.ClientLiveness;
import dev.tidemark.run.ConnectionSource;
import dev.tidemark.run.CurrentRuns;
import dev.tidemark.run.HistoriesReader;
import dev.tidemark.run.LockRetry;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.Preview;
import dev.tidemark.run.PreviewReader;
import dev.tidemark.run.Redo;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.RunScope;
import dev.tidemark.run.RunSettings;
import dev.tidemark.run.Runner;
import dev.tidemark.run.SessionSettings;
import dev.tidemark.run.UndoPreview;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.source.Checksum;
import dev.tidemark.source.CodeClass;
import dev.tidemark.source.CodeMigration;
import dev.tidemark.source.Exclusions;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.Naming;
import dev.tidemark.source.Placeholders;
import dev.tidemark.source.RegisteredCode;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;

/**
 * Evolves the schema of one PostgreSQL database from plain SQL files, and code. Built
 * once, immutable and thread-safe.
 *
 * <pre>{@code
 * Tidemark tidemark = Tidemark.builder(ConnectionSource.of(url, user, password)).build();
 * RunResult result = tidemark.migrate();
 * }</pre>
 */
public final class Tidemark {

	private static final String THIS_PROCESS = UUID.randomUUID().toString();

	private final ConnectionSource connections;

	private final SettingNames settingNames;

	private final MigrationSource source;

	private final List<@Nullable Object> decisiveSettings;

	private final RegisteredCode registered;

	private final Exclusions exclusions;

	private final HistoryTable table;

	private final CurrentRuns current;

	private final Runner runner;

	private final PreviewReader previews;

	private final HistoriesReader histories;

	private final Inspector inspector;

	/** Nobody else has it, so that it stays as it was. */
	private final Builder settings;

	private final SourceSettings sourceSettings;

	private final @Nullable Redo redo;

	private final Duration waitTimeout;

	private volatile @Nullable Sources lastSources;

	private Tidemark(Builder builder) {
		this.waitTimeout = builder.waitTimeout;
		this.settings = builder.copy(builder.connections);
		this.settingNames = builder.settingNames;
		this.connections = builder.connections;
		this.decisiveSettings = builder.decisiveSettings();
		this.sourceSettings = builder.sourceSettings();
		this.redo = builder.redo;
		this.registered = RegisteredCode
			.of(Stream.concat(builder.migrations.stream(), builder.callbacks.stream()).toList());
		this.exclusions = builder.exclusions;
		Predicate<CodeClass> leftOut = builder.leftOut;
		this.source = new MigrationSource(this.sourceSettings, builder.migrations,
				(code) -> this.registered.has(code) || leftOut.test(code));
		Planner planner = new Planner(new PlanPolicy(builder.target, builder.outOfOrder, builder.ignoreMissing,
				builder.ignoreChanged, new Selection(builder.cherryPick, builder.skip, builder.environments),
				builder.agreedBaseline()));
		Supplier<? extends Collection<Tidemark>> siblings = builder.siblings;
		this.table = HistoryTable.of(builder.defaultSchema(), builder.historyTable, builder.schemas)
			.beside(() -> tables(siblings.get()));
		Application application = new Application(builder.applicationName, builder.applicationVersion, builder.instance,
				builder.installedBy, builder.tag);
		LockAttempts lockAttempts = new LockAttempts(builder.clock);
		this.current = new CurrentRuns(builder.clock);
		List<RunListener> listeners = new ArrayList<>(builder.listeners);
		listeners.add(lockAttempts);
		this.runner = new Runner(builder.connections, builder.runSettings(), this.table, planner, application,
				builder.clock, builder.callbacks, listeners, new RunScope(builder.name, false), this.current);
		this.previews = new PreviewReader(builder.connections, builder.runSettings(), this.table, planner,
				builder.callbacks, builder.clock, builder.backupEvidence);
		this.histories = new HistoriesReader(builder.connections, builder.sessionSettings(""), this.table);
		this.inspector = new Inspector(builder.connections, builder.sessionSettings(" inspection"), this.table, planner,
				lockAttempts, this.current, builder.clock);
	}

	private Tidemark(Tidemark other, ConnectionSource connections) {
		this.waitTimeout = other.waitTimeout;
		this.settings = other.settings.copy(connections);
		this.settingNames = other.settingNames;
		this.connections = connections;
		this.decisiveSettings = other.decisiveSettings;
		this.source = other.source;
		this.sourceSettings = other.sourceSettings;
		// What may be redone was decided for one database.
		this.redo = null;
		this.registered = other.registered;
		this.exclusions = other.exclusions;
		this.table = other.table;
		this.current = other.current.none();
		this.runner = other.runner.on(connections, this.current);
		this.previews = other.previews.on(connections);
		this.histories = other.histories.on(connections);
		this.inspector = other.inspector.on(connections, this.current);
	}

	private Tidemark(Tidemark other, String schema) {
		this.waitTimeout = other.waitTimeout;
		this.settings = other.settings.copy(other.connections).schema(schema).schemas(List.of(schema));
		this.settingNames = other.settingNames;
		this.connections = other.connections;
		this.decisiveSettings = new ArrayList<>(other.decisiveSettings);
		this.decisiveSettings.add(schema);
		this.source = other.source;
		this.sourceSettings = other.sourceSettings;
		this.redo = null;
		this.registered = other.registered;
		this.exclusions = other.exclusions;
		this.table = other.table.ofTenant(schema);
		this.current = other.current;
		this.runner = other.runner.in(schema);
		this.previews = other.previews.in(schema);
		this.histories = other.histories;
		this.inspector = other.inspector.in(schema);
		this.lastSources = other.lastSources;
	}

	/** Of instances of another database, none has a table in this one. */
	private List<HistoryTable> tables(Collection<Tidemark> siblings) {
		return siblings.stream()
			.filter((sibling) -> sibling != this && sibling.connections.leadsToDatabaseOf(this.connections))
			.map((sibling) -> sibling.table)
			.toList();
	}

	/**
	 * Begins to build an instance.
	 * @param connections where connections come from
	 * @return a builder with the default of every setting
	 */
	public static Builder builder(ConnectionSource connections) {
		return new Builder(connections);
	}

	/**
	 * Runs all pending migrations, waiting for other instances that do the same. With
	 * nothing pending it costs one connection and one query.
	 * @return what was done
	 * @throws MigrationFailedException if a migration failed
	 * @throws TidemarkException if something stands in the way; all problems are told at
	 * once, and nothing was changed
	 */
	public RunResult migrate() {
		return this.settingNames.during(this::migrateNow);
	}

	private RunResult migrateNow() {
		Redo wanted = this.redo;
		if (wanted != null) {
			this.runner.redo(readSources(), wanted.ground(), () -> wanted.released().apply(this.sourceSettings));
		}
		return this.runner.run(this::readSources);
	}

	/** Tells whether edited migrations are taken back. */
	boolean redoes() {
		return this.redo != null;
	}

	void warnOfListener(Object listener, Throwable thrown) {
		this.runner.warnOfListener(listener, thrown);
	}

	/**
	 * Cancels what {@link #migrate()}, {@link #undo} and {@link #resolve} are doing in
	 * other threads, as for a shutdown, and returns without waiting. The server is asked
	 * to cancel the statement, so that the run fails as if an administrator had done it:
	 * what is committed stays, the failure is recorded, and the next run goes on. A run
	 * that is between two statements goes on to the end of its migration at most, unless
	 * it is cancelled again. An undo in one transaction is rolled back as a whole.
	 */
	public void cancel() {
		this.runner.cancel();
	}

	/**
	 * Looks at what {@link #migrate()} would do now, and changes nothing: it takes no
	 * lock, waits for nobody, and needs no right but to read the history. It says nothing
	 * about what the server would think of the statements, nor about the role's rights.
	 * @return what would run with its SQL, and what stands in its way
	 * @throws TidemarkException if there is no connection, or the history cannot be read
	 */
	public Preview plan() {
		return this.settingNames.during(() -> this.previews.read(readSources()));
	}

	/**
	 * Checks that the database is what this build expects, and changes nothing.
	 * @return which database was found in order
	 * @throws TidemarkException if a migration is pending or something is wrong
	 */
	public DatabaseIdentity verify() {
		return this.settingNames.during(() -> this.runner.verify(readSources()));
	}

	/**
	 * Records the baseline of an existing database: at what version it is, so that the
	 * files up to that version count as done and never run. Nothing runs now either. It
	 * does nothing where the same is recorded already, and does not look at what the
	 * schema holds: the caller knows.
	 * @param version the version; {@link Baseline#NOTHING} to say that none of the
	 * migrations is in the database
	 * @param reason why, for those who read the history later
	 * @return the migrations that count as done now
	 * @throws TidemarkException if a version has run in the database already, or the
	 * history of another tool says that it is at another version
	 */
	public List<PlanEntry> baseline(MigrationVersion version, String reason) {
		requireReason(reason);
		Baseline baseline = new Baseline(version, reason, this.settings.ignoredHistories);
		return this.settingNames.during(() -> this.runner.takeOver(this::readSources, baseline));
	}

	/**
	 * Records what a person has decided, waiting for another instance that migrates as
	 * long as {@link #migrate()} does.
	 * @param migration which migration
	 * @param rank which of its runs
	 * @param resolution what was decided
	 * @param reason why
	 * @throws TidemarkException if there is nothing to decide about the migration, or
	 * another instance is migrating
	 * @see #resolve(Identity, int, Resolution, String, Duration)
	 */
	public void resolve(Identity migration, int rank, Resolution resolution, String reason) {
		resolve(migration, rank, resolution, reason, this.waitTimeout);
	}

	/**
	 * Records what a person has decided about a migration that was interrupted or failed
	 * half-way, as a row of the history: who, when and why. Nothing runs.
	 * @param migration which migration
	 * @param rank which of its runs, by the rank of its row, so that a decision is never
	 * taken for another one
	 * @param resolution what was decided
	 * @param reason why
	 * @param waitTimeout how long to wait for another instance that migrates
	 * @throws TidemarkException if there is nothing to decide about the migration, or
	 * another instance is migrating
	 */
	public void resolve(Identity migration, int rank, Resolution resolution, String reason, Duration waitTimeout) {
		requireReason(reason);
		this.settingNames
			.doing(() -> this.runner.resolve(readSources(), migration, rank, resolution, reason, waitTimeout));
	}

	private static void requireReason(String reason) {
		if (reason.isBlank()) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, (Place) null, "The reason is blank.",
					"Say why: those who read the history later need it."));
		}
		if (reason.indexOf('\0') >= 0) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, (Place) null,
					"The reason holds the character 0, which PostgreSQL cannot store.", "Leave it out."));
		}
	}

	/**
	 * Undoes migrations by their undo files ({@code U7__x.sql} for version 7), waiting
	 * for another instance that migrates. All of it is one transaction if each file can
	 * run in one. A build that has the migrations applies them again when it starts next.
	 * @param request what to undo, and why
	 * @return what was done
	 * @throws MigrationFailedException if an undo file failed
	 * @throws TidemarkException if something stands in the way: an undo file is missing,
	 * or data would be lost and nobody allowed that; nothing was changed then
	 */
	public UndoResult undo(UndoRequest request) {
		return undo(request, this.waitTimeout);
	}

	/**
	 * Undoes migrations.
	 * @param request what to undo, and why
	 * @param waitTimeout how long to wait for another instance that migrates
	 * @return what was done
	 * @throws TidemarkException as {@link #undo(UndoRequest)}
	 */
	public UndoResult undo(UndoRequest request, Duration waitTimeout) {
		Stream.of(request.reason(), request.allowDataLoss()).filter(Objects::nonNull).forEach(Tidemark::requireReason);
		return this.settingNames.during(() -> this.runner.undo(readSources(), request, waitTimeout));
	}

	/**
	 * Looks at what an undo would do now, and changes nothing.
	 * @param selection which migrations
	 * @return what would run, what stands in its way, what data would be lost, and what
	 * undo files that are missing could look like
	 * @throws TidemarkException if the database or its history cannot be read
	 */
	public UndoPreview previewUndo(UndoSelection selection) {
		return this.settingNames.during(() -> this.runner.previewUndo(readSources(), selection));
	}

	/**
	 * Looks at files and history without waiting for a migration that may be running. The
	 * files are those of the last run, or if none was made, of the first inspection.
	 * @param timeout how long the database may take to answer
	 * @return what was found; its state is {@link Inspection.State#UNREACHABLE} if the
	 * database did not answer
	 */
	public Inspection inspect(Duration timeout) {
		return inspect(new Extent.Everything(), timeout);
	}

	/**
	 * Looks as {@link #inspect(Duration)} does, but reads all that the history says only
	 * of one page of each {@link Group}, so that a long one costs little.
	 * @param page which migrations the rows of the answer tell of, besides those that
	 * have yet to come to their end
	 * @param timeout how long the database may take to answer
	 * @return what was found
	 */
	public Inspection inspect(Page page, Duration timeout) {
		return inspect(new Extent.Newest(page), timeout);
	}

	/**
	 * Looks as {@link #inspect(Duration)} does, but reads all that the history says only
	 * of the runs of one migration.
	 * @param migration which migration the rows of the answer tell of, besides those that
	 * have yet to come to their end
	 * @param timeout how long the database may take to answer
	 * @return what was found
	 */
	public Inspection inspect(Identity migration, Duration timeout) {
		return inspect(new Extent.One(migration), timeout);
	}

	private Inspection inspect(Extent extent, Duration timeout) {
		return this.settingNames.during(() -> this.inspector.inspect(lastSources(), extent, timeout));
	}

	/** Returns how messages name the settings of this instance. */
	SettingNames settingNames() {
		return this.settingNames;
	}

	/**
	 * Returns which database this is about.
	 * @return where connections come from
	 */
	public ConnectionSource connections() {
		return this.connections;
	}

	/**
	 * Tells whether another instance is known to write the same history.
	 * @param other the other instance
	 * @return {@code true} if data source, or URL and user, and schema and table are the
	 * same; two that come to the same database in other ways are not found
	 */
	public boolean sharesHistoryWith(Tidemark other) {
		return this.runner.sharesHistoryWith(other.runner);
	}

	/**
	 * Tells whether it is known what this instance does with a class: it runs it, or its
	 * exclusions name the path of the class file.
	 * @param code a class that is written to be run
	 * @return {@code false} if it would be passed over
	 */
	public boolean accountsFor(CodeClass code) {
		return this.registered.has(code) || this.exclusions.exclude(code.path());
	}

	/**
	 * Returns an instance with the same migrations, settings and listeners for another
	 * database.
	 * @param database where its connections come from
	 * @return the other instance
	 */
	public Tidemark on(ConnectionSource database) {
		return new Tidemark(this, database);
	}

	/**
	 * Returns a builder with the migrations, settings and listeners of this instance, and
	 * for its database, to make another one that differs in something.
	 * @return a builder of its own, whose changes do not change this instance
	 */
	public Builder mutate() {
		return this.settings.copy(this.connections);
	}

	/**
	 * Returns an instance with the same migrations, settings and listeners for one schema
	 * of many, with a history of its own.
	 */
	Tidemark in(String schema) {
		requireName(schema);
		return new Tidemark(this, schema);
	}

	/** Throws a {@link TidemarkException} if there can be no schema of that name. */
	static void requireName(String schema) {
		try {
			Builder.requireSchema("schema", schema);
		}
		catch (IllegalArgumentException ex) {
			throw notUsable(ex);
		}
	}

	/** Tells whether there can be a schema of that name. */
	static boolean isName(String schema) {
		return Builder.isSchema(schema);
	}

	private static TidemarkException notUsable(IllegalArgumentException ex) {
		return new TidemarkException(
				Problem.error(ErrorCode.SETTING, (Place) null, ex.getMessage() + ".", "Correct the setting."), ex);
	}

	Runner runner() {
		return this.runner;
	}

	PreviewReader previews() {
		return this.previews;
	}

	HistoriesReader histories() {
		return this.histories;
	}

	/**
	 * Returns the name by which people tell this instance from others.
	 * @return the name
	 */
	public String name() {
		return this.runner.scope().tidemark();
	}

	Inspector inspector() {
		return this.inspector;
	}

	/** Returns the files of the last run, or if none was made, as they are now. */
	Sources lastSources() {
		Sources sources = this.lastSources;
		return (sources != null) ? sources : readSources();
	}

	/**
	 * Computes a fingerprint of everything that decides what {@link #migrate()} makes of
	 * an empty database: the files, and those settings that leave a mark. Of two equal
	 * databases, both become equal if the fingerprints are. Users, session defaults and
	 * what code in the files reads from elsewhere are not part of it. Code has a checksum
	 * only if it says so itself; else only fingerprints of the same process can be equal.
	 * @return an algorithm, a colon and hexadecimal digits
	 * @throws TidemarkException if something is wrong with the files
	 */
	public String fingerprint() {
		Sources sources = this.settingNames.during(this.source::read);
		List<Problem> errors = sources.problems().stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
		List<String> texts = new ArrayList<>();
		texts.add(String.valueOf(Tidemark.class.getPackage().getImplementationVersion()));
		this.decisiveSettings.forEach((setting) -> texts.add(String.valueOf(setting)));
		sources.migrations()
			.forEach((migration) -> texts.addAll(List.of(migration.identity().inWords(), migration.description(),
					migration.script(), fingerprint(migration.checksum()))));
		sources.callbacks()
			.forEach((callback) -> texts
				.addAll(List.of(callback.event().toString(), callback.script(), callback.checksum().value())));
		return Checksum.of(texts).value();
	}

	private static String fingerprint(@Nullable Checksum checksum) {
		return (checksum != null) ? checksum.value() : THIS_PROCESS;
	}

	Sources readSources() {
		Sources sources = this.source.read();
		this.lastSources = sources;
		return sources;
	}

	/**
	 * Builds a {@link Tidemark}. Not thread-safe.
	 */
	public static final class Builder implements Cloneable {

		/** What PostgreSQL does not cut off. */
		private static final int LONGEST_NAME = 63;

		private ConnectionSource connections;

		private String name = "tidemark";

		private SettingNames settingNames = SettingNames.DEFAULT;

		private Supplier<? extends Collection<Tidemark>> siblings = List::of;

		private Predicate<CodeClass> leftOut = (code) -> false;

		private List<Location> locations = SourceSettings.DEFAULT.locations();

		private boolean failOnMissingLocations = SourceSettings.DEFAULT_FAIL_ON_MISSING_LOCATIONS;

		private Charset encoding = SourceSettings.DEFAULT.encoding();

		private Naming naming = Naming.DEFAULT;

		private Placeholders placeholders = Placeholders.DEFAULT;

		private @Nullable String schema;

		private List<String> schemas = List.of();

		private boolean createSchemas = RunSettings.DEFAULT_CREATE_SCHEMAS;

		private String historyTable = HistoryTable.DEFAULT_NAME;

		private @Nullable Redo redo;

		private boolean restorePoints = RunSettings.DEFAULT_RESTORE_POINTS;

		private List<BackupEvidence> backupEvidence = new ArrayList<>();

		private @Nullable MigrationVersion target;

		private OutOfOrder outOfOrder = PlanPolicy.DEFAULT_OUT_OF_ORDER;

		private boolean ignoreMissing = PlanPolicy.DEFAULT_IGNORE_MISSING;

		private boolean ignoreChanged = PlanPolicy.DEFAULT_IGNORE_CHANGED;

		private @Nullable Baseline baseline;

		private List<String> ignoredHistories = List.of();

		private Set<Identity> cherryPick = Set.of();

		private Map<Identity, String> skip = Map.of();

		private Set<String> environments = Set.of();

		private Duration lockTimeout = SessionSettings.DEFAULT_LOCK_TIMEOUT;

		private Duration statementTimeout = SessionSettings.DEFAULT_STATEMENT_TIMEOUT;

		private Duration clientCheckInterval = ClientLiveness.DEFAULT_CHECK_INTERVAL;

		private Duration clientTimeout = ClientLiveness.DEFAULT_TIMEOUT;

		private AsynchronousCommit asynchronousCommit = SessionSettings.DEFAULT_ASYNCHRONOUS_COMMIT;

		private Duration waitTimeout = RunSettings.DEFAULT_WAIT_TIMEOUT;

		private LockRetry lockRetry = new LockRetry(LockRetry.DEFAULT_MAX_DURATION);

		private @Nullable String installedBy;

		private @Nullable String tag;

		private @Nullable String role;

		private @Nullable String initSql;

		private @Nullable Path filesystemRoot;

		private Exclusions exclusions = Exclusions.NONE;

		private @Nullable String applicationName;

		private @Nullable String applicationVersion;

		private String instance = "pid " + ProcessHandle.current().pid();

		private Clock clock = Clock.systemUTC();

		private List<CodeMigration> migrations = new ArrayList<>();

		private List<Callback> callbacks = new ArrayList<>();

		private List<RunListener> listeners = new ArrayList<>();

		private Builder(ConnectionSource connections) {
			this.connections = connections;
		}

		/** Takes over every setting that there is, also one that comes later. */
		private Builder copy(ConnectionSource database) {
			try {
				Builder copy = (Builder) clone();
				copy.connections = database;
				copy.migrations = new ArrayList<>(this.migrations);
				copy.callbacks = new ArrayList<>(this.callbacks);
				copy.listeners = new ArrayList<>(this.listeners);
				copy.backupEvidence = new ArrayList<>(this.backupEvidence);
				// What may be redone was decided for one database.
				copy.redo = null;
				return copy;
			}
			catch (CloneNotSupportedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/**
		 * Sets the name by which people tell this instance from others of the same
		 * application.
		 * @param name the name; by default {@code tidemark}
		 * @return this builder
		 */
		public Builder name(String name) {
			this.name = name;
			return this;
		}

		/**
		 * Sets where to search for files.
		 * @param locations the locations, in the form of {@link Location#of(String)}; by
		 * default {@value Location#DEFAULT}
		 * @return this builder
		 * @throws IllegalArgumentException if one is not a location
		 */
		public Builder locations(List<String> locations) {
			this.locations = locations.stream().map(Location::of).toList();
			return this;
		}

		/**
		 * Sets where to search for files.
		 * @param locations the locations
		 * @return this builder
		 * @throws IllegalArgumentException if one is not a location
		 */
		public Builder locations(String... locations) {
			return locations(List.of(locations));
		}

		/**
		 * Sets a folder that file system locations must not leave, neither by {@code ..}
		 * nor by links. What does is an error, and nothing runs.
		 * @param root the folder; {@code null} lets them lead anywhere, which is the
		 * default
		 * @return this builder
		 */
		public Builder filesystemRoot(@Nullable Path root) {
			this.filesystemRoot = root;
			return this;
		}

		/**
		 * Sets which files below the locations are no migrations, whatever their names.
		 * @param patterns patterns of their paths below a location, such as
		 * {@code rollback/**}, in the form of {@link Exclusions}; by default none
		 * @return this builder
		 * @throws IllegalArgumentException if one cannot be used
		 */
		public Builder exclude(List<String> patterns) {
			this.exclusions = new Exclusions(patterns);
			return this;
		}

		/**
		 * Sets which files below the locations are no migrations, whatever their names.
		 * @param patterns patterns of their paths below a location
		 * @return this builder
		 * @throws IllegalArgumentException if one cannot be used
		 */
		public Builder exclude(String... patterns) {
			return exclude(List.of(patterns));
		}

		/**
		 * Sets whether a location that does not exist is an error.
		 * @param fail {@code false} for a warning only; by default {@code true}
		 * @return this builder
		 */
		public Builder failOnMissingLocations(boolean fail) {
			this.failOnMissingLocations = fail;
			return this;
		}

		/**
		 * Sets the encoding of the files.
		 * @param encoding the encoding; by default UTF-8
		 * @return this builder
		 */
		public Builder encoding(Charset encoding) {
			this.encoding = encoding;
			return this;
		}

		/**
		 * Sets how file names are read.
		 * @param naming the naming; by default {@link Naming#DEFAULT}
		 * @return this builder
		 */
		public Builder naming(Naming naming) {
			this.naming = naming;
			return this;
		}

		/**
		 * Declares placeholders, which files write as <code>${name}</code>.
		 * @param values the value of each placeholder by its name; by default none
		 * @return this builder
		 * @throws IllegalArgumentException if a name cannot be used
		 */
		public Builder placeholders(Map<String, String> values) {
			return placeholders(Placeholders.of(values));
		}

		/**
		 * Declares placeholders, and how files write them.
		 * @param placeholders the placeholders; by default {@link Placeholders#DEFAULT}
		 * @return this builder
		 */
		public Builder placeholders(Placeholders placeholders) {
			this.placeholders = placeholders;
			return this;
		}

		/**
		 * Sets the schema that stands first in the search path of migrations and that
		 * holds the history.
		 * @param schema the schema; by default the first of {@link #schemas(List)}, else
		 * the one that the connection's search path names
		 * @return this builder
		 */
		public Builder schema(@Nullable String schema) {
			this.schema = schema;
			return this;
		}

		/**
		 * Sets schemas that have to exist before the first migration.
		 * @param schemas the schemas; by default none
		 * @return this builder
		 */
		public Builder schemas(List<String> schemas) {
			this.schemas = List.copyOf(schemas);
			return this;
		}

		/**
		 * Sets whether schemas that do not exist are created.
		 * @param create {@code false} to fail instead; by default {@code true}
		 * @return this builder
		 */
		public Builder createSchemas(boolean create) {
			this.createSchemas = create;
			return this;
		}

		/**
		 * Sets the name of the history table.
		 * @param name the name; by default {@value HistoryTable#DEFAULT_NAME}
		 * @return this builder
		 */
		public Builder historyTable(String name) {
			this.historyTable = name;
			return this;
		}

		/**
		 * Sets the newest version to run.
		 * @param target the version, or {@code null} for no limit, which is the default
		 * @return this builder
		 */
		public Builder target(@Nullable MigrationVersion target) {
			this.target = target;
			return this;
		}

		/**
		 * Sets what happens to pending versions below the newest applied one.
		 * @param outOfOrder what happens; by default the run is refused
		 * @return this builder
		 */
		public Builder outOfOrder(OutOfOrder outOfOrder) {
			this.outOfOrder = outOfOrder;
			return this;
		}

		/**
		 * Sets whether applied files may be gone.
		 * @param ignore {@code true} for a warning only; by default {@code false}
		 * @return this builder
		 */
		public Builder ignoreMissing(boolean ignore) {
			this.ignoreMissing = ignore;
			return this;
		}

		/**
		 * Sets whether applied versions may have changed. They do not run again.
		 * @param ignore {@code true} for a warning only; by default {@code false}
		 * @return this builder
		 */
		public Builder ignoreChanged(boolean ignore) {
			this.ignoreChanged = ignore;
			return this;
		}

		/**
		 * Sets at what version a database is that holds something and has no history. The
		 * first run records it: the files up to that version count as done. It says
		 * nothing of an empty database, nor of one with a history.
		 * @param version the version, {@link Baseline#NOTHING} to run all migrations
		 * beside what is there, or {@code null} to refuse such a database, which is the
		 * default
		 * @param reason why, for those who read the history later
		 * @return this builder
		 */
		public Builder baseline(@Nullable MigrationVersion version, String reason) {
			this.baseline = (version != null) ? new Baseline(version, reason) : null;
			return this;
		}

		/**
		 * Sets at what version a database is that holds something and has no history, as
		 * {@link #baseline(MigrationVersion, String)} does.
		 * @param version the version, or {@code null}
		 * @param reason why, for those who read the history later
		 * @param ignoredHistories the tables of other migration tools that say nothing of
		 * these migrations, because they are about other files or have been out of use
		 * since; the names with or without their schemas. The version has to agree with
		 * each other one
		 * @return this builder
		 */
		public Builder baseline(@Nullable MigrationVersion version, String reason,
				Collection<String> ignoredHistories) {
			this.ignoredHistories = List.copyOf(ignoredHistories);
			return baseline(version, reason);
		}

		private @Nullable Baseline agreedBaseline() {
			return (this.baseline != null)
					? new Baseline(this.baseline.version(), this.baseline.reason(), this.ignoredHistories) : null;
		}

		/**
		 * Sets the only migrations to run, in their usual order. One that is done already
		 * does nothing; one that runs late needs no {@link #outOfOrder(OutOfOrder)}, and
		 * one that was skipped runs after all.
		 * @param migrations the migrations; by default none, so that all run
		 * @return this builder
		 */
		public Builder cherryPick(Collection<Identity> migrations) {
			this.cherryPick = Set.copyOf(migrations);
			return this;
		}

		/**
		 * Sets migrations that shall not run. It is recorded, and holds until one is
		 * {@linkplain #cherryPick(Collection) picked}; for a repeatable, until its text
		 * changes.
		 * @param reasons the migrations with the reasons; by default none
		 * @return this builder
		 * @throws IllegalArgumentException if a reason is blank
		 */
		public Builder skip(Map<Identity, String> reasons) {
			reasons.forEach((identity, reason) -> {
				if (reason.isBlank()) {
					throw new IllegalArgumentException(
							"'run.skip' must say why " + identity.inWords() + " does not run");
				}
			});
			this.skip = Map.copyOf(reasons);
			return this;
		}

		/**
		 * Sets what this environment is called. Files with the directive {@code only} run
		 * if they name one of the names.
		 * @param names the names; by default none, so that no such file runs
		 * @return this builder
		 */
		public Builder environments(Collection<String> names) {
			this.environments = Set.copyOf(names);
			return this;
		}

		/**
		 * Sets how long a statement may wait for a lock.
		 * @param timeout the timeout, zero for no limit; by default two seconds
		 * @return this builder
		 */
		public Builder lockTimeout(Duration timeout) {
			this.lockTimeout = timeout;
			return this;
		}

		/**
		 * Sets how long a statement may run.
		 * @param timeout the timeout, zero for no limit, which is the default
		 * @return this builder
		 */
		public Builder statementTimeout(Duration timeout) {
			this.statementTimeout = timeout;
			return this;
		}

		/**
		 * Sets how often the server looks, while a statement of a migration runs, whether
		 * this instance still lives.
		 * @param interval the interval, zero to leave to the server what it does; by
		 * default one second
		 * @return this builder
		 */
		public Builder clientCheckInterval(Duration interval) {
			this.clientCheckInterval = interval;
			return this;
		}

		/**
		 * Sets how long the server goes on for this instance when its node or the network
		 * does not answer any more.
		 * @param timeout the time, zero to leave to the server what it does; by default
		 * ten seconds
		 * @return this builder
		 */
		public Builder clientTimeout(Duration timeout) {
			this.clientTimeout = timeout;
			return this;
		}

		/**
		 * Sets whether a run may go on before the commit of a migration in its middle is
		 * on disk.
		 * @param commit whether it may; by default where nothing is promised by that
		 * commit
		 * @return this builder
		 */
		public Builder asynchronousCommit(AsynchronousCommit commit) {
			this.asynchronousCommit = commit;
			return this;
		}

		/**
		 * Sets how long a run, or a decision before it, waits for another instance that
		 * migrates.
		 * @param timeout the budget, zero for not at all; by default ten minutes
		 * @return this builder
		 */
		public Builder waitTimeout(Duration timeout) {
			this.waitTimeout = timeout;
			return this;
		}

		/**
		 * Sets how long a migration that does not get a lock within the lock timeout is
		 * tried again.
		 * @param retry the budget; by default five minutes
		 * @return this builder
		 */
		public Builder lockRetry(LockRetry retry) {
			this.lockRetry = retry;
			return this;
		}

		/**
		 * Sets that migrations which were edited while they are developed are taken back
		 * and run again, as long as they are not released.
		 * @param redo where, and what is released; {@code null} for nowhere, which is the
		 * default. Schemas of tenants are left alone
		 * @return this builder
		 */
		public Builder redo(@Nullable Redo redo) {
			this.redo = redo;
			return this;
		}

		/**
		 * Sets whether a run that may lose data makes a named restore point in the log of
		 * the server before it begins, and records it.
		 * @param make {@code false} for none; by default {@code true}
		 * @return this builder
		 */
		public Builder restorePoints(boolean make) {
			this.restorePoints = make;
			return this;
		}

		/**
		 * Adds something that knows backups, which a {@linkplain Tidemark#plan() plan}
		 * that loses data shows.
		 * @param evidence knows backups
		 * @return this builder
		 */
		public Builder backupEvidence(BackupEvidence evidence) {
			this.backupEvidence.add(evidence);
			return this;
		}

		/**
		 * Sets the name that the history records as author.
		 * @param name the name, or {@code null} for the database user, which is the
		 * default
		 * @return this builder
		 */
		public Builder installedBy(@Nullable String name) {
			this.installedBy = name;
			return this;
		}

		/**
		 * Sets a name that people know this deployment by, such as {@code release-42}.
		 * The history records it beside the id of the deployment.
		 * @param tag the name, or {@code null} for none, which is the default
		 * @return this builder
		 */
		public Builder tag(@Nullable String tag) {
			this.tag = tag;
			return this;
		}

		/**
		 * Sets the role that each session becomes after its login. It owns the history
		 * and what migrations make; the login needs no right but to become it.
		 * @param role the name of the role; by default the sessions stay the role that
		 * logged in
		 * @return this builder
		 */
		public Builder role(@Nullable String role) {
			this.role = role;
			return this;
		}

		/**
		 * Sets SQL that runs when a session that migrates starts, such as
		 * {@code SET ROLE owner}.
		 * @param sql one or more statements, or {@code null} for none, which is the
		 * default
		 * @return this builder
		 */
		public Builder initSql(@Nullable String sql) {
			this.initSql = sql;
			return this;
		}

		/**
		 * Sets what the history records of the application.
		 * @param name the name of the application, or {@code null}
		 * @param version its version, or {@code null}
		 * @param instance which of its instances this is
		 * @return this builder
		 */
		public Builder application(@Nullable String name, @Nullable String version, String instance) {
			this.applicationName = name;
			this.applicationVersion = version;
			this.instance = instance;
			return this;
		}

		/**
		 * Sets how the settings of this instance begin, so that messages name the right
		 * ones.
		 * @param prefix the prefix, by default {@code tidemark.}
		 * @return this builder
		 */
		public Builder settingsPrefix(String prefix) {
			this.settingNames = new SettingNames(prefix);
			return this;
		}

		/**
		 * Sets which other instances the application has. What those of the same database
		 * have made in a schema that was empty is known, and does not count as content
		 * that somebody has to decide about before the first run.
		 * @param others returns the instances; asked only before a first run in a schema
		 * that is not empty, when all of them are built
		 * @return this builder
		 */
		public Builder siblings(Supplier<? extends Collection<Tidemark>> others) {
			this.siblings = others;
			return this;
		}

		/**
		 * Sets the clock whose time the history records.
		 * @param clock the clock; by default the system's
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Adds a migration that is written in Java. Its place is the one of its version
		 * or name, whatever the order in which migrations are added.
		 * @param migration the migration
		 * @return this builder
		 */
		public Builder migration(CodeMigration migration) {
			this.migrations.add(migration);
			return this;
		}

		/**
		 * Sets which classes of migrations and callbacks are known to be none of this
		 * instance's. Any other that lies in a location has to be
		 * {@linkplain #migration(CodeMigration) added}, else the run is refused.
		 * @param known tells whether a class is left out on purpose
		 * @return this builder
		 */
		public Builder leaveOut(Predicate<CodeClass> known) {
			this.leftOut = known;
			return this;
		}

		/**
		 * Adds a callback. Those of one event run in the order in which they were added,
		 * after the files of that event.
		 * @param callback runs at events of each run
		 * @return this builder
		 */
		public Builder callback(Callback callback) {
			this.callbacks.add(callback);
			return this;
		}

		/**
		 * Adds a listener.
		 * @param listener is told what each run does
		 * @return this builder
		 */
		public Builder listener(RunListener listener) {
			this.listeners.add(listener);
			return this;
		}

		/**
		 * Builds the instance. No file is read and no connection opened yet.
		 * @return the instance
		 * @throws TidemarkException if a setting cannot be used
		 */
		public Tidemark build() {
			return this.settingNames.during(this::make);
		}

		private Tidemark make() {
			try {
				requireName("history.table", this.historyTable);
				requireSchema("schema", this.schema);
				for (String name : this.schemas) {
					requireSchema("schemas", name);
				}
				requireName("connection.role", this.role);
				if ("none".equals(this.role)) {
					throw new IllegalArgumentException(
							"'connection.role' must not be 'none', which PostgreSQL takes for no role");
				}
				requireText("history.installed-by", this.installedBy);
				requireText("history.tag", this.tag);
				requireText("connection.init-sql", this.initSql);
				requireText("application", this.applicationName);
				requireText("application version", this.applicationVersion);
				requireText("instance", this.instance);
				this.skip.values().forEach((reason) -> requireText("run.skip", reason));
				if (this.baseline != null) {
					requireText("baseline.reason", this.baseline.reason());
				}
				return new Tidemark(this);
			}
			catch (IllegalArgumentException ex) {
				throw notUsable(ex);
			}
		}

		private static void requireName(String setting, @Nullable String name) {
			if (name != null && !isName(name)) {
				throw new IllegalArgumentException("'" + setting + "' must have 1 to " + LONGEST_NAME
						+ " bytes, as PostgreSQL takes for a name, and must not hold the character 0");
			}
		}

		/**
		 * A migration would look for such a schema in vain, or for one of its session.
		 */
		private static void requireSchema(String setting, @Nullable String name) {
			requireName(setting, name);
			if (name != null && !isSchema(name)) {
				throw new IllegalArgumentException("'" + setting + "' must not be '" + name
						+ "': names with pg_ are the server's, and $user has a meaning of its own in a search path");
			}
		}

		private static boolean isSchema(String name) {
			return isName(name) && !name.startsWith("pg_") && !name.equals("$user");
		}

		private static void requireText(String setting, @Nullable String text) {
			if (text != null && text.indexOf('\0') >= 0) {
				throw new IllegalArgumentException("'" + setting + "' must not hold the character 0");
			}
		}

		private static boolean isName(String name) {
			return !name.isEmpty() && name.indexOf('\0') < 0
					&& name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
		}

		/** What leaves a mark in an empty database, apart from the files. */
		private List<@Nullable Object> decisiveSettings() {
			return Arrays.asList(this.schema, this.schemas, this.createSchemas, this.historyTable, this.target,
					this.installedBy, this.role, this.initSql, this.placeholders.values(), this.placeholders.prefix(),
					this.placeholders.suffix(), this.placeholders.replacement(), this.placeholders.undeclared(),
					new TreeSet<>(this.cherryPick), new TreeMap<>(this.skip), new TreeSet<>(this.environments),
					this.callbacks.isEmpty() ? null : THIS_PROCESS);
		}

		private SourceSettings sourceSettings() {
			return new SourceSettings(this.locations, this.failOnMissingLocations, this.encoding, this.naming,
					this.placeholders, this.filesystemRoot, this.exclusions);
		}

		private RunSettings runSettings() {
			return new RunSettings(sessionSettings(""), this.waitTimeout, this.lockRetry, this.schemas,
					this.createSchemas, this.environments, this.restorePoints);
		}

		private SessionSettings sessionSettings(String suffix) {
			return new SessionSettings(sessionName() + suffix, this.role, defaultSchema(), this.lockTimeout,
					this.statementTimeout, new ClientLiveness(this.clientCheckInterval, this.clientTimeout),
					this.asynchronousCommit, this.initSql, this.placeholders.mask());
		}

		private @Nullable String defaultSchema() {
			if (this.schema != null) {
				return this.schema;
			}
			return this.schemas.isEmpty() ? null : this.schemas.get(0);
		}

		private String sessionName() {
			// The server shows ASCII only, and may not even know another character.
			return (this.applicationName != null) ? "tidemark (" + this.applicationName.replaceAll("[^ -~]", "?") + ")"
					: "tidemark";
		}

	}

}
