package dev.tidemark.undo;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.preview.Backup;
import dev.tidemark.run.preview.DataAtRisk;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.run.preview.WalArchive;
import dev.tidemark.safety.Rule;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnServer;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a plan says of the data that a run may lose, and of what would bring it back.
 */
@ExtendWith(PostgresExtension.class)
class DataAtRiskTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	DataAtRiskTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int); INSERT INTO a VALUES (1)");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	/** Returns the plan of a run that drops a table with rows. */
	private Preview losing(Tidemark.Builder builder) {
		Tidemark tidemark = builder.build();
		tidemark.migrate();
		this.folder.add("V2__a.sql", "DROP TABLE a");
		return tidemark.plan();
	}

	private static DataAtRisk risk(Preview preview) {
		DataAtRisk risk = preview.dataAtRisk();
		assertThat(risk).isNotNull();
		return risk;
	}

	@Test
	void aPlanTellsWhatMayBeLost() {
		Preview preview = losing(tidemark());

		assertThat(risk(preview).findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.rule()).isEqualTo(Rule.DROP_TABLE));
		assertThat(preview.toString()).contains("Data may be lost:\n  drop-table at ",
				"Restore point: the run makes one before it begins");
	}

	@Test
	void aPlanThatLosesNothingSaysNothingOfBackups() {
		tidemark().build().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		Preview preview = tidemark().build().plan();

		assertThat(preview.dataAtRisk()).isNull();
		assertThat(preview.toString()).doesNotContain("Newest backup");
	}

	@Test
	void anEmptyDatabaseHasNothingToLose() {
		this.folder.add("V2__a.sql", "DROP TABLE a");

		assertThat(tidemark().build().plan().dataAtRisk()).isNull();
	}

	@Test
	void aLookChangesNothing() {
		Preview preview = losing(tidemark());

		assertThat(preview.steps()).hasSize(1);
		assertThat(this.database.value("SELECT count(restore_point) FROM tidemark_history")).isEqualTo("0");
		assertThat(this.database.value("SELECT count(*) FROM a")).isEqualTo("1");
	}

	@Test
	void aServerThatArchivesNothingIsNamed() {
		Preview preview = losing(tidemark());

		assertThat(risk(preview).archive()).isEqualTo(new WalArchive.Off());
		assertThat(preview.toString()).contains("the server archives none (archive_mode is off)");
	}

	@Test
	void thatNobodyKnowsABackupIsSaid() {
		assertThat(losing(tidemark()).toString())
			.contains("Newest backup: not known, as the application has no BackupEvidence");
	}

	@Test
	void theNewestBackupIsShown() {
		Backup nightly = new Backup("nightly", Instant.parse("2026-11-28T03:00:00Z"), "s3://backups/shop");

		Preview preview = losing(tidemark().backupEvidence((database) -> nightly));

		assertThat(risk(preview).backups()).containsExactly(nightly);
		assertThat(preview.toString())
			.contains("Newest backup: nightly, taken at 2026-11-28T03:00:00Z, in s3://backups/shop");
	}

	@Test
	void theEvidenceIsAskedForTheDatabaseThatIsMeant() {
		Preview preview = losing(
				tidemark().backupEvidence((database) -> new Backup(database.name(), Instant.EPOCH, null)));

		assertThat(risk(preview).backups()).extracting(Backup::name).containsExactly(this.database.name());
	}

	@Test
	void anEvidenceThatFailsIsNoReasonNotToPlan() {
		Preview preview = losing(tidemark().backupEvidence((database) -> {
			throw new IllegalStateException("password=hunter2");
		}));

		assertThat(preview.toString()).contains("Newest backup: not known", "IllegalStateException")
			.doesNotContain("hunter2");
	}

	@Test
	void anEvidenceThatKnowsNoneIsNotTakenForOneThatDoes() {
		assertThat(losing(tidemark().backupEvidence((database) -> null)).toString()).contains("knows none");
	}

	@Test
	void anEvidenceWhoseClassesAreMissingIsNoReasonNotToPlan() {
		Preview preview = losing(tidemark().backupEvidence((database) -> {
			throw new NoClassDefFoundError("com/example/S3Client");
		}));

		assertThat(preview.toString()).contains("Newest backup: not known", "NoClassDefFoundError");
	}

	@Test
	void aBackupOfWhichNobodyKnowsWhenItWasTakenIsNotShownAsKnown() {
		assertThat(losing(tidemark().backupEvidence((database) -> backup(null))).toString())
			.contains("Newest backup: not known")
			.doesNotContain("null");
	}

	@SuppressWarnings("NullAway")
	private static Backup backup(@Nullable Instant takenAt) {
		return new Backup("nightly", takenAt, null);
	}

	@Test
	void passwordsInWhatIsToldOfABackupAreMasked() {
		Backup backup = new Backup("nightly password=hunter2", Instant.EPOCH, "sftp://backup:hunter2@host/shop");

		Preview preview = losing(tidemark().backupEvidence((database) -> backup));

		assertThat(preview.toString()).contains("Newest backup: nightly", "host/shop").doesNotContain("hunter2");
	}

	@Test
	void whyNoRestorePointWouldBeMadeIsSaid() {
		assertThat(losing(tidemark().restorePoints(false)).toString())
			.contains("Restore point: none, as tidemark.backup.restore-point is false");
	}

	@Test
	void whenTheLastSegmentWasArchivedIsShown() {
		try (OwnServer server = OwnServer.start(Map.of("archive_mode", "on", "archive_command", "true"));
				TestDatabase own = server.createDatabase()) {
			own.execute("CREATE SCHEMA written");
			own.execute("SELECT pg_switch_wal()");
			await(own, "last_archived_time IS NOT NULL");

			WalArchive archive = risk(losing(own)).archive();

			assertThat(archive).isInstanceOf(WalArchive.On.class);
			assertThat(archive.inWords()).matches("the last segment was archived \\d+ s ago");
		}
	}

	@Test
	void anArchiveThatFailsIsShown() {
		try (OwnServer server = OwnServer.start(Map.of("archive_mode", "on", "archive_command", "false"));
				TestDatabase own = server.createDatabase()) {
			own.execute("CREATE SCHEMA written");
			own.execute("SELECT pg_switch_wal()");
			await(own, "failed_count > 0");

			assertThat(risk(losing(own)).archive().inWords())
				.isEqualTo("the server has archived no segment since its statistics began, and the last attempt has"
						+ " failed");
		}
	}

	private Preview losing(TestDatabase own) {
		return losing(Tidemark.builder(ConnectionSource.of(own.jdbcUrl(), own.user(), own.password()))
			.locations(this.folder.location()));
	}

	private static void await(TestDatabase own, String condition) {
		Awaitility.await().until(() -> "t".equals(own.value("SELECT " + condition + " FROM pg_stat_archiver")));
	}

}
