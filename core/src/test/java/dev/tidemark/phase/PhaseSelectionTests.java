package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunResult;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What else decides which migrations run, and phases.
 */
@ExtendWith(PostgresExtension.class)
class PhaseSelectionTests {

	private final TestDatabase database;

	private final PhaseFixture given;

	PhaseSelectionTests(TestDatabase database, @TempDir Path path) {
		this.database = database;
		this.given = new PhaseFixture(database, path).users();
	}

	private static RunResult migrate(Tidemark.Builder tidemark) {
		return tidemark.build().migrate();
	}

	private Tidemark.Builder grown() {
		this.given.migrate();
		this.given.phases();
		return this.given.tidemark();
	}

	@Test
	void noPhaseAboveTheTargetStarts() {
		RunResult result = migrate(grown().target(MigrationVersion.of("2")));

		assertThat(PhaseFixture.states(result.migrations())).containsExactly("1 applied", "2 applied", "3 pending",
				"4 pending");
		assertThat(result.leavesBackfills()).isFalse();
	}

	@Test
	void norDoesItInANewDatabase() {
		this.given.phases();

		RunResult result = migrate(this.given.tidemark().target(MigrationVersion.of("3")));

		assertThat(PhaseFixture.states(result.migrations())).containsExactly("1 applied", "2 applied", "3 applied",
				"4 pending");
	}

	@Test
	void aBackfillMayBePicked() {
		Tidemark.Builder tidemark = grown();
		this.given.migrate();

		RunResult result = migrate(tidemark.cherryPick(Set.of(Identity.of("3"))));

		assertThat(PhaseFixture.waiting(result.migrations())).isEqualTo(Map.of("3", "runs after the start"));
		assertThat(result.leavesBackfills()).isTrue();
	}

	@Test
	void aContractMayNotBePickedAsLongAsItsGateIsClosed() {
		TidemarkException failure = this.given.failure(grown().cherryPick(Set.of(Identity.of("4"))));

		assertThat(failure.code()).isEqualTo(ErrorCode.NOT_PICKABLE);
		assertThat(this.given.hasColumn("email")).isTrue();
	}

	@Test
	void aSkippedBackfillIsRecordedAndItsContractSaysWhatItNeeds() {
		RunResult result = migrate(grown().skip(Map.of(Identity.of("3"), "moved by hand")));

		assertThat(PhaseFixture.states(result.migrations())).contains("3 skipped", "4 waiting");
		assertThat(PhaseFixture.waiting(result.migrations()).get("4")).contains("which was skipped");
		assertThat(result.leavesBackfills()).isFalse();
		assertThat(this.database.value("SELECT phase || ' ' || state FROM tidemark_history WHERE version = '3'"))
			.isEqualTo("backfill skipped");
		assertThat(PhaseFixture.states(this.given.migrate().migrations())).contains("3 skipped");
	}

	@Test
	void oneThatIsSkippedInANewDatabaseDoesNotRunThere() {
		this.given.phases();

		RunResult result = migrate(this.given.tidemark().skip(Map.of(Identity.of("4"), "kept")));

		assertThat(PhaseFixture.states(result.migrations())).contains("3 applied", "4 skipped");
		assertThat(this.given.hasColumn("email")).isTrue();
	}

	@Test
	void aBackfillThatHasBegunIsNotSkipped() throws SQLException {
		Tidemark.Builder tidemark = grown();
		this.given.migrate();
		this.given.begun("3", "RUNNING");

		TidemarkException failure = this.given.failure(tidemark.skip(Map.of(Identity.of("3"), "no time")));

		assertThat(failure.code()).isEqualTo(ErrorCode.NOT_SKIPPABLE);
	}

	@Test
	void aBackfillOfAnotherEnvironmentIsSkipped() {
		Tidemark.Builder tidemark = grown();
		this.given.folder().add("V3__copy_email.backfill.sql", "-- tidemark: only=prod\n" + PhaseFixture.BACKFILL);

		RunResult result = migrate(tidemark);

		assertThat(PhaseFixture.states(result.migrations())).contains("3 skipped", "4 waiting");
		assertThat(result.leavesBackfills()).isFalse();
	}

	@Test
	void outOfOrderIsAboutExpandFiles() {
		Tidemark.Builder tidemark = grown().outOfOrder(OutOfOrder.FAIL);
		this.given.folder().add("V9__z.sql", "SELECT 1");
		migrate(tidemark);
		this.given.folder()
			.add("V5__copy.backfill.sql", PhaseFixture.BACKFILL)
			.add("V6__drop.contract.sql", "SELECT 1");
		assertThat(migrate(tidemark).warnings()).isEmpty();
		this.given.folder().add("V7__late.sql", "SELECT 1");

		assertThat(this.given.failure(tidemark).code()).isEqualTo(ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void aPersonDecidesAboutAContractThatAFreshRunHasLeftHalfDone() {
		this.given.folder().add("V2__drop.contract.sql", "CREATE INDEX CONCURRENTLY i ON users (email); SELECT 1 / 0");
		this.given.failure();

		this.given.tidemark()
			.build()
			.resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.APPLIED, "done by hand"));

		assertThat(this.database.rows("SELECT phase || ' ' || state FROM tidemark_history WHERE version = '2'"))
			.contains("contract applied");
		assertThat(PhaseFixture.states(this.given.migrate().migrations())).containsExactly("1 applied", "2 applied");
	}

	@Test
	void plansOfTenantsAreTheSame() {
		this.database.execute("CREATE SCHEMA one; CREATE SCHEMA two");
		this.given.folder()
			.remove("V1__users.sql")
			.add("V1__users.sql",
					"CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a')");
		Tenants.builder(this.given.tidemark().build(), TenantSchemas.of(List.of("one"))).build().migrate();
		this.given.phases();

		Tenants.builder(this.given.tidemark().build(), TenantSchemas.of(List.of("one", "two"))).build().migrate();

		assertThat(this.database.value("SELECT count(*) FROM one.users WHERE email_address IS NULL")).isEqualTo("1");
		assertThat(this.database.value("SELECT email_address FROM two.users")).isEqualTo("a");
		assertThat(this.database.rows("SELECT phase FROM two.tidemark_history ORDER BY rank")).containsExactly("expand",
				"expand", "backfill", "contract");
	}

}
