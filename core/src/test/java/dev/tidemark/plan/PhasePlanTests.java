package dev.tidemark.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.foreign.SchemaContent;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.policy.Selection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What backfills and contracts do to a plan.
 */
class PhasePlanTests {

	private static final String GATE = "waits for the contract gate, which this version does not have yet";

	private static final SchemaContent FILLED = new SchemaContent(List.of("public"),
			List.of(new SchemaContent.Kind("table", 1, List.of("public.users"))));

	private PlanFixture given;

	@BeforeEach
	void fixture(@TempDir Path folder) {
		this.given = new PlanFixture(folder);
	}

	private PlanFixture policy(MigrationVersion target, Set<Identity> picked, Map<Identity, String> skipped,
			Baseline baseline) {
		return this.given.policy(new PlanPolicy(target, OutOfOrder.FAIL, false, false,
				new Selection(picked, skipped, Set.of()), baseline));
	}

	private PlanFixture skipped(String version) {
		return policy(null, Set.of(), Map.of(Identity.of(version), "INC-1"), null);
	}

	private PlanFixture picked(String version) {
		return policy(null, Set.of(Identity.of(version)), Map.of(), null);
	}

	@Test
	void whereNothingIsThereAllPhasesRunInTheOrderOfVersions() {
		this.given.files("V1__a", "V4__d").backfill("2").file("V3__c.contract.sql", "SELECT 1");

		assertThat(this.given.steps()).containsExactly("1", "2", "3", "4");
		assertThat(this.given.waiting()).isEmpty();
	}

	@Test
	void inAFilledSchemaTheyWaitAndStepsOfOthersGoOn() {
		this.given.files("V1__a", "V4__d", "R__v").backfill("2").file("V3__c.contract.sql", "SELECT 1").applied("1");

		assertThat(this.given.steps()).containsExactly("4", "v");
		assertThat(this.given.errors()).isEmpty();
		assertThat(this.given.waiting()).containsExactly(Map.entry("2", "runs after the start"),
				Map.entry("3", "waits for the backfill of version 2"));
	}

	@Test
	void whatComesLateIsNoneOutOfOrderIfOnlyLaterPhasesAreApplied() {
		this.given.files("V1__a", "V4__d").backfill("5").applied("1", "5");

		assertThat(this.given.states()).containsExactly("1 applied", "4 pending", "5 applied");
		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void noPhaseThatWaitsIsOutOfOrder() {
		this.given.files("V1__a", "V9__z").backfill("2").file("V3__c.contract.sql", "SELECT 1").applied("1", "9");

		assertThat(this.given.states()).containsExactly("1 applied", "2 waiting", "3 waiting", "9 applied");
		assertThat(this.given.plan().problems()).isEmpty();
		assertThat(this.given.plan().isEmpty()).isTrue();
	}

	@Test
	void nothingIsBelowAnExpandFileThatIsMissedBelowAnotherOne() {
		this.given.files("V1__a", "V4__d", "V9__z").backfill("2").applied("1", "9");

		assertThat(this.given.errors()).containsExactly(ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void aBackfillWaitsForThatBeforeIt() {
		this.given.files("V1__a").backfill("2").backfill("3").backfill("4", "start=manual").applied("1");

		assertThat(this.given.waiting()).containsExactly(Map.entry("2", "runs after the start"),
				Map.entry("3", "waits for the backfill of version 2"),
				Map.entry("4", "waits for a person, who starts it"));
	}

	@ParameterizedTest
	@EnumSource(names = { "PAUSED", "FAILED", "UNVERIFIED" })
	void oneThatIsStoppedHoldsUpThoseOfItsTableAlone(BackfillState state) {
		this.given.files("V1__a")
			.backfill("2")
			.file("V3__c.backfill.sql", "-- tidemark: batch table=public.users\nUPDATE users SET a = 1 WHERE {batch}")
			.file("V4__d.backfill.sql", "-- tidemark: batch table=orders\nUPDATE orders SET a = 1 WHERE {batch}")
			.applied("1")
			.begun("2", state);

		assertThat(this.given.waiting()).contains(
				Map.entry("3", "waits for the backfill of version 2 (" + state + "), which walks the same table"),
				Map.entry("4", "runs after the start"));
	}

	@Test
	void oneThatWaitsForAPersonHoldsUpNoOtherTable() {
		this.given.files("V1__a")
			.backfill("2", "start=manual")
			.file("V4__d.backfill.sql", "-- tidemark: batch table=orders\nUPDATE orders SET a = 1 WHERE {batch}")
			.applied("1");

		assertThat(this.given.waiting()).contains(Map.entry("4", "runs after the start"));
	}

	@Test
	void aContractWhoseBackfillIsDoneWaitsForTheGate() {
		this.given.files("V1__a").backfill("2").file("V3__c.contract.sql", "SELECT 1").applied("1", "2");

		assertThat(this.given.waiting()).containsExactly(Map.entry("3", GATE));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			RUNNING    | has begun, and goes on after the start
			PAUSED     | waits for a person, who has paused it
			CANCELLED  | waits for a person, who has cancelled it
			FAILED     | waits for a person: a batch of it has failed
			VERIFYING  | its rows are moved, and are verified after the start
			UNVERIFIED | waits for a person: rows do not satisfy its verification
			FINISHED   | its rows are moved and verified, and the history has yet to say so""")
	void aBackfillThatHasBegunSaysWhatItWaitsFor(BackfillState state, String reason) {
		this.given.files("V1__a").backfill("2").applied("1").begun("2", state);

		assertThat(this.given.waiting()).containsExactly(Map.entry("2", reason));
		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void noneAboveTheTargetStarts() {
		policy(MigrationVersion.of("2"), Set.of(), Map.of(), null).files("V1__a", "V2__b")
			.backfill("3")
			.file("V4__c.contract.sql", "SELECT 1")
			.applied("1");

		assertThat(this.given.states()).containsExactly("1 applied", "2 pending", "3 pending", "4 pending");
		assertThat(this.given.steps()).containsExactly("2");
	}

	@Test
	void repeatablesDoNotWaitForPhasesAboveTheTarget() {
		policy(MigrationVersion.of("2"), Set.of(), Map.of(), null).files("V1__a", "V2__b", "R__v")
			.backfill("3")
			.applied("1");

		assertThat(this.given.steps()).containsExactly("2", "v");
	}

	@Test
	void aBackfillMayBePicked() {
		picked("3").files("V1__a").backfill("2").backfill("3").applied("1");

		assertThat(this.given.states()).containsExactly("1 applied", "2 pending", "3 waiting");
		assertThat(this.given.waiting()).containsExactly(Map.entry("3", "runs after the start"));
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aContractMayNotAsLongAsItsGateIsClosed() {
		picked("3").files("V1__a").backfill("2").file("V3__c.contract.sql", "SELECT 1").applied("1");

		assertThat(this.given.plan().errors()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.NOT_PICKABLE);
			assertThat(problem.what()).contains("version 3, which cannot run: it is waiting (waits for");
		});
	}

	@Test
	void aContractMayWhereAllPhasesRun() {
		picked("3").files("V1__a").file("V3__c.contract.sql", "SELECT 1");

		assertThat(this.given.steps()).containsExactly("3");
		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void whatIsPickedAboveAPhaseLeavesNothingBehindThatComesLate() {
		picked("4").files("V1__a", "V4__d").backfill("2").applied("1");

		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void theContractOfASkippedBackfillWaitsForAVerificationOrASkip() {
		skipped("2").files("V1__a").backfill("2").file("V3__c.contract.sql", "SELECT 1").applied("1");

		assertThat(this.given.marks()).containsExactly("version 2 as skipped");
		assertThat(this.given.plan().marks().get(0).phase()).hasToString("backfill");
		assertThat(this.given.waiting().get("3")).isEqualTo("waits for the backfill of version 2, which was skipped:"
				+ " a verification has to find no row that is left, or the contract is skipped, too");
	}

	@Test
	void aContractMayBeSkippedToo() {
		skipped("3").files("V1__a").file("V3__c.contract.sql", "SELECT 1").applied("1");

		assertThat(this.given.states()).containsExactly("1 applied", "3 skipped");
		assertThat(this.given.waiting()).isEmpty();
	}

	@Test
	void aBackfillOfAnotherEnvironmentCountsAsSkipped() {
		this.given.files("V1__a").backfill("2", "only=prod").file("V3__c.contract.sql", "SELECT 1").applied("1");

		assertThat(this.given.states()).containsExactly("1 applied", "2 skipped", "3 waiting");
		assertThat(this.given.waiting().get("3")).contains("which was skipped");
	}

	@Test
	void aBackfillThatHasBegunIsNotSkipped() {
		skipped("2").files("V1__a").backfill("2").applied("1").begun("2", BackfillState.PAUSED);

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_SKIPPABLE);
	}

	@Test
	void oneThatWasCancelledIs() {
		skipped("2").files("V1__a").backfill("2").applied("1").begun("2", BackfillState.CANCELLED);

		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void aFilledSchemaWithABaselineLetsThemWait() {
		policy(null, Set.of(), Map.of(), new Baseline(MigrationVersion.of("5"), "was there", List.of()))
			.files("V1__a", "V5__e", "V6__f")
			.backfill("7")
			.file("V8__c.contract.sql", "SELECT 1")
			.content(FILLED);

		assertThat(this.given.states()).containsExactly("1 baseline", "5 baseline", "6 pending", "7 waiting",
				"8 waiting");
		assertThat(this.given.steps()).containsExactly("6");
		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void whatABaselineCoversIsDone() {
		policy(null, Set.of(), Map.of(), new Baseline(MigrationVersion.of("4"), "was there", List.of())).files("V1__a")
			.backfill("2")
			.file("V3__c.contract.sql", "SELECT 1")
			.file("V5__c.contract.sql", "SELECT 1")
			.files("V4__d")
			.content(FILLED);

		assertThat(this.given.states()).containsExactly("1 baseline", "2 baseline", "3 baseline", "4 baseline",
				"5 waiting");
		assertThat(this.given.waiting()).containsExactly(Map.entry("5", GATE));
	}

	@Test
	void aBaselineFileCountsAsNothingThatWasThere() {
		this.given.files("B5__all", "V1__a", "V6__f")
			.backfill("2")
			.backfill("7")
			.file("V8__c.contract.sql", "SELECT 1");

		assertThat(this.given.steps()).containsExactly("B5", "6", "7", "8");
		assertThat(this.given.states()).contains("2 superseded");
	}

	@Test
	void aBaselineFileDoesNotStandForAContractThatADatabaseStillWaitsFor() {
		this.given.files("V6__f").applied("6").remove("V6__f.sql").files("B8__all");

		assertThat(this.given.errors()).contains(ErrorCode.SQUASHED);
	}

	@Test
	void onceTheContractIsDoneItsFilesMayGo() {
		this.given.files("V6__f")
			.backfill("7")
			.file("V8__c.contract.sql", "SELECT 1")
			.applied("6", "7", "8")
			.remove("V6__f.sql", "V7__b.backfill.sql", "V8__c.contract.sql")
			.files("B8__all");

		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void norDoesItStandForABackfillThatHasBegunHere() {
		this.given.files("V6__f", "V8__h")
			.backfill("7")
			.applied("6", "8")
			.begun("7", BackfillState.RUNNING)
			.remove("V6__f.sql", "V7__b.backfill.sql", "V8__h.sql")
			.files("B8__all");

		assertThat(this.given.plan().errors()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.SQUASHED);
			assertThat(problem.what()).contains("The backfill of version 7 has begun and is not finished");
		});
	}

	@ParameterizedTest
	@EnumSource(value = BackfillState.class, names = { "RUNNING", "PAUSED", "VERIFYING", "UNVERIFIED", "FAILED" })
	void aBackfillThatHasBegunMayNotBeEdited(BackfillState state) {
		this.given.files("V1__a", "V3__c").backfill("2").applied("1").begun("2", state, "sha256:before");

		assertThat(this.given.plan().errors()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_CHANGED);
			assertThat(problem.what()).contains("it began with sha256:before, this build has sha256:");
			assertThat(problem.place().script()).endsWith("V2__b.backfill.sql");
		});
	}

	@Test
	void oneThatWasCancelledMayBeEdited() {
		this.given.files("V1__a").backfill("2").applied("1").begun("2", BackfillState.CANCELLED, "sha256:before");

		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void oneThatHasBegunMayNotBecomeAnExpandFile() {
		this.given.files("V1__a", "V2__b").applied("1").begun("2", BackfillState.RUNNING);

		assertThat(this.given.errors()).containsExactly(ErrorCode.BACKFILL_CHANGED);
	}

	@Test
	void oneThatHasBegunMayNotGo() {
		this.given.files("V1__a", "V3__c").applied("1", "3").begun("2", BackfillState.RUNNING);

		assertThat(this.given.plan().errors()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_CHANGED);
			assertThat(problem.what()).contains("its file is gone");
		});
	}

	@Test
	void oneThatANewerBuildHasBegunStopsNoOlderOne() {
		this.given.files("V1__a").applied("1").begun("2", BackfillState.RUNNING);

		assertThat(this.given.errors()).isEmpty();
		assertThat(this.given.plan().warnings()).extracting(Problem::code).containsExactly(ErrorCode.AHEAD);
	}

	@Test
	void anAppliedBackfillThatIsEditedIsChangedLikeAnyOther() {
		this.given.files("V1__a")
			.backfill("2")
			.applied("1", "2")
			.file("V2__b.backfill.sql", "-- tidemark: batch table=users\nDELETE FROM users WHERE {batch}");

		assertThat(this.given.errors()).containsExactly(ErrorCode.CHANGED);
	}

	@Test
	void whatAFreshRunHasLeftOfAContractGoesOn() {
		this.given.files("V1__a")
			.file("V2__c.contract.sql", "DROP INDEX CONCURRENTLY i; DROP INDEX CONCURRENTLY j")
			.applied("1")
			.halfDone("2", 2, "DROP INDEX CONCURRENTLY i");

		assertThat(this.given.steps()).containsExactly("2");
	}

	@Test
	void whatIsWrongWithAFileThatWaitsIsToldBeforeAnythingRuns() {
		this.given.files("V1__a", "V3__c").file("V2__b.backfill.sql", "UPDATE users SET a = 1").applied("1");

		assertThat(this.given.errors()).contains(ErrorCode.BACKFILL_FILE);
	}

	@Test
	void whatIsUndoneWaitsAgain() {
		this.given.files("V1__a").backfill("2").applied("1", "2").recorded("2", MigrationState.UNDONE, 1, 1);

		assertThat(this.given.states()).containsExactly("1 applied", "2 waiting");
	}

	@Test
	void aPhaseThatWaitsIsInTheWayOfWhatNeedsIt() {
		this.given.files("V1__a")
			.backfill("2")
			.file("V3__c.sql", "ALTER TABLE users ALTER COLUMN new SET NOT NULL")
			.applied("1");

		assertThat(this.given.plan().errors()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.PHASE_CONFLICT);
			assertThat(problem.place().line()).isEqualTo(1);
		});
	}

	@Test
	void aConstraintThatRanLongAgoIsKnownWhereItIsValidated() {
		this.given
			.file("V1__a.sql",
					"ALTER TABLE users ADD CONSTRAINT filled CHECK (new IS NOT NULL) NOT VALID,"
							+ " ADD CONSTRAINT other CHECK (id > 0) NOT VALID")
			.backfill("2")
			.file("V3__c.sql", "ALTER TABLE users VALIDATE CONSTRAINT other")
			.file("V4__d.sql", "ALTER TABLE users VALIDATE CONSTRAINT filled")
			.applied("1");

		assertThat(this.given.plan().errors()).singleElement()
			.satisfies((problem) -> assertThat(problem.place().script()).endsWith("V4__d.sql"));
	}

}
