package dev.tidemark.migration;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.placeholder.PlaceholderNames;

/**
 * What the built-in placeholders tell of database and run.
 *
 * @param database the name of the database
 * @param user the user that migrates
 * @param schema the default schema, or {@code null} if there is none
 * @param historyTable the name of the history table, without its schema
 * @param time when the run began
 * @since 0.1.0
 */
public record BuiltIns(String database, String user, @Nullable String schema, String historyTable, Instant time) {

	/** What Flyway's names begin with. */
	static final String FLYWAY = "flyway:";

	private static final String FLYWAY_TIME = "yyyy-MM-dd HH:mm:ss";

	private static final Set<String> KNOWN = Set.of("tidemark.schema", "tidemark.version", "tidemark.user",
			"tidemark.database", "tidemark.timestamp", FLYWAY + "defaultschema", FLYWAY + "user", FLYWAY + "database",
			FLYWAY + "timestamp", FLYWAY + "table", FLYWAY + "filename", FLYWAY + "workingdirectory");

	/** Tells whether a name is reserved for built-in placeholders. */
	static boolean isReserved(String name) {
		return PlaceholderNames.canonical(name).startsWith(PlaceholderNames.BUILT_IN) || isFlyways(name);
	}

	/** Tells whether a name is one that Flyway would build in; others may be declared. */
	static boolean isFlyways(String name) {
		return PlaceholderNames.canonical(name).startsWith(FLYWAY);
	}

	/** Tells whether a placeholder is built in. */
	static boolean isKnown(String name) {
		return KNOWN.contains(PlaceholderNames.canonical(name));
	}

	/** Tells whether a name can neither be declared nor is built in. */
	static boolean isMisspelt(String name) {
		return PlaceholderNames.canonical(name).startsWith(PlaceholderNames.BUILT_IN) && !isKnown(name);
	}

	/**
	 * Returns the value of a placeholder.
	 * @param name its name
	 * @param script the path of the file that it stands in
	 * @param identity the migration that the file is, or {@code null} if it is none
	 * @return the value, or {@code null} if it is unknown or has none here
	 */
	@Nullable String value(String name, String script, @Nullable Identity identity) {
		return switch (PlaceholderNames.canonical(name)) {
			case "tidemark.schema", "flyway:defaultschema" -> this.schema;
			case "tidemark.version" -> version(identity);
			case "tidemark.user", "flyway:user" -> this.user;
			case "tidemark.database", "flyway:database" -> this.database;
			case "tidemark.timestamp" -> this.time.truncatedTo(ChronoUnit.SECONDS).toString();
			case "flyway:timestamp" ->
				DateTimeFormatter.ofPattern(FLYWAY_TIME, Locale.ROOT).format(this.time.atZone(ZoneId.systemDefault()));
			case "flyway:table" -> this.historyTable;
			case "flyway:filename" -> script.substring(script.lastIndexOf('/') + 1);
			case "flyway:workingdirectory" -> System.getProperty("user.dir");
			default -> null;
		};
	}

	private static @Nullable String version(@Nullable Identity identity) {
		MigrationVersion version = (identity != null) ? identity.version() : null;
		return (version != null) ? version.toString() : null;
	}

}
