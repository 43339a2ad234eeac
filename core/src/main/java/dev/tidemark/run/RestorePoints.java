package dev.tidemark.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.RestorePoint;
import dev.tidemark.plan.Step;
import dev.tidemark.safety.Finding;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.StringLiteral;

/**
 * Marks in the log of the server where a run begins that may lose data. It helps those
 * who restore a backup later, and never stops a run.
 */
final class RestorePoints {

	/** What the server takes for a name. */
	private static final int LONGEST_NAME = 63;

	private static final String FUNCTION = "pg_catalog.pg_create_restore_point(pg_catalog.text)";

	private static final Logger logger = PlainLogger.of(RestorePoints.class);

	private RestorePoints() {
	}

	/**
	 * Marks where a run begins.
	 * @param context what the run shares
	 * @param steps what will run
	 * @param findings what may be lost, at least one
	 * @return what the run shares from now on
	 */
	static RunContext mark(RunContext context, List<Step> steps, List<Finding> findings) {
		RestorePoint point = make(context.session(), context.table(), steps, findings, context.author().deploymentId());
		return (point != null) ? context.since(point) : context;
	}

	/**
	 * Makes a restore point, or if the server makes none reads where its log is.
	 * @param session a session that is set up, outside of a transaction
	 * @param table the history, which shall record it
	 * @param steps what will run
	 * @param findings what may be lost, at least one
	 * @param deploymentId names the run
	 * @return what the history can record, or {@code null} if it cannot
	 */
	private static @Nullable RestorePoint make(Session session, HistoryTable table, List<Step> steps,
			List<Finding> findings, String deploymentId) {
		RestorePoint point = null;
		try {
			String obstacle = obstacle(session.connection());
			String name = (obstacle == null) ? name(steps, findings, deploymentId) : null;
			point = new RestorePoint(name, position(session.connection(), name));
			logger.info("This run may lose data ({}); before it: {}{}", inWords(findings), point,
					(obstacle != null) ? ", without a named restore point: " + obstacle : "");
			return isRecordable(session, table) ? point : null;
		}
		catch (SQLException ex) {
			logger.warn("This run may lose data ({}), and {}: {}", inWords(findings),
					(point != null) ? "the history cannot record " + point : "no restore point was made before it",
					session.errorOf(ex));
			return null;
		}
	}

	private static String inWords(List<Finding> findings) {
		Finding first = findings.get(0);
		String more = (findings.size() > 1) ? " and " + (findings.size() - 1) + " more" : "";
		return first.rule() + " at " + first.place() + more;
	}

	private static String name(List<Step> steps, List<Finding> findings, String deploymentId) {
		String script = findings.get(0).place().script();
		String version = steps.stream()
			.map(Step::migration)
			.filter((migration) -> migration.script().equals(script))
			.flatMap((migration) -> Stream.ofNullable(migration.identity().version()))
			.map(MigrationVersion::toString)
			.findFirst()
			.orElse("repeatable");
		String name = "tidemark_" + deploymentId + "_" + version;
		return name.substring(0, Math.min(name.length(), LONGEST_NAME));
	}

	/**
	 * Returns why the server would make no restore point.
	 * @param connection a connection with the role of migrations
	 * @return the reason, or {@code null} if it would make one
	 */
	static @Nullable String obstacle(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery(),"
						+ " pg_catalog.current_setting('wal_level'), pg_catalog.has_function_privilege('" + FUNCTION
						+ "', 'EXECUTE'), CURRENT_USER")) {
			results.next();
			if (results.getBoolean(1)) {
				return "the server is a standby";
			}
			if (results.getString(2).equals("minimal")) {
				return "with wal_level=minimal nothing can be restored from the log";
			}
			String role = Identifiers.quote(results.getString(4));
			return results.getBoolean(3) ? null : "the role " + role + " may not call pg_create_restore_point; GRANT"
					+ " EXECUTE ON FUNCTION " + FUNCTION + " TO " + role + "; allows it";
		}
	}

	private static String position(Connection connection, @Nullable String name) throws SQLException {
		String function = (name != null) ? "pg_create_restore_point(" + StringLiteral.quote(name) + ")"
				: "pg_current_wal_insert_lsn()";
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog." + function)) {
			results.next();
			return results.getString(1);
		}
	}

	/** Tables that an older version has made have no place for it. */
	private static boolean isRecordable(Session session, HistoryTable table) throws SQLException {
		if (table.layout().hasRestorePoints(session.connection())) {
			return true;
		}
		try {
			session.write(table.layout().addRestorePoints());
			return true;
		}
		catch (SQLException ex) {
			session.rollBack();
			logger.warn(
					"The history {} has no columns for a restore point, so this one is not recorded in it. Its owner"
							+ " can add them: {}; {}",
					table.qualifiedName(), table.layout().addRestorePoints(), session.errorOf(ex));
			return false;
		}
	}

}
