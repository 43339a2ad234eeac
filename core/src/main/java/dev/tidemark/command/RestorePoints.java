package dev.tidemark.command;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.WalMark;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.RestorePoint;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.safety.Finding;
import dev.tidemark.session.Session;

/**
 * Marks in the log of the server where a run begins that may lose data. It helps those
 * who restore a backup later, and never stops a run.
 *
 * @since 0.1.0
 */
public final class RestorePoints {

	/** What the server takes for a name. */
	private static final int LONGEST_NAME = 63;

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
	public static RunContext mark(RunContext context, List<Step> steps, List<Finding> findings) {
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
			String obstacle = WalMark.obstacle(session.connection());
			String name = (obstacle == null) ? name(steps, findings, deploymentId) : null;
			point = new RestorePoint(name, WalMark.set(session.connection(), name).position());
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
