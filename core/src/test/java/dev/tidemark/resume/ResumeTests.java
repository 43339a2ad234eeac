package dev.tidemark.resume;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the next run makes of a migration whose instance died.
 */
@ExtendWith(PostgresExtension.class)
class ResumeTests {

	private static final Identity SECOND = new Identity.Versioned(MigrationVersion.of("2"));

	private static final String ONE = "INSERT INTO log VALUES ('one')";

	private static final String TWO = "INSERT INTO log VALUES ('two')";

	private final TestDatabase database;

	private MigrationFolder folder;

	ResumeTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int); CREATE TABLE log (x text)");
		migrate();
	}

	private RunResult migrate() {
		return this.folder.tidemark(this.database).build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private List<String> history() {
		return this.database
			.rows("SELECT version, state, statements_done FROM tidemark_history WHERE rank > 1 ORDER BY rank");
	}

	private List<String> log() {
		return this.database.rows("SELECT x FROM log ORDER BY x");
	}

	/** Kills the migrating backend while its index waits for an open transaction. */
	private void killWhileBuildingAnIndex() throws Exception {
		killWhileBuildingAnIndex(this.folder.tidemark(this.database).build());
	}

	private void killWhileBuildingAnIndex(Tidemark tidemark) throws Exception {
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("INSERT INTO a VALUES (1)");
			CompletableFuture<Void> run = OwnThread
				.run(() -> catchThrowableOfType(TidemarkException.class, tidemark::migrate));
			await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(this.database.value("""
					SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark'
					AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'""")));
			this.database
				.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark'");
			run.get(30, TimeUnit.SECONDS);
			writer.commit();
		}
	}

	/** Leaves the row that an instance leaves which dies after some statements. */
	private void interruptedAfter(String... done) {
		this.database.execute("INSERT INTO tidemark_history SELECT (jsonb_populate_record(h, jsonb_build_object('rank',"
				+ " 2, 'version', '2', 'state', 'running', 'finished_at', null, 'statements_total', 2,"
				+ " 'statements_done', " + done.length + ", 'journal', '" + Checksum.of(List.of(done))
				+ "'))).* FROM tidemark_history h WHERE rank = 1");
	}

	private int lastRank() {
		return Integer.parseInt(this.database.value("SELECT max(rank) FROM tidemark_history"));
	}

	private void resolve(Resolution resolution) {
		this.folder.tidemark(this.database)
			.installedBy("operator")
			.build()
			.resolve(ResolveRequest.of(SECOND, lastRank(), resolution, "checked by hand")
				.within(Duration.ofSeconds(30)));
	}

	@Test
	@Timeout(90)
	void anIndexThatWasInterruptedIsBuiltAgainAndTheRestRunsOnce() throws Exception {
		this.folder.add("V2__b.sql", """
				INSERT INTO log VALUES ('before');
				CREATE INDEX CONCURRENTLY a_x ON a (x);
				INSERT INTO log VALUES ('after')""");
		killWhileBuildingAnIndex();
		assertThat(history()).containsExactly("2|running|1");

		migrate();

		assertThat(history()).containsExactly("2|interrupted|1", "2|applied|3");
		assertThat(log()).containsExactly("after", "before");
		assertThat(this.database
			.rows("SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 'a'::regclass"))
			.containsExactly("a_x|t");
	}

	@Test
	@Timeout(90)
	void whatTheFileSetBeforeHoldsWhenItGoesOn() throws Exception {
		this.folder.add("V2__b.sql", """
				SET search_path = public, pg_temp;
				SELECT pg_catalog.set_config('work_mem', '7MB', false);
				CREATE INDEX CONCURRENTLY a_x ON a (x);
				INSERT INTO log VALUES (current_setting('search_path') || ' ' || current_setting('work_mem'))""");
		killWhileBuildingAnIndex();

		migrate();

		assertThat(log()).containsExactly("public, pg_temp 7MB");
	}

	@Test
	void anIndexThatWasFinishedIsAccepted() {
		this.folder.add("V2__b.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x);" + ONE);
		interruptedAfter();
		this.database.execute("CREATE INDEX a_x ON a (x)");

		assertThat(migrate().applied()).hasSize(1);
		assertThat(log()).containsExactly("one");
	}

	@Test
	void anIndexOfAnotherDefinitionIsNotTouched() {
		this.folder.add("V2__b.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x);" + ONE);
		interruptedAfter();
		this.database.execute("CREATE INDEX a_x ON a (x DESC)");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("DESC").hasMessageContaining("tidemark.resolve.as=retry");
		assertThat(failure().code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(history()).containsExactly("2|interrupted|0", "2|interrupted|0");
		assertThat(log()).isEmpty();
	}

	@Test
	@Timeout(90)
	void whatAPersonHasToDecideShowsPlaceholdersAndNotTheirValues() throws Exception {
		this.folder.add("V2__b.sql", "CREATE INDEX CONCURRENTLY ${x}_idx ON a (x)");
		Tidemark tidemark = this.folder.tidemark(this.database).placeholders(Map.of("x", "Sales")).build();
		killWhileBuildingAnIndex(tidemark);
		this.database.execute("DROP INDEX sales_idx; CREATE INDEX sales_idx ON a (x DESC)");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("DROP INDEX CONCURRENTLY \"public\".\"${x}_idx\"")
			.hasMessageNotContainingAny("sales", "Sales");
		assertThat(this.database.value("SELECT error_message FROM tidemark_history WHERE rank = 3"))
			.contains("${x}_idx")
			.doesNotContainIgnoringCase("sales");
	}

	@Test
	void aTransactionThatWasNotCommittedRunsAgain() {
		this.folder.add("V2__b.sql", "VACUUM a;" + TWO);
		interruptedAfter("VACUUM a");

		migrate();

		assertThat(log()).containsExactly("two");
	}

	@Test
	void aPlainStatementInDoubtIsNotGuessed() {
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\n" + ONE + ";" + TWO);
		interruptedAfter(ONE);

		assertThat(failure().code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(log()).isEmpty();
	}

	@Test
	void resolvedAsAppliedItIsDone() {
		aPlainStatementInDoubtIsNotGuessed();
		resolve(Resolution.APPLIED);

		assertThat(migrate().applied()).isEmpty();
		assertThat(log()).isEmpty();
		assertThat(history()).last().isEqualTo("2|applied|2");
	}

	@Test
	void resolvedAsRetryItGoesOnAfterWhatIsDone() {
		aPlainStatementInDoubtIsNotGuessed();
		resolve(Resolution.RETRY);

		assertThat(migrate().applied()).hasSize(1);
		assertThat(log()).containsExactly("two");
	}

	@Test
	void resolvedAsUndoneItRunsFromItsBeginning() {
		aPlainStatementInDoubtIsNotGuessed();
		resolve(Resolution.UNDONE);

		assertThat(migrate().applied()).hasSize(1);
		assertThat(log()).containsExactly("one", "two");
	}

	@Test
	void aResolutionIsRecordedWithWhoAndWhy() {
		aPlainStatementInDoubtIsNotGuessed();
		resolve(Resolution.APPLIED);

		assertThat(this.database.rows("SELECT installed_by, note FROM tidemark_history ORDER BY rank DESC LIMIT 1"))
			.containsExactly("operator|checked by hand");
	}

	@Test
	void aDecisionAboutOneRunIsNeverTakenForAnother() {
		aPlainStatementInDoubtIsNotGuessed();

		TidemarkException refused = catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database)
					.build()
					.resolve(ResolveRequest.of(SECOND, lastRank() - 1, Resolution.UNDONE, "an older decision")
						.within(Duration.ofSeconds(30))));

		assertThat(refused.code()).isEqualTo(ErrorCode.NOTHING_TO_RESOLVE);
		assertThat(refused)
			.hasMessageContaining("the last one of version 2 has rank " + lastRank() + ", and is interrupted");
		assertThat(history()).containsExactly("2|interrupted|1", "2|interrupted|1");
	}

	@Test
	void aDecisionNeedsAReason() {
		aPlainStatementInDoubtIsNotGuessed();

		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database)
					.build()
					.resolve(ResolveRequest.of(SECOND, lastRank(), Resolution.APPLIED, " ")))
			.code()).isEqualTo(ErrorCode.SETTING);
		assertThat(history()).containsExactly("2|interrupted|1", "2|interrupted|1");
	}

	@Test
	void whatIsInOrderCannotBeResolved() {
		assertThat(catchThrowableOfType(TidemarkException.class, () -> resolve(Resolution.APPLIED)).code())
			.isEqualTo(ErrorCode.NOTHING_TO_RESOLVE);
	}

}
