package dev.tidemark;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.SettingNames;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Baseline;
import dev.tidemark.plan.OutOfOrder;
import dev.tidemark.plan.PlanPolicy;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.Selection;
import dev.tidemark.run.Application;
import dev.tidemark.run.AsynchronousCommit;
import dev.tidemark.run.BackupEvidence;
import dev.tidemark.run.Callback;
import dev.tidemark.run.ClientLiveness;
import dev.tidemark.run.ConnectionSource;
import dev.tidemark.run.CurrentRuns;
import dev.tidemark.run.Engine;
import dev.tidemark.run.Going;
import dev.tidemark.run.Listeners;
import dev.tidemark.run.LockRetry;
import dev.tidemark.run.Redo;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunScope;
import dev.tidemark.run.RunSettings;
import dev.tidemark.run.SchemaName;
import dev.tidemark.run.SessionSettings;
import dev.tidemark.source.CodeClass;
import dev.tidemark.source.CodeMigration;
import dev.tidemark.source.Exclusions;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.Naming;
import dev.tidemark.source.Placeholders;
import dev.tidemark.source.SourceSettings;

/**
 * The settings of a {@link Tidemark}, while it is built and afterwards.
 */
final class Settings implements Cloneable {

	ConnectionSource connections;

	String name = "tidemark";

	SettingNames settingNames = SettingNames.DEFAULT;

	Predicate<CodeClass> leftOut = (code) -> false;

	List<Location> locations = SourceSettings.DEFAULT.locations();

	boolean failOnMissingLocations = SourceSettings.DEFAULT_FAIL_ON_MISSING_LOCATIONS;

	Charset encoding = SourceSettings.DEFAULT.encoding();

	Naming naming = Naming.DEFAULT;

	Placeholders placeholders = Placeholders.DEFAULT;

	@Nullable String schema;

	List<String> schemas = List.of();

	boolean createSchemas = RunSettings.DEFAULT_CREATE_SCHEMAS;

	String historyTable = HistoryTable.DEFAULT_NAME;

	@Nullable Redo redo;

	boolean restorePoints = RunSettings.DEFAULT_RESTORE_POINTS;

	List<BackupEvidence> backupEvidence = new ArrayList<>();

	@Nullable MigrationVersion target;

	OutOfOrder outOfOrder = PlanPolicy.DEFAULT_OUT_OF_ORDER;

	boolean ignoreMissing = PlanPolicy.DEFAULT_IGNORE_MISSING;

	boolean ignoreChanged = PlanPolicy.DEFAULT_IGNORE_CHANGED;

	@Nullable Baseline baseline;

	List<String> ignoredHistories = List.of();

	Set<Identity> cherryPick = Set.of();

	Map<Identity, String> skip = Map.of();

	Set<String> environments = Set.of();

	Duration lockTimeout = SessionSettings.DEFAULT_LOCK_TIMEOUT;

	Duration statementTimeout = SessionSettings.DEFAULT_STATEMENT_TIMEOUT;

	Duration clientCheckInterval = ClientLiveness.DEFAULT_CHECK_INTERVAL;

	Duration clientTimeout = ClientLiveness.DEFAULT_TIMEOUT;

	AsynchronousCommit asynchronousCommit = SessionSettings.DEFAULT_ASYNCHRONOUS_COMMIT;

	Duration waitTimeout = RunSettings.DEFAULT_WAIT_TIMEOUT;

	LockRetry lockRetry = new LockRetry(LockRetry.DEFAULT_MAX_DURATION);

	@Nullable String installedBy;

	@Nullable String tag;

	@Nullable String role;

	@Nullable String initSql;

	@Nullable Path filesystemRoot;

	Exclusions exclusions = Exclusions.NONE;

	@Nullable String applicationName;

	@Nullable String applicationVersion;

	String instance = "pid " + ProcessHandle.current().pid();

	Clock clock = Clock.systemUTC();

	List<CodeMigration> migrations = new ArrayList<>();

	List<Callback> callbacks = new ArrayList<>();

	List<RunListener> listeners = new ArrayList<>();

	Settings(ConnectionSource connections) {
		this.connections = connections;
	}

	/** Copies every setting that there is, also one that comes later. */
	Settings copy(ConnectionSource database) {
		try {
			Settings copy = (Settings) clone();
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
	 * Checks the settings that have no type of their own.
	 * @throws IllegalArgumentException if one cannot be used
	 */
	void check() {
		SchemaName.requireName("history-table", this.historyTable);
		SchemaName.requireSchema("schema", this.schema);
		for (String name : this.schemas) {
			SchemaName.requireSchema("schemas", name);
		}
		SchemaName.requireName("role", this.role);
		if ("none".equals(this.role)) {
			throw new IllegalArgumentException("'role' must not be 'none', which PostgreSQL takes for no role");
		}
		requireText("installed-by", this.installedBy);
		requireText("tag", this.tag);
		requireText("init-sql", this.initSql);
		requireText("application", this.applicationName);
		requireText("application version", this.applicationVersion);
		requireText("instance", this.instance);
		this.skip.values().forEach((reason) -> requireText("skip", reason));
		if (this.baseline != null) {
			requireText("baseline.reason", this.baseline.reason());
		}
	}

	private static void requireText(String setting, @Nullable String text) {
		if (text != null && text.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("'" + setting + "' must not hold the character 0");
		}
	}

	/** What leaves a mark in an empty database, apart from the files. */
	List<@Nullable Object> decisiveSettings() {
		return Arrays.asList(this.schema, this.schemas, this.createSchemas, this.historyTable, this.target,
				this.installedBy, this.role, this.initSql, this.placeholders.values(), this.placeholders.prefix(),
				this.placeholders.suffix(), this.placeholders.replacement(), this.placeholders.undeclared(),
				new TreeSet<>(this.cherryPick), new TreeMap<>(this.skip), new TreeSet<>(this.environments),
				this.callbacks.isEmpty() ? null : Fingerprint.THIS_PROCESS);
	}

	SourceSettings sourceSettings() {
		return new SourceSettings(this.locations, this.failOnMissingLocations, this.encoding, this.naming,
				this.placeholders, this.filesystemRoot, this.exclusions);
	}

	RunSettings runSettings() {
		return new RunSettings(sessionSettings(""), this.waitTimeout, this.lockRetry, this.schemas, this.createSchemas,
				this.environments, this.restorePoints);
	}

	SessionSettings sessionSettings(String suffix) {
		return new SessionSettings(sessionName() + suffix, this.role, defaultSchema(), this.lockTimeout,
				this.statementTimeout, new ClientLiveness(this.clientCheckInterval, this.clientTimeout),
				this.asynchronousCommit, this.initSql, this.placeholders.mask());
	}

	@Nullable String defaultSchema() {
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

	/** Returns the same settings for one schema of many. */
	Settings in(String tenant) {
		Settings copy = copy(this.connections);
		copy.schema = tenant;
		copy.schemas = List.of(tenant);
		return copy;
	}

	/**
	 * Returns what all verbs work with.
	 * @param own is told after the listeners that were added
	 * @param siblings knows the histories of other instances of the same database
	 */
	Engine engine(RunListener own, Supplier<List<HistoryTable>> siblings) {
		RunSettings run = runSettings();
		Planner planner = new Planner(new PlanPolicy(this.target, this.outOfOrder, this.ignoreMissing,
				this.ignoreChanged, new Selection(this.cherryPick, this.skip, this.environments),
				(this.baseline != null) ? agreed(this.baseline) : null));
		HistoryTable table = HistoryTable.of(defaultSchema(), this.historyTable, this.schemas).beside(siblings);
		Application application = new Application(this.applicationName, this.applicationVersion, this.instance,
				this.installedBy, this.tag);
		List<RunListener> all = new ArrayList<>(this.listeners);
		all.add(own);
		return new Engine(this.connections, run, table, planner, application, this.clock, this.callbacks,
				this.backupEvidence, new Listeners(all, run.session().mask()), new RunScope(this.name, false),
				new Going(new CurrentRuns(this.clock)), null);
	}

	/** Returns a baseline that says nothing of the histories that are ignored. */
	Baseline agreed(Baseline wanted) {
		return wanted.ignoredHistories().isEmpty()
				? new Baseline(wanted.version(), wanted.reason(), this.ignoredHistories) : wanted;
	}

}
