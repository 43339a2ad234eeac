package dev.tidemark.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.sql.Identifiers;

/**
 * The schemas that a run needs before its first migration.
 */
final class Schemas {

	private static final String DUPLICATE_SCHEMA = "42P06";

	private Schemas() {
	}

	/** Finds those of the configured schemas that do not exist. */
	static Set<String> missing(Connection connection, RunSettings settings, HistoryTable table) throws SQLException {
		Set<String> needed = new LinkedHashSet<>(settings.schemas());
		if (table.schema() != null) {
			needed.add(table.schema());
		}
		return SchemaNames.missing(connection, needed);
	}

	/** Says that schemas are missing which may not be created. */
	static Problem mayNotBeCreated(Collection<String> missing) {
		return Problem.error(ErrorCode.SCHEMA_MISSING, null,
				"These schemas do not exist: " + String.join(", ", missing) + ".",
				"Create them, or set " + SettingNames.name("create-schemas") + "=true, and start again.");
	}

	/** Says that nothing tells which schema the history belongs into. */
	static Problem noDefault() {
		return Problem.error(ErrorCode.SCHEMA_MISSING, null,
				"The search path of the connection names no schema that exists.", "Set " + SettingNames.name("schema")
						+ ", or create one of the schemas that SHOW search_path; names to the login.");
	}

	/**
	 * Says more of a schema that is there already because it is one of those that a run
	 * needs before its first migration.
	 * @param problem how a statement failed
	 * @param created those that this run has created
	 * @param besides what else to say of what to do
	 * @return the problem, the same one if it is about something else
	 */
	static Problem alreadyThere(Problem problem, RunSettings settings, HistoryTable table, Collection<String> created,
			String besides) {
		ServerError server = problem.server();
		if (server == null || !server.is(DUPLICATE_SCHEMA)) {
			return problem;
		}
		Set<String> needed = new LinkedHashSet<>(settings.schemas());
		if (table.schema() != null) {
			needed.add(table.schema());
		}
		for (String schema : needed) {
			if (server.message().contains('"' + schema + '"')) {
				return problem.withRemedy("Tidemark "
						+ (created.contains(schema) ? "has created the schema " + schema
								: settings.createSchemas() ? "creates the schema " + schema + " where it is missing"
										: "needs the schema " + schema)
						+ " before the first migration, as it is the one of its settings ("
						+ SettingNames.name("schema") + "," + " " + SettingNames.name("schemas")
						+ "): write CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(schema)
						+ " in the file, or leave the statement out, and start again." + besides);
			}
		}
		return problem;
	}

}
