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

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a procedure that commits and does not come to its end.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(90)
class ProcedureResumeTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	ProcedureResumeTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", """
				CREATE TABLE a (x int);
				CREATE TABLE log (x text);
				CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
				BEGIN
				  INSERT INTO log VALUES ('one');
				  COMMIT;
				  LOCK TABLE a;
				  INSERT INTO log VALUES ('two');
				END $$""");
		this.folder.tidemark(this.database).build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database).lockTimeout(Duration.ZERO).build().migrate());
	}

	private List<String> log() {
		return this.database.rows("SELECT x FROM log ORDER BY x");
	}

	private Connection holder(String lock) throws Exception {
		Connection holder = this.database.connect();
		holder.setAutoCommit(false);
		try (Statement statement = holder.createStatement()) {
			statement.execute(lock);
		}
		return holder;
	}

	private void killWhileItWaits(String file, String lock) throws Exception {
		this.folder.add("V2__b.sql", file);
		try (Connection holder = holder(lock)) {
			CompletableFuture<Void> run = OwnThread.run(this::failure);
			await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(this.database.value("""
					SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark'
					AND datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'""")));
			this.database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
					+ " WHERE datname = current_database() AND application_name = 'tidemark'");
			run.get(30, TimeUnit.SECONDS);
			holder.commit();
		}
	}

	@Test
	void killedInItsMiddleItIsNotCalledAgain() throws Exception {
		killWhileItWaits("INSERT INTO log VALUES ('before'); CALL fill(); INSERT INTO log VALUES ('after')",
				"LOCK TABLE a");

		assertThat(failure()).extracting(TidemarkException::code).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(log()).containsExactly("before", "one");
	}

	@Test
	void killedInItsMiddleItIsNotCalledAgainIfItIsTheFirstStatement() throws Exception {
		killWhileItWaits("CALL fill(); INSERT INTO log VALUES ('after')", "LOCK TABLE a");

		assertThat(failure()).extracting(TidemarkException::code).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(log()).containsExactly("one");
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO b VALUES (1)", "SET LOCAL work_mem = '7MB'; INSERT INTO b SELECT 1",
			"COPY b FROM stdin;\n1\n\\.\n" })
	void aPlainStatementAfterItIsCommittedWithItsProgress(String sql) throws Exception {
		this.database.execute("CREATE TABLE b (x int)");
		killWhileItWaits("CALL fill(); " + sql, "LOCK TABLE b");

		this.folder.tidemark(this.database).build().migrate();

		assertThat(log()).containsExactly("one", "two");
		assertThat(this.database.rows("SELECT x FROM b")).containsExactly("1");
	}

	@Test
	void aPlainStatementAfterItIsCommittedWithItsProgressInTheRunThatGoesOnToo() throws Exception {
		this.database.execute("CREATE TABLE b (x int)");
		String file = "CALL fill(); INSERT INTO b VALUES (1); INSERT INTO b VALUES (2)";
		killWhileItWaits(file, "LOCK TABLE b");
		killWhileItWaits(file, "LOCK TABLE b");

		this.folder.tidemark(this.database).build().migrate();

		assertThat(log()).containsExactly("one", "two");
		assertThat(this.database.rows("SELECT x FROM b ORDER BY x")).containsExactly("1", "2");
	}

	@Test
	void aStatementAfterItIsInDoubtWhereAnOlderVersionWasAtIt() throws Exception {
		this.database.execute("CREATE TABLE b (x int)");
		killWhileItWaits("CALL fill(); INSERT INTO b VALUES (1)", "LOCK TABLE b");
		this.database.execute("UPDATE tidemark_history SET state = 'running',"
				+ " journal = regexp_replace(journal, ' ?session=\\S+', '') WHERE rank = 2");

		assertThat(failure()).extracting(TidemarkException::code).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(this.database.rows("SELECT x FROM b")).isEmpty();
	}

	@Test
	void whatCannotRunInATransactionRunsAfterItAsEver() {
		this.folder.add("V2__b.sql",
				"CALL fill(); CREATE INDEX CONCURRENTLY a_x ON a (x); VACUUM a;" + " INSERT INTO log VALUES ('three')");

		this.folder.tidemark(this.database).build().migrate();

		assertThat(log()).containsExactly("one", "three", "two");
	}

	@ParameterizedTest
	@ValueSource(strings = { "LOCK TABLE a", "SAVEPOINT s", "DECLARE c CURSOR FOR SELECT 1" })
	void whatNeedsATransactionFindsNoneAfterIt(String sql) {
		this.folder.add("V2__b.sql", "CALL fill(); " + sql);

		assertThat(failure()).hasMessageContaining("can only be used in transaction blocks");
	}

	@Test
	void itIsNotCalledAgainWhenItDoesNotGetALockAfterItsCommit() throws Exception {
		this.folder.add("V2__b.sql", "CALL fill()");
		try (Connection holder = holder("LOCK TABLE a")) {
			CompletableFuture<Void> run = OwnThread.run(() -> catchThrowableOfType(TidemarkException.class,
					() -> this.folder.tidemark(this.database).lockTimeout(Duration.ofMillis(200)).build().migrate()));
			await().pollDelay(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(30)).until(() -> !log().isEmpty());
			holder.commit();
			run.get(60, TimeUnit.SECONDS);
		}

		assertThat(log()).doesNotHaveDuplicates();
		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database).build().migrate())
			.code()).isEqualTo(ErrorCode.INTERRUPTED);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "DO $$ BEGIN INSERT INTO log VALUES ('half'); COMMIT; PERFORM 1 / 0; END $$", "CALL half()" })
	void whenItFailsBehindItsCommitThatIsToldWithTheDecisionThatItNeeds(String sql) {
		this.database.execute("CREATE PROCEDURE half() LANGUAGE plpgsql AS $$"
				+ " BEGIN INSERT INTO log VALUES ('half'); COMMIT; PERFORM 1 / 0; END $$");
		String file = "INSERT INTO log VALUES ('before'); %s; INSERT INTO log VALUES ('behind')";
		this.folder.add("V2__b.sql", file.formatted(sql));

		TidemarkException failure = failure();

		assertThat(failure.problems().get(0).state())
			.isEqualTo("1 of 3 statements of this file is done and stays. Of statement 2 a part may be committed: it"
					+ " may end transactions itself, and no catalogue tells how far it came.");
		assertThat(failure).hasMessageContaining(
				"tidemark.resolve.migration=2 tidemark.resolve.rank=2 and tidemark.resolve.as=retry to run statement 2");
		assertThat(failure()).hasMessageContaining("error_message of rank 2")
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.INTERRUPTED);
		this.folder.tidemark(this.database)
			.build()
			.resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.RETRY, "taken back"));
		this.folder.add("V2__b.sql", file.formatted("SELECT 1"));
		this.folder.tidemark(this.database).build().migrate();
		assertThat(log()).containsExactly("before", "behind", "half");
	}

}
