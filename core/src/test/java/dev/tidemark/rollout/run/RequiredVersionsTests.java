package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What has to be done before a build may serve.
 */
@ExtendWith(PostgresExtension.class)
class RequiredVersionsTests {

	private final TestDatabase database;

	private Backfilling backfill;

	RequiredVersionsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private static List<String> required(Tidemark instance) {
		return instance.backfills().required().stream().map((one) -> one.version().toString()).toList();
	}

	private void backfill(String options) {
		this.backfill.users(10)
			.file("-- tidemark: batch table=users " + options + "\nUPDATE users SET n = n + 1 WHERE {batch}");
	}

	@ParameterizedTest
	@CsvSource({ "ready, true", "fail, true", "now, false", "later, false" })
	void aBuildWaitsForTheBackfillsThatItReads(String reads, boolean waits) {
		backfill("reads=" + reads);

		assertThat(required(this.backfill.instance())).isEqualTo(waits ? List.of("2") : List.of());

		this.backfill.work();
		assertThat(required(this.backfill.instance())).isEmpty();
	}

	@Test
	void aLaterFileMayRequireIt() {
		backfill("reads=later");
		this.backfill.file("V3__reader.sql", "-- tidemark: requires=2\nSELECT 1");
		this.backfill.instance().migrate();

		assertThat(required(this.backfill.instance())).containsExactly("2");

		this.backfill.work();
		assertThat(required(this.backfill.instance())).isEmpty();
	}

	@Test
	void aSettingMayRequireIt() {
		backfill("reads=later");
		Tidemark instance = this.backfill.builder().requires(List.of(MigrationVersion.of("2"))).build();

		assertThat(instance.backfills().required()).singleElement()
			.satisfies((one) -> assertThat(one.required()).isTrue());
	}

	@Test
	void aVersionThatThereIsNotIsRefused() {
		backfill("reads=later");
		Tidemark instance = this.backfill.builder().requires(List.of(MigrationVersion.of("7"))).build();

		TidemarkException refusal = catchThrowableOfType(TidemarkException.class,
				() -> instance.backfills().required());

		assertThat(refusal.code()).isEqualTo(ErrorCode.BACKFILL_REQUIRED);
		assertThat(refusal).hasMessageContaining("Version 7");
	}

	@Test
	void aVersionWhoseFileIsGoneIsKnownToBeDone() {
		backfill("");
		this.backfill.work();
		this.backfill.remove("V2__move.backfill.sql");
		Tidemark instance = this.backfill.builder().requires(List.of(Backfilling.VERSION)).build();

		assertThat(instance.backfills().required()).isEmpty();
	}

	@Test
	void oneThatIsSkippedHoldsUpNobody() {
		backfill("");
		Tidemark instance = this.backfill.builder().skip(Map.of(Identity.of("2"), "it is done by hand")).build();

		assertThat(required(instance)).isEmpty();
	}

	@Test
	void oneThatIsForOtherEnvironmentsHoldsUpNobody() {
		backfill("\n-- tidemark: only=prod");

		assertThat(required(this.backfill.builder().environments(List.of("test")).build())).isEmpty();
		assertThat(required(this.backfill.builder().environments(List.of("prod")).build())).containsExactly("2");
	}

	@Test
	void oneThatIsCancelledStillHoldsItUp() {
		backfill("");
		this.backfill.control(Action.CANCEL);

		List<BackfillProgress> required = this.backfill.instance().backfills().required();

		assertThat(required).hasSize(1);
		assertThat(required.get(0).state()).hasToString("cancelled");
	}

}
