package dev.tidemark.migrate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Runs that take only some of the migrations.
 */
@ExtendWith(PostgresExtension.class)
class SelectionTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	SelectionTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("V3__c.sql", "CREATE TABLE c ()")
			.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS x");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private RunResult pick(String... identities) {
		return tidemark().cherryPick(Stream.of(identities).map(Identity::of).toList()).build().migrate();
	}

	private RunResult skip(String identity, String reason) {
		return tidemark().skip(Map.of(Identity.of(identity), reason)).build().migrate();
	}

	private RunResult migrate() {
		return tidemark().build().migrate();
	}

	private static List<String> applied(RunResult result) {
		return result.applied().stream().map((applied) -> applied.identity().toString()).toList();
	}

	private List<String> history() {
		return this.database.rows("SELECT version, state, note FROM tidemark_history ORDER BY rank");
	}

	@Test
	void aPickRunsAndTheRestFollowsWithPermission() {
		RunResult result = pick("3", "1");

		assertThat(applied(result)).containsExactly("1", "3");
		assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.LEFT_BEHIND);
		assertThat(applied(pick("3", "1"))).isEmpty();
		TidemarkException refused = catchThrowableOfType(TidemarkException.class, this::migrate);
		assertThat(refused.code()).isEqualTo(ErrorCode.OUT_OF_ORDER);
		assertThat(applied(tidemark().outOfOrder(OutOfOrder.APPLY).build().migrate())).containsExactly("2", "v");
	}

	@Test
	void whatIsLeftBehindCanBePickedLater() {
		pick("3");

		assertThat(applied(pick("1", "2"))).containsExactly("1", "2");
		assertThat(applied(migrate())).containsExactly("v");
	}

	@Test
	void aPickThatNobodyKnowsChangesNothing() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> pick("1", "7"));

		assertThat(failure.code()).isEqualTo(ErrorCode.SELECTION_UNKNOWN);
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname IN ('a', 'tidemark_history')")).isEmpty();
	}

	@Test
	void whatFailsWithoutADependencyThatWasLeftOutSaysSo() {
		this.folder.add("R__w.sql", "-- tidemark: depends-on=v\nCREATE VIEW w AS SELECT x FROM v");

		assertThat(catchThrowableOfType(TidemarkException.class, () -> pick("w")))
			.hasMessageContaining("This may be the cause: The file depends on the repeatable 'v', which never ran");
	}

	@Test
	void aSkipIsRecordedOnceWithItsReasonAndHolds() {
		assertThat(applied(skip("2", "it was done by hand, INC-1"))).containsExactly("1", "3", "v");
		assertThat(applied(skip("2", "it was done by hand, INC-1"))).isEmpty();
		assertThat(applied(migrate())).isEmpty();

		assertThat(history()).containsExactly("2|skipped|it was done by hand, INC-1", "1|applied|", "3|applied|",
				"|applied|");
	}

	@Test
	void aSkipHasAReason() {
		assertThatIllegalArgumentException().isThrownBy(() -> tidemark().skip(Map.of(Identity.of("2"), " ")))
			.withMessage("'run.skip' must say why version 2 does not run");
	}

	@Test
	void aSkippedVersionIsNotTheCurrentOne() {
		assertThat(skip("3", "not yet").currentVersion()).hasToString("2");
	}

	@Test
	void aPickTakesASkipBack() {
		skip("2", "INC-1");

		assertThat(applied(pick("2"))).containsExactly("2");
		assertThat(applied(migrate())).isEmpty();
		assertThat(history()).last().isEqualTo("2|applied|");
	}

	@Test
	void aSkipMayBeAllThatThereIsToDo() {
		pick("1", "2", "v");
		this.folder.remove("V3__c.sql").add("V4__d.sql", "CREATE TABLE d ()");

		assertThat(skip("4", "INC-1").applied()).isEmpty();
		assertThat(history()).last().isEqualTo("4|skipped|INC-1");
	}

	@Test
	void aCheckTellsThatASkipIsNotRecordedYet() {
		pick("1", "2", "v");
		Tidemark skipping = tidemark().skip(Map.of(Identity.of("3"), "INC-1")).build();

		assertThat(catchThrowableOfType(TidemarkException.class, skipping::verify).code()).isEqualTo(ErrorCode.PENDING);
		skipping.migrate();
		assertThat(tidemark().build().verify().database().schema()).isEqualTo("public");
	}

	@Test
	void aFileRunsOnlyInItsEnvironments() {
		this.folder.add("V2__b.sql", "-- tidemark: only=prod,staging\nCREATE TABLE b ()");

		RunResult test = tidemark().schema("t").environments(List.of("test")).build().migrate();
		RunResult staging = tidemark().schema("s").environments(List.of("eu", "staging")).build().migrate();

		assertThat(applied(test)).containsExactly("1", "3", "v");
		assertThat(applied(staging)).containsExactly("1", "2", "3", "v");
		assertThat(this.database.rows("SELECT version FROM t.tidemark_history WHERE state <> 'applied'")).isEmpty();
		assertThat(tidemark().schema("t").environments(List.of("test")).build().verify().database().schema())
			.isEqualTo("t");
	}

	@Test
	void aCallbackRunsOnlyInItsEnvironments() {
		this.folder.add("afterMigrate__one.sql", "-- tidemark: only=test\nCREATE TABLE of_test ()")
			.add("afterMigrate__two.sql", "CREATE TABLE of_all ()")
			.add("beforeMigrate.sql", "-- tidemark: only=prod\nthis is 'not even SQL");

		tidemark().environments(List.of("staging")).build().migrate();

		assertThat(this.database.value("SELECT to_regclass('of_test')")).isNull();
		assertThat(this.database.value("SELECT to_regclass('of_all')")).isEqualTo("of_all");
		this.database.execute("DROP TABLE of_all");
		tidemark().environments(List.of("test")).build().migrate();
		assertThat(this.database.value("SELECT to_regclass('of_test')")).isEqualTo("of_test");
	}

	@Test
	void codeIsSkippedAndPickedAsFilesAre() {
		CodeMigration code = new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of("4");
			}

			@Override
			public void migrate(JdbcContext jdbc) {
				jdbc.client().sql("CREATE TABLE by_code ()").update();
			}

		};
		Tidemark.Builder builder = tidemark().migration(code);

		assertThat(applied(builder.skip(Map.of(Identity.of("4"), "INC-1")).build().migrate())).doesNotContain("4");
		assertThat(applied(builder.skip(Map.of()).cherryPick(List.of(Identity.of("4"))).build().migrate()))
			.containsExactly("4");
		assertThat(applied(builder.cherryPick(List.of()).build().migrate())).isEmpty();
	}

	@Test
	void aFileThatComesIntoItsEnvironmentLaterNeedsPermission() {
		this.folder.add("V2__b.sql", "-- tidemark: only=prod\nCREATE TABLE b ()");
		migrate();
		Tidemark.Builder prod = tidemark().environments(List.of("prod"));

		assertThat(catchThrowableOfType(TidemarkException.class, () -> prod.build().migrate()).code())
			.isEqualTo(ErrorCode.OUT_OF_ORDER);
		assertThat(applied(prod.outOfOrder(OutOfOrder.WARN).build().migrate())).containsExactly("2");
	}

	@Test
	void everyRowOfADeploymentHasItsTag() {
		this.folder.add("V3__c.sql", "CREATE TABLE c (x int); CREATE INDEX CONCURRENTLY ON c (x); SELECT 1 / 0");
		Tidemark tagged = tidemark().tag("release-42").skip(Map.of(Identity.of("2"), "INC-1")).build();
		catchThrowableOfType(TidemarkException.class, tagged::migrate);
		tidemark().tag("release-43")
			.build()
			.resolve(ResolveRequest.of(Identity.of("3"), 3, Resolution.APPLIED, "by hand"));
		migrate();

		assertThat(this.database.rows("SELECT version, state, tag FROM tidemark_history ORDER BY rank"))
			.containsExactly("2|skipped|release-42", "1|applied|release-42", "3|failed|release-42",
					"3|applied|release-43", "|applied|");
	}

}
