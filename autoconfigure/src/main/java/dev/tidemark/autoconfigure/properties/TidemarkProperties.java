package dev.tidemark.autoconfigure.properties;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.settings.RunSettings;
import dev.tidemark.source.Location;
import dev.tidemark.source.SourceSettings;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * The properties of Tidemark.
 *
 * @param enabled Whether to migrate at all. If disabled, nothing of Tidemark is there,
 * neither endpoint nor health.
 * @param mode What happens to the database when the application starts.
 * @param locations Comma-separated list of folders to search for migration files, each
 * with everything below it. Begins with "classpath:" or "filesystem:".
 * @param files How migration files are found and read.
 * @param naming What the names of migration files say.
 * @param placeholders Values of placeholders by their names: a file with "${name}" gets
 * the value of "tidemark.placeholders.name". Upper and lower case are the same, and so
 * are ".", "_" and "-"; a value may be empty.
 * @param placeholder How placeholders are written in files, and where they count.
 * @param schema Schema that stands first in the search path of migrations and holds the
 * history. Defaults to the first of "tidemark.schemas", else to the schema of the
 * connection.
 * @param schemas Comma-separated list of schemas that have to exist before the first
 * migration.
 * @param createSchemas Whether to create schemas that do not exist.
 * @param connection Which database is migrated, and what the sessions are that migrate
 * it.
 * @param history Where the history is, and what it records of a run.
 * @param run What a run is about, and how its statements run.
 * @param validation What may differ between the files and the history.
 * @param baseline Version of an existing database that has no history.
 * @param locks How long is waited for locks.
 * @param tenants Schemas of many tenants, which are migrated in place of one schema.
 * @param resolve Decision about a migration that was interrupted or failed half-way.
 * @param undo What the mode "undo" undoes.
 * @param plan How the mode "plan" prints.
 * @param status What the mode "status" prints, and how.
 * @param report Files that tell what a start did.
 * @param inspection How the endpoint and the health check look at the database.
 * @param dev How edited migrations are treated while they are developed.
 * @param requires Comma-separated list of the versions of backfills that this build reads
 * besides those that its files say: it is not ready before they are done. Quote them in
 * YAML.
 * @param backfill How backfills go about their work, as far as their files do not say it.
 * @param backup What helps to restore data that a run has lost.
 * @param background How the mode "background" goes about failures and shutdowns.
 * @since 0.1.0
 */
@ConfigurationProperties("tidemark")
public record TidemarkProperties(Boolean enabled, Mode mode, List<Location> locations,
		@NestedConfigurationProperty FilesProperties files, @NestedConfigurationProperty NamingProperties naming,
		Map<String, String> placeholders, @NestedConfigurationProperty PlaceholderProperties placeholder,
		@Nullable String schema, List<String> schemas, Boolean createSchemas,
		@NestedConfigurationProperty ConnectionProperties connection,
		@NestedConfigurationProperty HistoryProperties history, @NestedConfigurationProperty RunProperties run,
		@NestedConfigurationProperty ValidationProperties validation,
		@NestedConfigurationProperty BaselineProperties baseline, @NestedConfigurationProperty LocksProperties locks,
		@NestedConfigurationProperty TenantsProperties tenants,
		@NestedConfigurationProperty @Nullable ResolveProperties resolve,
		@NestedConfigurationProperty @Nullable UndoProperties undo, @NestedConfigurationProperty PrintProperties plan,
		@NestedConfigurationProperty StatusProperties status, @NestedConfigurationProperty ReportProperties report,
		@NestedConfigurationProperty InspectionProperties inspection, @NestedConfigurationProperty DevProperties dev,
		@NestedConfigurationProperty BackupProperties backup, List<MigrationVersion> requires,
		@NestedConfigurationProperty @Nullable BackfillProperties backfill,
		@NestedConfigurationProperty BackgroundProperties background) {

	/**
	 * Takes what is set to nothing, as by an empty environment variable, for not set, and
	 * defaults for what is not set. Spring would convert defaults in annotations one by
	 * one at each start, which takes as long as everything else that a start does.
	 */
	public TidemarkProperties {
		enabled = orElse(enabled, true);
		mode = orElse(mode, Mode.MIGRATE);
		locations = List.copyOf(orElse(locations, SourceSettings.DEFAULT.locations()));
		files = orElse(files, FilesProperties.DEFAULT);
		naming = orElse(naming, NamingProperties.DEFAULT);
		// In order: an environment variable cannot tell how the file spells the name.
		placeholders = Collections.unmodifiableMap(new LinkedHashMap<>(orElse(placeholders, Map.of())));
		placeholder = orElse(placeholder, PlaceholderProperties.DEFAULT);
		schema = textOrNull(schema);
		schemas = List.copyOf(orElse(schemas, List.of()));
		createSchemas = orElse(createSchemas, RunSettings.DEFAULT_CREATE_SCHEMAS);
		connection = orElse(connection, ConnectionProperties.DEFAULT);
		history = orElse(history, HistoryProperties.DEFAULT);
		run = orElse(run, RunProperties.DEFAULT);
		validation = orElse(validation, ValidationProperties.DEFAULT);
		baseline = orElse(baseline, BaselineProperties.DEFAULT);
		locks = orElse(locks, LocksProperties.DEFAULT);
		tenants = orElse(tenants, TenantsProperties.DEFAULT);
		plan = orElse(plan, PrintProperties.DEFAULT);
		status = orElse(status, StatusProperties.DEFAULT);
		report = orElse(report, ReportProperties.DEFAULT);
		inspection = orElse(inspection, InspectionProperties.DEFAULT);
		dev = orElse(dev, DevProperties.DEFAULT);
		backup = orElse(backup, BackupProperties.DEFAULT);
		requires = List.copyOf(orElse(requires, List.of()));
		background = orElse(background, BackgroundProperties.DEFAULT);
	}

	/**
	 * Returns the class only: URL, init SQL, password and placeholders may hold secrets.
	 */
	@Override
	public String toString() {
		return getClass().getSimpleName();
	}

}
