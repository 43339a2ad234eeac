package dev.tidemark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.command.SchemaName;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.policy.Selection;
import dev.tidemark.run.Redo;
import dev.tidemark.run.preview.BackupEvidence;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.run.settings.RunSettings;
import dev.tidemark.session.settings.SessionSettings;

/**
 * The settings about what runs, and in which schemas.
 *
 * @param <B> the type of the builder
 */
abstract class PlanBuilder<B extends PlanBuilder<B>> extends FilesBuilder<B> {

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

	/**
	 * Sets the schema that stands first in the search path of migrations and that holds
	 * the history.
	 * @param schema the schema; by default the first of {@link #schemas(List)}, else the
	 * one that the connection's search path names
	 * @return this builder
	 */
	public B schema(@Nullable String schema) {
		this.schema = schema;
		return self();
	}

	/**
	 * Sets schemas that have to exist before the first migration.
	 * @param schemas the schemas; by default none
	 * @return this builder
	 */
	public B schemas(List<String> schemas) {
		this.schemas = List.copyOf(schemas);
		return self();
	}

	/**
	 * Sets whether schemas that do not exist are created.
	 * @param create {@code false} to fail instead; by default {@code true}
	 * @return this builder
	 */
	public B createSchemas(boolean create) {
		this.createSchemas = create;
		return self();
	}

	/**
	 * Sets the name of the history table.
	 * @param name the name; by default {@value HistoryTable#DEFAULT_NAME}
	 * @return this builder
	 */
	public B historyTable(String name) {
		this.historyTable = name;
		return self();
	}

	/**
	 * Sets the newest version to run.
	 * @param target the version, or {@code null} for no limit, which is the default
	 * @return this builder
	 */
	public B target(@Nullable MigrationVersion target) {
		this.target = target;
		return self();
	}

	/**
	 * Sets what happens to pending versions below the newest applied one.
	 * @param outOfOrder what happens; by default the run is refused
	 * @return this builder
	 */
	public B outOfOrder(OutOfOrder outOfOrder) {
		this.outOfOrder = outOfOrder;
		return self();
	}

	/**
	 * Sets whether applied files may be gone.
	 * @param ignore {@code true} for a warning only; by default {@code false}
	 * @return this builder
	 */
	public B ignoreMissing(boolean ignore) {
		this.ignoreMissing = ignore;
		return self();
	}

	/**
	 * Sets whether applied versions may have changed. They do not run again.
	 * @param ignore {@code true} for a warning only; by default {@code false}
	 * @return this builder
	 */
	public B ignoreChanged(boolean ignore) {
		this.ignoreChanged = ignore;
		return self();
	}

	/**
	 * Sets at what version a database is that holds something and has no history. The
	 * first run records it: the files up to that version count as done. It says nothing
	 * of an empty database, nor of one with a history.
	 * @param version the version, {@link Baseline#NOTHING} to run all migrations beside
	 * what is there, or {@code null} to refuse such a database, which is the default
	 * @param reason why, for those who read the history later
	 * @return this builder
	 */
	public B baseline(@Nullable MigrationVersion version, String reason) {
		this.baseline = (version != null) ? new Baseline(version, reason) : null;
		return self();
	}

	/**
	 * Sets at what version a database is that holds something and has no history, as
	 * {@link #baseline(MigrationVersion, String)} does.
	 * @param version the version, or {@code null}
	 * @param reason why, for those who read the history later
	 * @param ignoredHistories the tables of other migration tools that say nothing of
	 * these migrations, because they are about other files or have been out of use since;
	 * the names with or without their schemas. The version has to agree with each other
	 * one
	 * @return this builder
	 */
	public B baseline(@Nullable MigrationVersion version, String reason, Collection<String> ignoredHistories) {
		this.ignoredHistories = List.copyOf(ignoredHistories);
		return baseline(version, reason);
	}

	/**
	 * Sets the only migrations to run, in their usual order. One that is done already
	 * does nothing; one that runs late needs no {@link #outOfOrder(OutOfOrder)}, and one
	 * that was skipped runs after all.
	 * @param migrations the migrations; by default none, so that all run
	 * @return this builder
	 */
	public B cherryPick(Collection<Identity> migrations) {
		this.cherryPick = Set.copyOf(migrations);
		return self();
	}

	/**
	 * Sets migrations that shall not run. It is recorded, and holds until one is
	 * {@linkplain #cherryPick(Collection) picked}; for a repeatable, until its text
	 * changes.
	 * @param reasons the migrations with the reasons; by default none
	 * @return this builder
	 * @throws IllegalArgumentException if a reason is blank
	 */
	public B skip(Map<Identity, String> reasons) {
		reasons.forEach((identity, reason) -> {
			if (reason.isBlank()) {
				throw new IllegalArgumentException("'run.skip' must say why " + identity.inWords() + " does not run");
			}
		});
		this.skip = Map.copyOf(reasons);
		return self();
	}

	/**
	 * Sets what this environment is called. Files with the directive {@code only} run if
	 * they name one of the names.
	 * @param names the names; by default none, so that no such file runs
	 * @return this builder
	 */
	public B environments(Collection<String> names) {
		this.environments = Set.copyOf(names);
		return self();
	}

	/**
	 * Sets that migrations which were edited while they are developed are taken back and
	 * run again, as long as they are not released.
	 * @param redo where, and what is released; {@code null} for nowhere, which is the
	 * default. Schemas of tenants are left alone
	 * @return this builder
	 */
	public B redo(@Nullable Redo redo) {
		this.redo = redo;
		return self();
	}

	/**
	 * Sets whether a run that may lose data makes a named restore point in the log of the
	 * server before it begins, and records it.
	 * @param make {@code false} for none; by default {@code true}
	 * @return this builder
	 */
	public B restorePoints(boolean make) {
		this.restorePoints = make;
		return self();
	}

	/**
	 * Adds something that knows backups, which a {@linkplain Tidemark#plan() plan} that
	 * loses data shows.
	 * @param evidence knows backups
	 * @return this builder
	 */
	public B backupEvidence(BackupEvidence evidence) {
		this.backupEvidence.add(evidence);
		return self();
	}

	@Override
	void detach() {
		super.detach();
		this.backupEvidence = new ArrayList<>(this.backupEvidence);
		// What may be redone was decided for one database.
		this.redo = null;
	}

	@Nullable Redo redo() {
		return this.redo;
	}

	List<BackupEvidence> evidence() {
		return this.backupEvidence;
	}

	@Nullable String defaultSchema() {
		if (this.schema != null) {
			return this.schema;
		}
		return this.schemas.isEmpty() ? null : this.schemas.get(0);
	}

	/** Returns the history. */
	HistoryTable table(Supplier<List<HistoryTable>> siblings) {
		return HistoryTable.of(defaultSchema(), this.historyTable, this.schemas).beside(siblings);
	}

	/** Returns what makes the plans. */
	Planner planner() {
		return new Planner(new PlanPolicy(this.target, this.outOfOrder, this.ignoreMissing, this.ignoreChanged,
				new Selection(this.cherryPick, this.skip, this.environments),
				(this.baseline != null) ? agreed(this.baseline) : null));
	}

	RunSettings runSettings(SessionSettings session, Duration waitTimeout, LockRetry lockRetry) {
		return new RunSettings(session, waitTimeout, lockRetry, this.schemas, this.createSchemas, this.environments,
				this.restorePoints);
	}

	/** Returns a baseline that says nothing of the histories that are ignored. */
	Baseline agreed(Baseline wanted) {
		return wanted.ignoredHistories().isEmpty()
				? new Baseline(wanted.version(), wanted.reason(), this.ignoredHistories) : wanted;
	}

	@Override
	List<@Nullable Object> decisiveSettings() {
		List<@Nullable Object> decisive = new ArrayList<>(
				Arrays.asList(this.schema, this.schemas, this.createSchemas, this.historyTable, this.target,
						new TreeSet<>(this.cherryPick), new TreeMap<>(this.skip), new TreeSet<>(this.environments)));
		decisive.addAll(super.decisiveSettings());
		return decisive;
	}

	/**
	 * Checks the settings that have no type of their own.
	 * @throws IllegalArgumentException if one cannot be used
	 */
	void check() {
		SchemaName.requireName("history.table", this.historyTable);
		SchemaName.requireSchema("schema", this.schema);
		for (String name : this.schemas) {
			SchemaName.requireSchema("schemas", name);
		}
		this.skip.values().forEach((reason) -> requireText("run.skip", reason));
		if (this.baseline != null) {
			requireText("baseline.reason", this.baseline.reason());
		}
	}

}
