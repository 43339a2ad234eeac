package dev.tidemark.resume;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A statement that one run leaves in doubt stays so until a run comes to it, however many
 * fail before.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class LeftInDoubtTests {

	private static final String FILE = "CALL fill(); INSERT INTO log VALUES ('after'); VACUUM a";

	private final TestDatabase database;

	private MigrationFolder folder;

	LeftInDoubtTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", """
				CREATE TABLE a (x int);
				CREATE TABLE log (x text);
				CREATE SCHEMA app;
				CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
				BEGIN
				  INSERT INTO public.log VALUES ('one');
				  COMMIT;
				  LOCK TABLE public.a;
				  INSERT INTO public.log VALUES ('two');
				END $$""");
		migrate();
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).lockTimeout(Duration.ZERO);
	}

	private void migrate() {
		tidemark().build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private List<String> log() {
		return this.database.rows("SELECT x FROM log ORDER BY x");
	}

	private List<String> states() {
		return this.database.rows("SELECT state FROM tidemark_history WHERE rank > 1 ORDER BY rank");
	}

	/** Runs, and kills the session once it waits for a lock on a table. */
	private void killed(String table) throws Exception {
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("LOCK TABLE " + table);
			CompletableFuture<Void> run = OwnThread.run(this::failure);
			await().atMost(Duration.ofSeconds(60)).until(() -> run.isDone() || "1".equals(this.database.value("""
					SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark'
					AND datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'""")));
			this.database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
					+ " WHERE datname = current_database() AND application_name = 'tidemark'");
			run.get(60, TimeUnit.SECONDS);
			holder.commit();
		}
	}

	/** A file whose procedure is killed behind its commit. */
	private void killedInItsProcedure(String file) throws Exception {
		this.folder.add("V2__b.sql", file);
		killed("a");
		assertThat(log()).contains("one");
		assertThat(states()).containsExactly("running");
	}

	/** As a version has it that did not say so before it called the procedure. */
	private void forgetThatItCommits() {
		this.database.execute("UPDATE tidemark_history SET journal = replace(journal, 'alone ', '') WHERE rank > 1");
	}

	private void resolve(Resolution resolution) {
		int rank = Integer.parseInt(this.database.value("SELECT max(rank) FROM tidemark_history"));
		tidemark().build()
			.resolve(ResolveRequest
				.of(new Identity.Versioned(MigrationVersion.of("2")), rank, resolution, "looked at it")
				.within(Duration.ofSeconds(30)));
	}

	private void assertItIsAskedFor() {
		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("what became of its last statement cannot be decided safely");
		assertThat(log()).containsExactly("one");
	}

	@Test
	void thatAProcedureCommitsIsRecordedBeforeItIsCalledByItself() throws Exception {
		killedInItsProcedure(FILE);

		assertThat(this.database.value("SELECT journal FROM tidemark_history WHERE rank = 2")).startsWith("alone ");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCallbackThatFailsBeforeItLeavesItInDoubt(boolean known) throws Exception {
		killedInItsProcedure(FILE);
		if (!known) {
			forgetThatItCommits();
		}
		this.folder.add("beforeEachMigrate.sql", "SELECT 1 / 0");

		TidemarkException failure = failure();

		assertThat(failure).hasMessageContaining("division by zero");
		assertThat(failure.problems().get(0).state()).startsWith("No statement of this file is recorded as done.")
			.contains("Whether the statement at which an earlier run ended is done");
		assertThat(states()).containsExactly("interrupted", "running");
		this.folder.add("beforeEachMigrate.sql", "SELECT 1");
		assertItIsAskedFor();
	}

	@Test
	void aSessionThatEndsBeforeItLeavesItInDoubt() throws Exception {
		killedInItsProcedure(FILE);
		forgetThatItCommits();
		this.folder.add("beforeEachMigrate.sql", "LOCK TABLE a");
		killed("a");
		assertThat(states()).containsExactly("interrupted", "running");
		this.folder.add("beforeEachMigrate.sql", "SELECT 1");

		assertItIsAskedFor();
	}

	@Test
	void aSessionThatCannotBeMadeAgainLeavesItInDoubt() throws Exception {
		killedInItsProcedure("SET search_path = app, public; VACUUM log; " + FILE);
		forgetThatItCommits();
		this.database.execute("DROP SCHEMA app");
		assertThat(failure()).hasMessageContaining("the schemas of its search path");
		this.database.execute("CREATE SCHEMA app");

		assertItIsAskedFor();
	}

	@Test
	void aRunThatCannotBeginLeavesItInDoubt() throws Exception {
		killedInItsProcedure(FILE);
		this.database.execute("""
				CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
				CREATE TRIGGER refuse BEFORE INSERT ON tidemark_history FOR EACH ROW
				  WHEN (NEW.error_code IS NULL) EXECUTE FUNCTION refuse()""");
		assertThat(failure()).hasMessageContaining("not now");
		assertThat(states()).containsExactly("interrupted", "running");
		this.database.execute("DROP TRIGGER refuse ON tidemark_history");

		assertItIsAskedFor();
	}

	/**
	 * That it was rolled back says nothing of what the procedure did by itself before.
	 */
	@Test
	void aProcedureThatFailsInTheTransactionThatIsTriedFirstStaysInDoubt() throws Exception {
		killedInItsProcedure(FILE);
		forgetThatItCommits();
		this.database.execute("ALTER TABLE log RENAME TO elsewhere");
		assertThat(failure()).hasMessageContaining("public.log");
		assertThat(states()).containsExactly("interrupted", "running");
		this.database.execute("ALTER TABLE elsewhere RENAME TO log");

		assertItIsAskedFor();
	}

	@Test
	void aSessionThatEndsInTheTransactionThatIsTriedFirstLeavesItInDoubt() throws Exception {
		killedInItsProcedure(FILE);
		forgetThatItCommits();
		killed("log");
		assertThat(states()).containsExactly("interrupted", "running");

		assertItIsAskedFor();
	}

	@Test
	void aProcedureThatCommitsNothingAnyMoreIsNotInDoubtWhenItIsCommitted() throws Exception {
		killedInItsProcedure(FILE + "; SELECT 1 / 0");
		forgetThatItCommits();
		this.database.execute("CREATE OR REPLACE PROCEDURE fill() LANGUAGE sql AS $$"
				+ " INSERT INTO public.log VALUES ('replaced') $$");

		TidemarkException failure = failure();

		assertThat(failure.problems().get(0).state()).isEqualTo("3 of 4 statements of this file are done and stay.");
		assertThat(states()).containsExactly("interrupted", "failed");
		assertThat(log()).containsExactly("after", "one", "replaced");
	}

	@Test
	void whatWasDecidedToRunAgainIsNotInDoubt() throws Exception {
		killedInItsProcedure(FILE);
		assertItIsAskedFor();
		resolve(Resolution.RETRY);
		this.folder.add("beforeEachMigrate.sql", "SELECT 1 / 0");
		assertThat(failure().problems().get(0).state()).isEqualTo("No statement of this file is recorded as done.");
		this.folder.add("beforeEachMigrate.sql", "SELECT 1");

		migrate();

		assertThat(log()).containsExactly("after", "one", "one", "two");
	}

	@Test
	void aPlainTransactionThatTheServerRefusesIsNotInDoubt() throws Exception {
		this.folder.add("V2__b.sql", "VACUUM a; INSERT INTO log VALUES ('plain'); VACUUM a");
		killed("log");
		this.database.execute("ALTER TABLE log RENAME TO elsewhere");

		assertThat(failure().problems().get(0).state()).isEqualTo("1 of 3 statements of this file is done and stays.");
		assertThat(states()).endsWith("failed");
		this.database.execute("ALTER TABLE elsewhere RENAME TO log");
		migrate();

		assertThat(log()).containsExactly("plain");
	}

	@Test
	void aPlainTransactionBeforeWhichACallbackFailsIsNotAskedFor() throws Exception {
		this.folder.add("V2__b.sql", "VACUUM a; INSERT INTO log VALUES ('plain'); VACUUM a");
		killed("log");
		this.folder.add("beforeEachMigrate.sql", "SELECT 1 / 0");
		assertThat(failure()).hasMessageContaining("division by zero");
		this.folder.add("beforeEachMigrate.sql", "SELECT 1");

		migrate();

		assertThat(log()).containsExactly("plain");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "CALL fill(); INSERT INTO b VALUES (1)", "INSERT INTO b VALUES (1); CALL fill(); VACUUM a" })
	void whatAnEarlierVersionHasLeftInDoubtStaysSo(String file) throws Exception {
		this.database.execute("CREATE TABLE b (x int)");
		this.folder.add("V2__b.sql", file);
		killed("b");
		this.database.execute("UPDATE tidemark_history SET state = 'running',"
				+ " journal = regexp_replace(journal, ' ?session=\\S+', '') WHERE rank = 2");
		this.folder.add("beforeEachMigrate.sql", "SELECT 1 / 0");
		assertThat(failure()).hasMessageContaining("division by zero");
		this.folder.add("beforeEachMigrate.sql", "SELECT 1");

		assertThat(failure()).hasMessageContaining("what became of its last statement cannot be decided safely");
		assertThat(this.database.rows("SELECT x FROM b")).isEmpty();
	}

}
