package dev.tidemark.outcome;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.CrashableServer;
import dev.tidemark.testkit.PostgresServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a run has told of is there after its server was killed; and with a synchronous
 * standby, nothing is told of before that has it.
 */
@Timeout(240)
class CrashDurabilityTests {

	private static final String HISTORY = "SELECT version, state FROM tidemark_history ORDER BY rank";

	@TempDir
	private Path data;

	private MigrationFolder folder;

	private CrashableServer server;

	@BeforeEach
	void start(@TempDir Path files) {
		this.folder = new MigrationFolder(files);
		this.server = CrashableServer.start(this.data);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private Tidemark.Builder tidemark() {
		return Tidemark.builder(ConnectionSource.of(this.server.jdbcUrl(), PostgresServer.SUPERUSER, null))
			.locations(this.folder.location());
	}

	private List<String> rows(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.server.jdbcUrl());
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			List<String> rows = new ArrayList<>();
			while (results.next()) {
				rows.add(results.getString(1)
						+ ((results.getMetaData().getColumnCount() > 1) ? "|" + results.getString(2) : ""));
			}
			return rows;
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.server.jdbcUrl());
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET", "SET LOCAL" })
	void aRunWhoseLastFileWeakensItsCommitSurvives(String set) throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", set + " synchronous_commit = off; CREATE TABLE b ()");
		tidemark().build().migrate();

		this.server.crash();

		assertThat(rows(HISTORY)).containsExactly("1|applied", "2|applied");
		assertThat(rows("SELECT to_regclass('b')")).containsExactly("b");
	}

	@Test
	void aRunThatIsCancelledBetweenTwoFilesSurvives() throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("V2__b.sql", "CREATE TABLE b ()");
		AtomicReference<Tidemark> running = new AtomicReference<>();
		running.set(tidemark().listener(new RunListener() {

			@Override
			public void migrationApplied(MigrationInfo migration, MigrationResult result) {
				running.get().cancel();
			}

		}).build());

		assertThat(catchThrowableOfType(TidemarkException.class, running.get()::migrate).code())
			.isEqualTo(ErrorCode.CANCELLED);
		this.server.crash();

		assertThat(rows(HISTORY)).containsExactly("1|applied");
	}

	@Test
	void aRunThatFailsBetweenTwoFilesSurvives() throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("R__v.sql", "CREATE VIEW v AS SELECT 1")
			.add("beforeRepeatables.sql", "SELECT 1 / 0");

		assertThat(catchThrowableOfType(TidemarkException.class, tidemark().build()::migrate).code())
			.isEqualTo(ErrorCode.CALLBACK);
		this.server.crash();

		assertThat(rows(HISTORY)).containsExactly("1|applied");
	}

	@Test
	void withASynchronousStandbyEachCommitWaitsForIt() throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().build().migrate();
		execute("""
				CREATE TABLE seen (version text, commit text);
				CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN INSERT INTO seen VALUES (NEW.version, current_setting('synchronous_commit')); RETURN NULL; END $$;
				CREATE CONSTRAINT TRIGGER look AFTER INSERT ON tidemark_history
				  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION look()""");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V3__c.sql", "CREATE TABLE c ()");
		try (PretendedStandby standby = new PretendedStandby(this.server.jdbcUrl())) {
			require(standby);
			assertThat(tidemark().build().migrate().applied()).hasSize(2);
		}

		assertThat(rows("SELECT * FROM seen ORDER BY 1")).containsExactly("2|on", "3|on");
	}

	@Test
	void aCommitThatDoesNotKnowWhetherTheStandbyHasItSaysSo() throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().build().migrate();
		this.folder.add("V2__b.sql", "DO $$ BEGIN RAISE WARNING 'of the file'; END $$");
		try (PretendedStandby standby = new PretendedStandby(this.server.jdbcUrl());
				LogOf log = new LogOf("dev.tidemark")) {
			require(standby);
			standby.fallSilent();
			AtomicReference<RunResult> result = new AtomicReference<>();
			Thread run = new Thread(() -> result.set(tidemark().build().migrate()));
			run.start();
			String waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
			await().atMost(Duration.ofSeconds(60)).until(() -> rows(waiting).size() == 1);

			rows("SELECT pg_cancel_backend(" + rows(waiting).get(0) + ")");
			run.join();

			assertThat(result.get().applied()).hasSize(1);
			assertThat(log.at(Level.WARN)).singleElement()
				.asString()
				.contains("at the commit of version 2", "might not have been replicated to the standby");
		}
	}

	/** From now on, commits wait for the standby. */
	private void require(PretendedStandby standby) throws SQLException {
		execute("ALTER SYSTEM SET synchronous_standby_names = '" + standby.name() + "'");
		execute("SET synchronous_commit = local; SELECT pg_reload_conf()");
		await().atMost(Duration.ofSeconds(60))
			.until(() -> rows("SELECT sync_state FROM pg_stat_replication").contains("sync"));
	}

}
