package dev.tidemark.autoconfigure;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.OutOfOrder;
import dev.tidemark.plan.PlanPolicy;
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
 * @param encoding Encoding of the migration files.
 * @param versionedPrefix Beginning of the names of files that run once.
 * @param repeatablePrefix Beginning of the names of files that run again when their text
 * changes.
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
 * @param background How the mode "background" goes about failures and shutdowns.
 * @param inspectionTimeout Time that the database may take to answer the endpoint and the
 * health check.
 */
@ConfigurationProperties("tidemark")
public record TidemarkProperties(@DefaultValue("true") boolean enabled, @DefaultValue("migrate") Mode mode,
		@DefaultValue(Location.DEFAULT) List<Location> locations,
		@DefaultValue("" + SourceSettings.DEFAULT_FAIL_ON_MISSING_LOCATIONS) boolean failOnMissingLocations,
		@Nullable String filesystemRoot, @DefaultValue(SourceSettings.DEFAULT_ENCODING) Charset encoding,
		@DefaultValue(Naming.DEFAULT_VERSIONED_PREFIX) String versionedPrefix,
		@DefaultValue(Naming.DEFAULT_REPEATABLE_PREFIX) String repeatablePrefix,
		@DefaultValue(Naming.DEFAULT_SEPARATOR) String separator,
		@DefaultValue(Naming.DEFAULT_SUFFIX) List<String> suffixes, @DefaultValue Map<String, String> placeholders,
		@DefaultValue(Placeholders.DEFAULT_PREFIX) String placeholderPrefix,
		@DefaultValue(Placeholders.DEFAULT_SUFFIX) String placeholderSuffix,
		@DefaultValue("auto") PlaceholderReplacement placeholderReplacement,
		@DefaultValue("fail") UndeclaredPlaceholders undeclaredPlaceholders, @Nullable String schema,
		@DefaultValue List<String> schemas,
		@DefaultValue("" + RunSettings.DEFAULT_CREATE_SCHEMAS) boolean createSchemas,
		@DefaultValue(HistoryTable.DEFAULT_NAME) String historyTable, @Nullable String url, @Nullable String user,
		@Nullable String password, @Nullable MigrationVersion target, @DefaultValue("fail") OutOfOrder outOfOrder,
		@DefaultValue("" + PlanPolicy.DEFAULT_IGNORE_MISSING) boolean ignoreMissing,
		@DefaultValue BaselineProperties baseline, @DefaultValue List<Identity> cherryPick,
		@DefaultValue Map<String, String> skip, @DefaultValue List<String> environments, @Nullable String tag,
		@DefaultValue(SessionSettings.DEFAULT_LOCK_TIMEOUT) Duration lockTimeout,
		@DefaultValue LockRetryProperties lockRetry,
		@DefaultValue(SessionSettings.DEFAULT_STATEMENT_TIMEOUT) Duration statementTimeout,
		@DefaultValue(RunSettings.DEFAULT_WAIT_TIMEOUT) Duration waitTimeout, @Nullable String installedBy,
		@Nullable String role, @Nullable String initSql, @Nullable ResolveProperties resolve,
		@Nullable UndoProperties undo, @DefaultValue PlanProperties plan, @DefaultValue BackgroundProperties background,
		@DefaultValue("2s") Duration inspectionTimeout) {

	/** Takes what is set to nothing, as by an empty environment variable, for not set. */
	public TidemarkProperties {
		locations = List.copyOf(locations);
		suffixes = List.copyOf(suffixes);
		schemas = List.copyOf(schemas);
		cherryPick = List.copyOf(cherryPick);
		skip = Map.copyOf(skip);
		environments = List.copyOf(environments);
		tag = textOrNull(tag);
		// The first of several spellings counts: it is that of the strongest source.
		placeholders = Collections.unmodifiableMap(new LinkedHashMap<>(placeholders));
		schema = textOrNull(schema);
		url = textOrNull(url);
		user = textOrNull(user);
		password = textOrNull(password);
		installedBy = textOrNull(installedBy);
		role = textOrNull(role);
		initSql = textOrNull(initSql);
		filesystemRoot = textOrNull(filesystemRoot);
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
	 */
	public record BaselineProperties(@Nullable MigrationVersion version,
			@DefaultValue("set as tidemark.baseline") String reason) {
	}

	/**
	 * What happens when a statement does not get its lock in time.
	 *
	 * @param maxDuration Time within which a migration that did not get a lock is rolled
	 * back and tried again; zero for a single attempt.
	 */
	public record LockRetryProperties(@DefaultValue(LockRetry.DEFAULT_MAX_DURATION) Duration maxDuration) {
	}

	/**
	 * Decision about a migration that was interrupted or failed half-way. It is carried
	 * out and recorded once, before the run; after that it does nothing.
	 *
	 * @param migration Version, or name of a repeatable, to decide about.
	 * @param rank Rank of the run to decide about, as the message and the history name
	 * it.
	 * @param as What was decided.
	 * @param reason Why, for those who read the history later.
	 */
	public record ResolveProperties(@Nullable String migration, @Nullable Integer rank, @Nullable Resolution as,
			@DefaultValue("set as tidemark.resolve") String reason) {

		/** Takes what is set to nothing for not set. */
		public ResolveProperties {
			migration = textOrNull(migration);
		}

	}

	/**
	 * What the mode undo undoes. Exactly one of to, from and deployment is needed.
	 *
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
	public record UndoProperties(@Nullable MigrationVersion to, @Nullable MigrationVersion from,
			@Nullable Integer count, @Nullable String deployment, @DefaultValue("set as tidemark.undo") String reason,
			@Nullable String allowDataLoss) {

		/** Takes what is set to nothing for not set. */
		public UndoProperties {
			deployment = textOrNull(deployment);
			allowDataLoss = textOrNull(allowDataLoss);
		}

	}

	/**
	 * How the mode "plan" prints.
	 *
	 * @param format Form of the plan.
	 * @param file File to write the plan to instead of the standard output.
	 * @param pendingExitCode Exit code when something would run and nothing stands in its
	 * way.
	 */
	public record PlanProperties(@DefaultValue("text") PlanFormat format, @Nullable String file,
			@DefaultValue("0") int pendingExitCode) {

		/** What is used if nothing is configured. */
		static final PlanProperties DEFAULT = new PlanProperties(PlanFormat.TEXT, null, 0);

		/** Takes what is set to nothing for not set. */
		public PlanProperties {
			file = textOrNull(file);
		}

	}

	/**
	 * How the mode "background" goes about failures and shutdowns.
	 *
	 * @param onFailure What happens when the migrations have failed.
	 * @param retryDelay Time until they are tried again; it doubles with each attempt, up
	 * to ten minutes.
	 * @param shutdownTimeout Time that a migration has to come to its end when the
	 * application shuts down; then it is cancelled.
	 */
	public record BackgroundProperties(@DefaultValue("stay-down") OnFailure onFailure,
			@DefaultValue("10s") Duration retryDelay, @DefaultValue("20s") Duration shutdownTimeout) {
	}

}
