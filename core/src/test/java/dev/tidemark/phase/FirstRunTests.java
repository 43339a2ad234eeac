package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tenants;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunResult;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A run that began in a schema which held nothing, and did not come to its end: the next
 * one goes on with all phases, and one behind it does not.
 */
@ExtendWith(PostgresExtension.class)
class FirstRunTests {

	private static final String KILL = "; SELECT pg_terminate_backend(pg_backend_pid())";

	private static final Map<String, String> FILES = Map.of("V1__users.sql",
			"CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a'), (2, 'b')",
			"V2__email_address.sql", "ALTER TABLE users ADD COLUMN email_address text", "V3__copy_email.backfill.sql",
			"-- tidemark: batch table=users by=id\nUPDATE users SET email_address = email WHERE {batch}",
			"V4__drop_email.contract.sql", "ALTER TABLE users DROP COLUMN email", "V5__required.sql",
			"ALTER TABLE users ALTER COLUMN email_address SET NOT NULL", "R__addresses.sql",
			"CREATE OR REPLACE VIEW addresses AS SELECT id, email_address FROM users");

	private static final Map<String, String> WAITING = Map.of("7",
			"waits for the contract gate, which this version does not have yet");

	private final TestDatabase database;

	private MigrationFolder folder;

	private Path path;

	FirstRunTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void files(@TempDir Path path) {
		this.path = path;
		this.folder = new MigrationFolder(path);
		FILES.forEach(this.folder::add);
	}

	private RunResult migrate() {
		return this.folder.tidemark(this.database).build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private void mend(String file) {
		this.folder.add(file, FILES.get(file));
	}

	private List<String> firstRun() {
		return this.database.rows("SELECT state, first_run FROM tidemark_history ORDER BY rank");
	}

	/** All is there, nothing waits, and what comes from now on does. */
	private void assertWhole() {
		assertThat(this.database.rows("SELECT * FROM addresses ORDER BY id")).containsExactly("1|a", "2|b");
		assertThat(PhaseFixture.states(migrate().migrations())).allMatch((state) -> state.endsWith(" applied"))
			.hasSize(6);
		this.folder.add("V6__more.sql", "ALTER TABLE users ADD COLUMN more int")
			.add("V7__less.contract.sql", "ALTER TABLE users DROP COLUMN more");
		assertThat(PhaseFixture.waiting(migrate().migrations())).isEqualTo(WAITING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "V1__users.sql", "V2__email_address.sql", "V3__copy_email.backfill.sql",
			"V4__drop_email.contract.sql", "V5__required.sql", "R__addresses.sql" })
	void aFileThatFailsAndIsMendedDoesNotEndIt(String file) {
		this.folder.add(file,
				FILES.get(file) + (file.contains("backfill") ? " AND 1 / (id - 1) > 0" : "; SELECT 1 / 0"));
		assertThat(failure().code()).isEqualTo(ErrorCode.STATEMENT);
		mend(file);

		migrate();

		assertWhole();
	}

	@ParameterizedTest
	@ValueSource(strings = { "V1__users.sql", "V2__email_address.sql", "V4__drop_email.contract.sql",
			"V5__required.sql", "R__addresses.sql" })
	void aSessionThatIsKilledInAFileDoesNotEndIt(String file) {
		this.folder.add(file, FILES.get(file) + KILL);
		assertThat(failure().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		mend(file);

		migrate();

		assertWhole();
	}

	@Test
	void aContractThatIsDoneInPartGoesOnAndSoDoesWhatIsBehindIt() {
		this.folder.add("V4__drop_email.contract.sql", """
				-- tidemark: transaction=none
				ALTER TABLE users DROP COLUMN email;
				SELECT 1 / 0""");
		failure();
		this.folder.add("V4__drop_email.contract.sql", """
				-- tidemark: transaction=none
				ALTER TABLE users DROP COLUMN email;
				SELECT 1""");

		migrate();

		assertWhole();
	}

	@Test
	void theDecisionOfAPersonDoesNotEndIt() {
		this.folder.add("V2__email_address.sql", """
				-- tidemark: transaction=none
				ALTER TABLE users ADD COLUMN email_address text;
				SELECT 1 / 0""");
		failure();
		this.folder.tidemark(this.database)
			.build()
			.resolve(ResolveRequest.of(new Identity.Versioned(MigrationVersion.of("2")), 2, Resolution.APPLIED,
					"it is"));

		migrate();

		assertWhole();
	}

	@Test
	@Timeout(60)
	void anInstanceThatIsKilledInABackfillLeavesItToTheNextOne() throws Exception {
		this.folder.add("V3__copy_email.backfill.sql", FILES.get("V3__copy_email.backfill.sql")
				+ " AND (SELECT count(pg_sleep(60)) FROM users WHERE email_address IS NULL) > 0");
		try (MigratingProcess instance = MigratingProcess.start(this.database.jdbcUrl(), this.path,
				Duration.ofSeconds(30))) {
			await().atMost(Duration.ofSeconds(30))
				.until(() -> "1".equals(this.database.value("SELECT count(*) FROM pg_stat_activity WHERE datname ="
						+ " current_database() AND wait_event = 'PgSleep'")));
			instance.kill();
		}
		mend("V3__copy_email.backfill.sql");

		migrate();

		assertWhole();
	}

	@Test
	void eachRowButTheLastOneSaysThatItGoesOn() {
		migrate();

		assertThat(firstRun()).containsExactly("applied|t", "applied|t", "applied|t", "applied|t", "applied|t",
				"applied|f");
	}

	@Test
	void aBuildWithFewerFilesEndsIt() {
		this.folder.add("V3__copy_email.backfill.sql", FILES.get("V3__copy_email.backfill.sql") + " AND 1 / 0 > 0");
		failure();
		MigrationFolder older = new MigrationFolder(this.path.resolve("older"))
			.add("V1__users.sql", FILES.get("V1__users.sql"))
			.add("V2__email_address.sql", FILES.get("V2__email_address.sql"));
		assertThat(older.tidemark(this.database).build().migrate().applied()).isEmpty();
		assertThat(firstRun()).endsWith("failed|f");
		mend("V3__copy_email.backfill.sql");
		this.folder.remove("V5__required.sql").remove("R__addresses.sql");

		assertThat(PhaseFixture.waiting(migrate().migrations())).containsOnlyKeys("3", "4");
	}

	@Test
	void aRowOfWhoeverKnowsNothingOfItEndsIt() {
		this.folder.add("V4__drop_email.contract.sql", "SELECT 1 / 0")
			.remove("V5__required.sql")
			.remove("R__addresses.sql");
		failure();
		this.database.execute("INSERT INTO tidemark_history SELECT (jsonb_populate_record(h, jsonb_build_object('rank',"
				+ " h.rank + 1, 'first_run', NULL))).* FROM tidemark_history h ORDER BY rank DESC LIMIT 1");
		mend("V4__drop_email.contract.sql");

		assertThat(PhaseFixture.waiting(migrate().migrations())).containsOnlyKeys("4");
	}

	@Test
	void aBackfillThatHasBegunBesideTheApplicationEndsIt(@TempDir Path other) throws SQLException {
		this.folder.add("V4__drop_email.contract.sql", "SELECT 1 / 0")
			.remove("V5__required.sql")
			.remove("R__addresses.sql");
		failure();
		new PhaseFixture(this.database, this.path).begun("8", "CANCELLED", "x");
		mend("V4__drop_email.contract.sql");

		assertThat(PhaseFixture.waiting(migrate().migrations())).containsOnlyKeys("4");
	}

	@Test
	void aRunThatEndsAtATargetEndsIt() {
		this.folder.add("V2__email_address.sql", "SELECT 1 / 0");
		failure();
		mend("V2__email_address.sql");
		this.folder.remove("V5__required.sql").remove("R__addresses.sql");
		this.folder.tidemark(this.database).target(MigrationVersion.of("2")).build().migrate();

		assertThat(PhaseFixture.waiting(migrate().migrations())).containsOnlyKeys("3", "4");
	}

	@Test
	void aPhaseFileThatCameBelowWhatHasRunWaits() {
		this.folder.add("V5__required.sql", "SELECT 1 / 0");
		failure();
		mend("V5__required.sql");
		this.folder.add("V1.5__late.contract.sql", "ALTER TABLE users DROP COLUMN email");

		assertThat(PhaseFixture.waiting(migrate().migrations())).containsOnlyKeys("1.5");
	}

	@Test
	void aTableOfAnOlderLayoutThatNobodyMayChangeTellsNothingOfIt() {
		this.folder.tidemark(this.database).target(MigrationVersion.of("1")).build().migrate();
		this.database.execute("DROP TABLE users; DELETE FROM tidemark_history;"
				+ " ALTER TABLE tidemark_history DROP COLUMN first_run; CREATE ROLE " + this.database.user() + "_x");
		try {
			this.database.execute("ALTER TABLE tidemark_history OWNER TO " + this.database.user() + "_x");

			migrate();

			assertThat(this.database.rows("SELECT * FROM addresses ORDER BY id")).containsExactly("1|a", "2|b");
		}
		finally {
			this.database.execute("ALTER TABLE tidemark_history OWNER TO " + this.database.user() + "; DROP ROLE "
					+ this.database.user() + "_x");
		}
	}

	@Test
	void aTenantGoesOnWithItByItself() {
		this.database.execute("CREATE SCHEMA one; CREATE SCHEMA two");
		Tenants tenants = Tenants
			.builder(this.folder.tidemark(this.database).build(), TenantSchemas.of(List.of("one", "two")))
			.build();
		this.folder
			.add("V4__drop_email.contract.sql",
					"ALTER TABLE users DROP COLUMN email;" + " SELECT 1 / (('${tidemark.schema}' = 'one')::int)")
			.remove("V5__required.sql")
			.remove("R__addresses.sql");
		catchThrowableOfType(TidemarkException.class, tenants::migrate);
		assertThat(this.database.rows("SELECT state FROM two.tidemark_history WHERE version = '4'"))
			.containsExactly("failed");

		this.folder.add("V4__drop_email.contract.sql", "ALTER TABLE users DROP COLUMN email");
		this.database.execute("UPDATE one.tidemark_history SET checksum = NULL WHERE version = '4'");
		Tenants again = Tenants
			.builder(this.folder.tidemark(this.database).ignoreChanged(true).build(),
					TenantSchemas.of(List.of("one", "two")))
			.build();
		again.migrate();

		assertThat(this.database.rows("SELECT state FROM two.tidemark_history WHERE version = '4' ORDER BY rank"))
			.containsExactly("failed", "applied");
	}

	@Test
	void whatVerifiesSaysThatAllPhasesArePending() {
		this.folder.add("V3__copy_email.backfill.sql", FILES.get("V3__copy_email.backfill.sql") + " AND 1 / 0 > 0");
		failure();
		mend("V3__copy_email.backfill.sql");

		assertThat(this.folder.tidemark(this.database).build().status().migrations())
			.filteredOn((migration) -> migration.state() == MigrationState.WAITING)
			.isEmpty();
		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database).build().verify())
			.problems()).hasSize(4);
	}

}
