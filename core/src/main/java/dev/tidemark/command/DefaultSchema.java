package dev.tidemark.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.LoginSchema;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.step.CallbackRunner;
import dev.tidemark.sql.Identifiers;

/**
 * The schema in which the next start looks for its history, where no setting names one. A
 * migration may move it: it creates the schema {@code "$user"}, or gives the login or the
 * database another search path.
 *
 * @param name its name, or {@code null} if there is none
 */
record DefaultSchema(@Nullable String name) {

	/** What can make or hide a schema, or change what a login begins with. */
	private static final Set<String> MOVING = Set.of("CREATE SCHEMA", "ALTER SCHEMA", "DROP SCHEMA", "GRANT", "REVOKE",
			"ALTER ROLE", "ALTER USER", "ALTER DATABASE", "CALL", "DO", "EXECUTE", "SELECT", "UNRECOGNISED");

	/** Tells whether what ran may have moved it, so that it is worth a question. */
	static boolean mayHaveMoved(List<Step> steps, CallbackRunner callbacks) {
		return callbacks.isAny() || steps.stream()
			.anyMatch((step) -> step.migration().code() != null
					|| step.statements().stream().anyMatch((statement) -> MOVING.contains(statement.command())));
	}

	/** Asks the server, on a connection in auto-commit mode that is as a run began it. */
	static DefaultSchema ofNextLogin(Connection connection) throws SQLException {
		return new DefaultSchema(LoginSchema.read(connection));
	}

	/**
	 * Says that the next start looks elsewhere than this one, if it does.
	 * @param table the history, with its schema
	 */
	Optional<Problem> moved(HistoryTable table) {
		String schema = table.schema();
		if (schema == null || schema.equals(this.name)) {
			return Optional.empty();
		}
		return Optional.of(Problem
			.warning(ErrorCode.HISTORY_ELSEWHERE, null,
					"This run has moved the default schema of the connection: it was " + Identifiers.quote(schema)
							+ ", where the history lies, and is "
							+ ((this.name != null) ? Identifiers.quote(this.name) : "none")
							+ " from the next start on, which would refuse to run.",
					"Set " + SettingNames.name("schema") + "=" + schema + ".")
			.withState("All migrations of this run are applied and recorded."));
	}

}
