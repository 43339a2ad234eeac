package dev.tidemark.autoconfigure;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.StringUtils;

import dev.tidemark.OnTenantFailure;
import dev.tidemark.Tenants;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.OutOfOrder;
import dev.tidemark.plan.PlanPolicy;
import dev.tidemark.run.AsynchronousCommit;
import dev.tidemark.run.ClientLiveness;
import dev.tidemark.run.LockRetry;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.RunSettings;
import dev.tidemark.run.SessionSettings;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.Naming;
import dev.tidemark.source.PlaceholderReplacement;
import dev.tidemark.source.Placeholders;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.UndeclaredPlaceholders;

/**
 * The properties of Tidemark.
 *
 * @param enabled Whether to migrate at all. If disabled, nothing of Tidemark is there,
 * neither endpoint nor health.
 * @param mode What happens to the database when the application starts.
 * @param locations Comma-separated list of folders to search for migration files, each
 * with everything below it. Begins with "classpath:" or "filesystem:".
 * @param failOnMissingLocations Whether a location that does not exist stops the start;
 * otherwise a warning tells of it.
 * @param filesystemRoot Folder that "filesystem:" locations must not leave, neither by
 * ".." nor by links. Without it they may lead anywhere.
 * @param exclude Comma-separated list of patterns of paths below a location, such as
 * "rollback/**": files that are no migrations, whatever their names.
 * @param encoding Encoding of the migration files.
 * @param versionedPrefix Beginning of the names of files that run once.
 * @param repeatablePrefix Beginning of the names of files that run again when their text
 * changes.
 * @param undoPrefix Beginning of the names of files that undo a version.
 * @param baselinePrefix Beginning of the names of files that new databases begin with.
 * @param separator Separator of version and description in file names.
 * @param suffixes Comma-separated list of the ends of file names.
 * @param placeholders Values of placeholders by their names: a file with "${name}" gets
 * the value of "tidemark.placeholders.name". Upper and lower case are the same, and so
 * are ".", "_" and "-"; a value may be empty.
 * @param placeholderPrefix Beginning of placeholders in files.
 * @param placeholderSuffix End of placeholders in files.
 * @param placeholderReplacement Where placeholders are replaced, in files that do not say
 * it themselves.
 * @param undeclaredPlaceholders What happens to placeholders without value and default.
 * @param schema Schema that stands first in the search path of migrations and holds the
 * history. Defaults to the first of "tidemark.schemas", else to the schema of the
 * connection.
 * @param schemas Comma-separated list of schemas that have to exist before the first
 * migration.
 * @param createSchemas Whether to create schemas that do not exist.
 * @param historyTable Name of the history table.
 * @param dataSource Name of the DataSource bean to borrow connections from.
 * @param tenants Schemas of many tenants, which are migrated in place of one schema.
 * @param url JDBC URL of the database to migrate. Defaults to the one that the
 * application uses.
 * @param user User that migrates. Without a URL of its own it connects to the database of
 * the application.
 * @param password Password of the user that migrates.
 * @param target Newest version to run; without one all versions run. Quote it in YAML,
 * which takes 1.10 for the number 1.1.
 * @param outOfOrder What happens to pending versions below the newest applied one.
 * @param ignoreMissing Whether files of applied migrations may be gone; a warning tells
 * of it.
 * @param ignoreChanged Whether files of applied versions may have changed; they do not
 * run again, and a warning tells of each.
 * @param baseline Version of an existing database that has no history.
 * @param cherryPick Comma-separated list of the only versions and repeatables to run.
 * @param skip Versions and repeatables that do not run, each with the reason, as in
 * "tidemark.skip.1.2=done by hand".
 * @param environments Comma-separated list of names of this environment, for files with
 * the directive "only". Defaults to the active profiles.
 * @param tag Name that the history records for this deployment, such as "release-42".
 * @param lockTimeout Time that a statement may wait for a lock; zero for no limit.
 * @param lockRetry What happens when a statement does not get its lock in time.
 * @param statementTimeout Time that a statement may run; zero for no limit.
 * @param clientCheckInterval Time after which the server looks, again and again while a
 * statement runs, whether this instance still lives; zero to leave to the server what it
 * does.
 * @param clientTimeout Time that the server goes on when the node of this instance or the
 * network does not answer any more; zero to leave to the server what it does.
 * @param asynchronousCommit Whether a run may go on before the commit of a migration in
 * its middle is on disk.
 * @param waitTimeout Time to wait for another instance that migrates; zero to not wait at
 * all.
 * @param installedBy Name that the history records as author. Defaults to the database
 * user.
 * @param role Role that each session becomes after its login. It owns the history and
 * what migrations make, and the user needs no right but to become it.
 * @param initSql SQL that runs when a session that migrates starts, such as SET TIME
 * ZONE.
 * @param resolve Decision about a migration that was interrupted or failed half-way.
 * @param undo What the mode "undo" undoes.
 * @param plan How the mode "plan" prints.
 * @param status What the mode "status" prints, and how.
 * @param report File to write to what the start did, as JSON.
 * @param terminationLog File to write to in one line why the start failed, if it exists.
 * "none" or nothing for no such file.
 * @param dev How edited migrations are treated while they are developed.
 * @param backup What helps to restore data that a run has lost.
 * @param background How the mode "background" goes about failures and shutdowns.
 * @param inspectionTimeout Time that the database may take to answer the endpoint and the
 * health check.
 */
@ConfigurationProperties("tidemark")
public record TidemarkProperties(Boolean enabled, Mode mode, List<Location> locations, Boolean failOnMissingLocations,
		@Nullable String filesystemRoot, List<String> exclude, Charset encoding, String versionedPrefix,
		String repeatablePrefix, String undoPrefix, String baselinePrefix, String separator, List<String> suffixes,
		Map<String, String> placeholders, String placeholderPrefix, String placeholderSuffix,
		PlaceholderReplacement placeholderReplacement, UndeclaredPlaceholders undeclaredPlaceholders,
		@Nullable String schema, List<String> schemas, Boolean createSchemas, String historyTable,
		@Nullable String dataSource, TenantsProperties tenants, @Nullable String url, @Nullable String user,
		@Nullable String password, @Nullable MigrationVersion target, OutOfOrder outOfOrder, Boolean ignoreMissing,
		Boolean ignoreChanged, BaselineProperties baseline, List<Identity> cherryPick, Map<String, String> skip,
		List<String> environments, @Nullable String tag, Duration lockTimeout, LockRetryProperties lockRetry,
		Duration statementTimeout, Duration clientCheckInterval, Duration clientTimeout,
		AsynchronousCommit asynchronousCommit, Duration waitTimeout, @Nullable String installedBy,
		@Nullable String role, @Nullable String initSql, @Nullable ResolveProperties resolve,
		@Nullable UndoProperties undo, PrintProperties plan, StatusProperties status, @Nullable String report,
		String terminationLog, DevProperties dev, BackupProperties backup, BackgroundProperties background,
		Duration inspectionTimeout) {

	static final Duration DEFAULT_INSPECTION_TIMEOUT = Duration.ofSeconds(2);

	/**
	 * Takes what is set to nothing, as by an empty environment variable, for not set, and
	 * defaults for what is not set. Spring would convert defaults in annotations one by
	 * one at each start, which takes as long as everything else that a start does.
	 */
	public TidemarkProperties {
		enabled = orElse(enabled, true);
		mode = orElse(mode, Mode.MIGRATE);
		locations = List.copyOf(orElse(locations, SourceSettings.DEFAULT.locations()));
		failOnMissingLocations = orElse(failOnMissingLocations, SourceSettings.DEFAULT_FAIL_ON_MISSING_LOCATIONS);
		exclude = List.copyOf(orElse(exclude, List.of()));
		encoding = orElse(encoding, SourceSettings.DEFAULT.encoding());
		versionedPrefix = orElse(versionedPrefix, Naming.DEFAULT_VERSIONED_PREFIX);
		repeatablePrefix = orElse(repeatablePrefix, Naming.DEFAULT_REPEATABLE_PREFIX);
		undoPrefix = orElse(undoPrefix, Naming.DEFAULT_UNDO_PREFIX);
		baselinePrefix = orElse(baselinePrefix, Naming.DEFAULT_BASELINE_PREFIX);
		separator = orElse(separator, Naming.DEFAULT_SEPARATOR);
		suffixes = List.copyOf(orElse(suffixes, Naming.DEFAULT.suffixes()));
		// In order: an environment variable cannot tell how the file spells the name.
		placeholders = Collections.unmodifiableMap(new LinkedHashMap<>(orElse(placeholders, Map.of())));
		placeholderPrefix = orElse(placeholderPrefix, Placeholders.DEFAULT_PREFIX);
		placeholderSuffix = orElse(placeholderSuffix, Placeholders.DEFAULT_SUFFIX);
		placeholderReplacement = orElse(placeholderReplacement, Placeholders.DEFAULT.replacement());
		undeclaredPlaceholders = orElse(undeclaredPlaceholders, Placeholders.DEFAULT.undeclared());
		schema = textOrNull(schema);
		schemas = List.copyOf(orElse(schemas, List.of()));
		createSchemas = orElse(createSchemas, RunSettings.DEFAULT_CREATE_SCHEMAS);
		historyTable = orElse(historyTable, HistoryTable.DEFAULT_NAME);
		dataSource = textOrNull(dataSource);
		tenants = orElse(tenants, TenantsProperties.DEFAULT);
		url = textOrNull(url);
		user = textOrNull(user);
		password = textOrNull(password);
		outOfOrder = orElse(outOfOrder, PlanPolicy.DEFAULT_OUT_OF_ORDER);
		ignoreMissing = orElse(ignoreMissing, PlanPolicy.DEFAULT_IGNORE_MISSING);
		ignoreChanged = orElse(ignoreChanged, PlanPolicy.DEFAULT_IGNORE_CHANGED);
		baseline = orElse(baseline, BaselineProperties.NONE);
		cherryPick = List.copyOf(orElse(cherryPick, List.of()));
		skip = Map.copyOf(orElse(skip, Map.of()));
		environments = List.copyOf(orElse(environments, List.of()));
		tag = textOrNull(tag);
		lockTimeout = orElse(lockTimeout, SessionSettings.DEFAULT_LOCK_TIMEOUT);
		lockRetry = orElse(lockRetry, LockRetryProperties.DEFAULT);
		statementTimeout = orElse(statementTimeout, SessionSettings.DEFAULT_STATEMENT_TIMEOUT);
		clientCheckInterval = orElse(clientCheckInterval, ClientLiveness.DEFAULT_CHECK_INTERVAL);
		clientTimeout = orElse(clientTimeout, ClientLiveness.DEFAULT_TIMEOUT);
		asynchronousCommit = orElse(asynchronousCommit, SessionSettings.DEFAULT_ASYNCHRONOUS_COMMIT);
		waitTimeout = orElse(waitTimeout, RunSettings.DEFAULT_WAIT_TIMEOUT);
		installedBy = textOrNull(installedBy);
		role = textOrNull(role);
		initSql = textOrNull(initSql);
		filesystemRoot = textOrNull(filesystemRoot);
		plan = orElse(plan, PrintProperties.DEFAULT);
		status = orElse(status, StatusProperties.DEFAULT);
		report = textOrNull(report);
		// Nothing is a value here: there is no such file then.
		terminationLog = orElse(terminationLog, TerminationLog.DEFAULT_PATH);
		dev = orElse(dev, DevProperties.DEFAULT);
		backup = orElse(backup, BackupProperties.DEFAULT);
		background = orElse(background, BackgroundProperties.DEFAULT);
		inspectionTimeout = orElse(inspectionTimeout, DEFAULT_INSPECTION_TIMEOUT);
	}

	private static <T> T orElse(@Nullable T value, T other) {
		return (value != null) ? value : other;
	}

	private static @Nullable String textOrNull(@Nullable String text) {
		return StringUtils.hasText(text) ? text : null;
	}

	/**
	 * Returns the class only: URL, init SQL, password and placeholders may hold secrets.
	 */
	@Override
	public String toString() {
		return getClass().getSimpleName();
	}

	/**
	 * Version of an existing database that has no history. The first run records it; it
	 * says nothing of an empty database, nor of one with a history.
	 *
	 * @param version Version that an existing database without a history is at: files up
	 * to it count as done. 0 runs all files beside what is there; by default such a
	 * database is refused.
	 * @param reason Why, for those who read the history later.
	 * @param ignoredHistories Tables of other migration tools that say nothing of these
	 * migrations. The version has to agree with what each other one says.
	 */
	public record BaselineProperties(@Nullable MigrationVersion version, String reason, List<String> ignoredHistories) {

		private static final String DEFAULT_REASON = "set as tidemark.baseline";

		private static final BaselineProperties NONE = new BaselineProperties(null, DEFAULT_REASON, List.of());

		/** Takes the default for what is not set. */
		public BaselineProperties {
			reason = orElse(textOrNull(reason), DEFAULT_REASON);
			ignoredHistories = List.copyOf(orElse(ignoredHistories, List.of()));
		}

	}

	/**
	 * Schemas of many tenants, which are migrated in place of one schema.
	 *
	 * @param schemas Comma-separated list of the schemas of tenants.
	 * @param provider Name of the TenantSchemas bean that knows schemas of tenants.
	 * @param connections How many tenants are migrated at a time, each on a connection.
	 * @param onFailure What happens to other tenants when one cannot be migrated.
	 */
	public record TenantsProperties(List<String> schemas, @Nullable String provider, Integer connections,
			OnTenantFailure onFailure) {

		private static final TenantsProperties DEFAULT = new TenantsProperties(List.of(), null,
				Tenants.DEFAULT_CONNECTIONS, Tenants.DEFAULT_ON_FAILURE);

		/** Takes what is set to nothing for not set, and defaults for what is not set. */
		public TenantsProperties {
			schemas = List.copyOf(orElse(schemas, List.of()));
			provider = textOrNull(provider);
			connections = orElse(connections, Tenants.DEFAULT_CONNECTIONS);
			onFailure = orElse(onFailure, Tenants.DEFAULT_ON_FAILURE);
		}

	}

	/**
	 * What happens when a statement does not get its lock in time.
	 *
	 * @param maxDuration Time within which a migration that did not get a lock is rolled
	 * back and tried again; zero for a single attempt.
	 */
	public record LockRetryProperties(Duration maxDuration) {

		private static final LockRetryProperties DEFAULT = new LockRetryProperties(LockRetry.DEFAULT_MAX_DURATION);

		/** Takes the default for what is not set. */
		public LockRetryProperties {
			maxDuration = orElse(maxDuration, LockRetry.DEFAULT_MAX_DURATION);
		}

	}

	/**
	 * Decision about a migration that was interrupted or failed half-way. It is carried
	 * out and recorded once, before the run; after that it does nothing.
	 *
	 * @param instance Name of the instance to decide about, if there are several.
	 * @param tenant Schema of the tenant to decide about, if there are many.
	 * @param migration Version, or name of a repeatable, to decide about.
	 * @param rank Rank of the run to decide about, as the message and the history name
	 * it.
	 * @param as What was decided.
	 * @param reason Why, for those who read the history later.
	 */
	public record ResolveProperties(@Nullable String instance, @Nullable String tenant, @Nullable String migration,
			@Nullable Integer rank, @Nullable Resolution as, String reason) {

		/** Takes what is set to nothing for not set. */
		public ResolveProperties {
			instance = textOrNull(instance);
			tenant = textOrNull(tenant);
			migration = textOrNull(migration);
			reason = orElse(textOrNull(reason), "set as tidemark.resolve");
		}

	}

	/**
	 * What the mode undo undoes. Exactly one of to, from and deployment is needed.
	 *
	 * @param instance Name of the instance to undo in, if there are several.
	 * @param tenant Schema of the tenant to undo in, if there are many.
	 * @param to Version that stays as the newest one; all above it is undone. 0 undoes
	 * all. Quote it in YAML.
	 * @param from Version that was applied last; it is undone. If another one was applied
	 * last, nothing is undone. Quote it in YAML.
	 * @param count How many migrations to undo, from "tidemark.undo.from" backwards in
	 * the order in which they were applied; 1 if not set.
	 * @param deployment Deployment id of the run whose migrations are undone, as the
	 * history and the endpoint name it.
	 * @param reason Why, for those who read the history later.
	 * @param allowDataLoss Why data may be lost, for those who read the history later.
	 * Without it an undo that would lose data is refused.
	 */
	public record UndoProperties(@Nullable String instance, @Nullable String tenant, @Nullable MigrationVersion to,
			@Nullable MigrationVersion from, @Nullable Integer count, @Nullable String deployment, String reason,
			@Nullable String allowDataLoss) {

		/** Takes what is set to nothing for not set. */
		public UndoProperties {
			instance = textOrNull(instance);
			tenant = textOrNull(tenant);
			deployment = textOrNull(deployment);
			reason = orElse(textOrNull(reason), "set as tidemark.undo");
			allowDataLoss = textOrNull(allowDataLoss);
		}

	}

	/**
	 * How the mode "plan" prints.
	 *
	 * @param format Form of what is printed.
	 * @param file File to write to instead of the standard output.
	 * @param pendingExitCode Exit code when something is pending and nothing stands in
	 * its way.
	 */
	public record PrintProperties(PlanFormat format, @Nullable String file, Integer pendingExitCode) {

		/** What is used if nothing is configured. */
		static final PrintProperties DEFAULT = new PrintProperties(PlanFormat.TEXT, null, 0);

		/** Takes what is set to nothing for not set. */
		public PrintProperties {
			format = orElse(format, PlanFormat.TEXT);
			file = textOrNull(file);
			pendingExitCode = orElse(pendingExitCode, 0);
		}

	}

	/**
	 * How edited migrations are treated while they are developed.
	 *
	 * @param redo Whether migrations that were edited after they had run, and are not
	 * released, are undone and run again. Only where devtools restart the application, in
	 * databases that "tidemark-test" has made, and with "tidemark.dev.throw-away".
	 * @param throwAway Whether the database may be thrown away: what cannot be undone is
	 * dropped with all else, and all migrations run again.
	 * @param releasedUpTo Newest version that is released; 0 if none is. Without it git
	 * tells what is released. Quote it in YAML.
	 * @param releasedAt Branch, tag or commit of git whose migrations are released.
	 * Defaults to the default branch of "origin".
	 */
	public record DevProperties(Boolean redo, Boolean throwAway, @Nullable MigrationVersion releasedUpTo,
			@Nullable String releasedAt) {

		private static final DevProperties DEFAULT = new DevProperties(false, false, null, null);

		/** Takes what is set to nothing for not set, and defaults for what is not set. */
		public DevProperties {
			redo = orElse(redo, false);
			throwAway = orElse(throwAway, false);
			releasedAt = textOrNull(releasedAt);
		}

	}

	/**
	 * What helps to restore data that a run has lost.
	 *
	 * @param restorePoint Whether a run that may lose data makes a named restore point in
	 * the log of the server before it begins, where the role may, and records it.
	 */
	public record BackupProperties(Boolean restorePoint) {

		private static final BackupProperties DEFAULT = new BackupProperties(RunSettings.DEFAULT_RESTORE_POINTS);

		/** Takes the default for what is not set. */
		public BackupProperties {
			restorePoint = orElse(restorePoint, RunSettings.DEFAULT_RESTORE_POINTS);
		}

	}

	/**
	 * What the mode "status" prints, and how.
	 *
	 * @param tenant Schema of the tenant to show in full, if there are many.
	 * @param format Form of what is printed.
	 * @param file File to write to instead of the standard output.
	 * @param pendingExitCode Exit code when something is pending and nothing stands in
	 * its way.
	 */
	public record StatusProperties(@Nullable String tenant, PlanFormat format, @Nullable String file,
			Integer pendingExitCode) {

		/** What is used if nothing is configured. */
		static final StatusProperties DEFAULT = new StatusProperties(null, PlanFormat.TEXT, null, 0);

		/** Takes what is set to nothing for not set. */
		public StatusProperties {
			tenant = textOrNull(tenant);
			format = orElse(format, PlanFormat.TEXT);
			file = textOrNull(file);
			pendingExitCode = orElse(pendingExitCode, 0);
		}

		/** Return how it is printed. */
		PrintProperties print() {
			return new PrintProperties(this.format, this.file, this.pendingExitCode);
		}

	}

	/**
	 * How the mode "background" goes about failures and shutdowns.
	 *
	 * @param onFailure What happens when the migrations have failed.
	 * @param retryDelay Time until they are tried again; it doubles with each attempt, up
	 * to ten minutes unless it is longer itself.
	 * @param shutdownTimeout Time that a migration has to come to its end when the
	 * application shuts down; then it is cancelled.
	 */
	public record BackgroundProperties(OnFailure onFailure, Duration retryDelay, Duration shutdownTimeout) {

		private static final Duration DEFAULT_RETRY_DELAY = Duration.ofSeconds(10);

		private static final Duration DEFAULT_SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);

		private static final BackgroundProperties DEFAULT = new BackgroundProperties(OnFailure.STAY_DOWN,
				DEFAULT_RETRY_DELAY, DEFAULT_SHUTDOWN_TIMEOUT);

		/** Takes the default for what is not set. */
		public BackgroundProperties {
			onFailure = orElse(onFailure, OnFailure.STAY_DOWN);
			retryDelay = orElse(retryDelay, DEFAULT_RETRY_DELAY);
			shutdownTimeout = orElse(shutdownTimeout, DEFAULT_SHUTDOWN_TIMEOUT);
		}

	}

}
