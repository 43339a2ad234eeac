package dev.tidemark.command;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.EstimatedFacts;
import dev.tidemark.catalogue.LiveFacts;
import dev.tidemark.catalogue.WalMark;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.plan.Plan;
import dev.tidemark.run.preview.Backup;
import dev.tidemark.run.preview.BackupEvidence;
import dev.tidemark.run.preview.DataAtRisk;
import dev.tidemark.run.preview.WalArchive;
import dev.tidemark.safety.DataLoss;
import dev.tidemark.safety.Facts;
import dev.tidemark.safety.Finding;
import dev.tidemark.safety.UnaskedFacts;
import dev.tidemark.session.Session;

/**
 * Looks at what a run may lose, and at what would bring it back.
 *
 * @since 0.1.0
 */
public final class DataAtRiskReader {

	private static final Logger logger = PlainLogger.of(DataAtRiskReader.class);

	private final List<BackupEvidence> evidence;

	private final boolean restorePoints;

	/**
	 * Makes a reader.
	 * @param evidence who knows backups
	 * @param restorePoints whether a run makes restore points
	 */
	public DataAtRiskReader(List<BackupEvidence> evidence, boolean restorePoints) {
		this.evidence = List.copyOf(evidence);
		this.restorePoints = restorePoints;
	}

	/**
	 * Finds quickly what a run may lose. Where a table has rows, any of its columns may
	 * have values.
	 * @param session a session that is set up
	 * @return the findings; none where the database holds nothing of ours yet
	 */
	static List<Finding> estimate(Session session, Plan plan, History history) {
		return find(plan, history, new EstimatedFacts(new LiveFacts(session.connection())));
	}

	private static List<Finding> find(Plan plan, History history, Facts facts) {
		// What versions that are undone have left is looked at by nobody.
		boolean fresh = history.isUntouched() && history.content().isEmpty();
		return fresh ? List.of() : DataLoss.find(plan.steps(), facts);
	}

	/**
	 * Looks, and changes nothing.
	 * @param session a session that is not set up yet
	 * @return what was found, or {@code null} if nothing would be lost
	 */
	public @Nullable DataAtRisk read(Session session, Plan plan, History history) throws SQLException {
		List<Finding> findings = find(plan, history, new UnaskedFacts());
		if (findings.isEmpty()) {
			return null;
		}
		String unexamined = null;
		try {
			session.prepare();
			findings = find(plan, history, new LiveFacts(session.connection()));
		}
		catch (TidemarkException ex) {
			// Behind some poolers no run is possible, but a look is.
			unexamined = ex.problems().get(0).what();
		}
		return findings.isEmpty() ? null : read(session, history.database(), findings, unexamined);
	}

	private DataAtRisk read(Session session, DatabaseIdentity database, List<Finding> findings,
			@Nullable String unexamined) throws SQLException {
		List<Backup> backups = new ArrayList<>();
		List<String> unknown = new ArrayList<>();
		if (this.evidence.isEmpty()) {
			unknown.add("the application has no BackupEvidence");
		}
		this.evidence.forEach((known) -> ask(session, known, database, backups, unknown));
		return new DataAtRisk(findings, unexamined, obstacle(session), WalArchive.of(session.connection()), backups,
				unknown);
	}

	private @Nullable String obstacle(Session session) throws SQLException {
		return this.restorePoints ? WalMark.obstacle(session.connection())
				: SettingNames.name("backup.restore-point") + " is false";
	}

	private static void ask(Session session, BackupEvidence evidence, DatabaseIdentity database, List<Backup> backups,
			List<String> unknown) {
		String type = evidence.getClass().getName();
		try {
			Backup newest = evidence.newest(database);
			if (newest != null) {
				backups.add(newest);
			}
			else {
				unknown.add(type + " knows none");
			}
		}
		catch (Exception | LinkageError ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			Thrown told = new Thrown(ex, session.settings().mask());
			logger.warn("The backups that {} knows cannot be found out: {}", type, told.inWords(),
					told.withoutSecrets());
			unknown.add(type + " failed with " + ex.getClass().getName());
		}
	}

}
