package dev.tidemark.security;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.tenant.TenantsFailedException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A history whose rows row security hides is never taken for an empty one.
 */
@ExtendWith(PostgresExtension.class)
class HistoryRowSecurityTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestDatabase database;

	private final String login;

	private MigrationFolder folder;

	HistoryRowSecurityTests(TestDatabase database) {
		this.database = database;
		this.login = "reader_" + database.name();
	}

	@BeforeEach
	void hide(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("CREATE ROLE " + this.login + " LOGIN PASSWORD 'reader'; GRANT SELECT, INSERT, UPDATE ON"
				+ " tidemark_history TO " + this.login + "; GRANT ALL ON SCHEMA public TO " + this.login
				+ "; ALTER TABLE tidemark_history ENABLE ROW LEVEL SECURITY");
	}

	@AfterEach
	void drop() {
		this.database.execute("DROP OWNED BY " + this.login + "; DROP ROLE " + this.login);
	}

	private Tidemark tidemark() {
		return tidemark(ConnectionSource.of(this.database.jdbcUrl(), this.login, "reader"));
	}

	private Tidemark tidemark(ConnectionSource connections) {
		return Tidemark.builder(connections).locations(this.folder.location()).build();
	}

	@Test
	void aRunIsRefusedAndOffersNoBaseline() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.problems()).extracting(Problem::code).containsExactly(ErrorCode.HISTORY_HIDDEN);
		assertThat(failure)
			.hasMessageContainingAll("Row security of the history table", "\"" + this.login + "\"",
					"DISABLE ROW LEVEL SECURITY")
			.hasMessageNotContaining("baseline");
	}

	@Test
	void aRunOnABorrowedConnectionIsRefused() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.jdbcUrl());
		dataSource.setUser(this.login);
		dataSource.setPassword("reader");

		assertThat(
				catchThrowableOfType(TidemarkException.class, () -> tidemark(ConnectionSource.of(dataSource)).migrate())
					.code())
			.isEqualTo(ErrorCode.HISTORY_HIDDEN);
	}

	@Test
	void aCheckIsRefused() {
		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark().verify()).code())
			.isEqualTo(ErrorCode.HISTORY_HIDDEN);
	}

	@Test
	void theEndpointTellsOfIt() {
		assertThat(tidemark().inspect(InspectRequest.everything().within(PATIENCE)).problems())
			.extracting(Problem::code)
			.containsExactly(ErrorCode.HISTORY_HIDDEN);
	}

	@Test
	void aHistoryThatIsHiddenFromItsOwnerIsRefused() {
		this.database
			.execute("ALTER TABLE tidemark_history FORCE ROW LEVEL SECURITY; ALTER TABLE tidemark_history OWNER TO "
					+ this.login);

		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate()).code())
			.isEqualTo(ErrorCode.HISTORY_HIDDEN);
	}

	@Test
	void aPolicyThatShowsSomeRowsIsNotEnough() {
		this.database.execute("CREATE POLICY partly ON tidemark_history USING (version <> '1')");

		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate()).code())
			.isEqualTo(ErrorCode.HISTORY_HIDDEN);
	}

	@Test
	void whoSeesAllRowsIsNotConcerned() {
		assertThat(this.folder.tidemark(this.database).build().migrate().applied()).isEmpty();
	}

	@Test
	void aFileThatHidesTheHistoryFromItsOwnRunIsRolledBack() {
		this.database
			.execute("ALTER TABLE tidemark_history DISABLE ROW LEVEL SECURITY; ALTER TABLE tidemark_history OWNER TO "
					+ this.login);
		this.folder.add("V2__all.sql", "ALTER TABLE tidemark_history ENABLE ROW LEVEL SECURITY;"
				+ " ALTER TABLE tidemark_history FORCE ROW LEVEL SECURITY");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_ACCESS);
		assertThat(failure).hasMessageContainingAll("WITH CHECK", "The transaction was rolled back");
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied", "2|failed");
	}

	@Test
	void aRightThatIsMissingIsStillToldAsThat() {
		this.database.execute("REVOKE ALL ON tidemark_history FROM " + this.login);

		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate()).code())
			.isEqualTo(ErrorCode.HISTORY_ACCESS);
	}

	@Test
	void theHistoryOfATenantIsRefusedAndTheOthersAreMigrated() {
		this.database.execute("GRANT CREATE ON DATABASE " + this.database.name() + " TO " + this.login);
		Tenants tenants = Tenants.builder(tidemark(), TenantSchemas.of(List.of("public", "other"))).build();

		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class, tenants::migrate);

		assertThat(failure.problems()).extracting(Problem::code).contains(ErrorCode.HISTORY_HIDDEN);
		assertThat(this.database.value("SELECT to_regclass('other.a')")).isEqualTo("other.a");
	}

}
