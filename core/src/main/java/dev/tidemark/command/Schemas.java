package dev.tidemark.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.SchemaNames;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.run.failure.OwnWriteProblems;
import dev.tidemark.run.settings.RunSettings;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.sql.Identifiers;

/**
 * The schemas that a run needs before its first migration.
 *
 * @since 0.1.0
 */
public final class Schemas {

	private static final Logger logger = PlainLogger.of(Schemas.class);

	private static final String DUPLICATE_SCHEMA = "42P06";

	private Schemas() {
	}

	/** Finds those of the configured schemas that do not exist. */
	public static Set<String> missing(Connection connection, RunSettings settings, HistoryTable table)
			throws SQLException {
		Set<String> needed = new LinkedHashSet<>(settings.schemas());
		if (table.schema() != null) {
			needed.add(table.schema());
		}
		return SchemaNames.missing(connection, needed);
	}

	/** Says that schemas are missing which may not be created. */
	public static Problem mayNotBeCreated(Collection<String> missing) {
		return Problem.error(ErrorCode.SCHEMA_MISSING, null,
				"These schemas do not exist: " + String.join(", ", missing) + ".",
				"Create them, or set " + SettingNames.name("create-schemas") + "=true, and start again.");
	}

	/** Returns the history with its schema. */
	static HistoryTable tableOf(HistoryTable table, History history) {
		String schema = history.database().schema();
		if (schema == null) {
			throw new TidemarkException(noDefault());
		}
		return table.in(schema);
	}

	/**
	 * The history and the schemas come before the first migration that may need them.
	 */
	static void createMissing(Engine engine, RunContext context, boolean historyExists, RunSoFar soFar)
			throws SQLException {
		Session session = context.session();
		HistoryTable table = context.table();
		Set<String> missing = missing(session.connection(), engine.settings(), table);
		if (missing.isEmpty() && historyExists) {
			return;
		}
		if (!missing.isEmpty() && !engine.settings().createSchemas()) {
			throw new TidemarkException(mayNotBeCreated(missing));
		}
		if (!missing.isEmpty()) {
			context.callbacks().fire(CallbackEvent.BEFORE_CREATE_SCHEMA, soFar.changes());
		}
		StringBuilder sql = new StringBuilder();
		missing.forEach(
				(schema) -> sql.append("CREATE SCHEMA IF NOT EXISTS ").append(Identifiers.quote(schema)).append("; "));
		sql.append(table.layout().create());
		HistoryEvidence evidence = HistoryEvidence.ofTable(table, missing);
		String doing = "creating the history table " + table.qualifiedName();
		try {
			if (!historyExists) {
				sql.append("; ").append(table.layout().protection(session.connection()));
			}
			// The commit of the first migration brings this to the disk, too.
			soFar.setLossy(true);
			session.write(sql.toString(), false);
		}
		catch (SQLException ex) {
			throw OwnWriteProblems.whileWriting(session, table, doing, ex, evidence, soFar.changes().rolledBack());
		}
		catch (RuntimeException | Error ex) {
			throw ConnectionProblems.unexpected(session, doing, ex, evidence, soFar.changes().rolledBack());
		}
		soFar.wrote(evidence);
		tellCreated(engine, soFar, missing, historyExists ? null : table);
	}

	private static void tellCreated(Engine engine, RunSoFar soFar, Set<String> missing,
			@Nullable HistoryTable created) {
		soFar.createdSchemas().addAll(missing);
		missing.forEach((schema) -> soFar.changes().add("the schema " + schema + " is created"));
		missing.forEach((schema) -> engine.info(logger, "Created the schema {}", schema));
		if (created != null) {
			soFar.changes().add("the history table is created");
			engine.info(logger, "Created the history table {}", created.qualifiedName());
		}
	}

	/** Says that nothing tells which schema the history belongs into. */
	public static Problem noDefault() {
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
