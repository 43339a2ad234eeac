package dev.tidemark.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.foreign.SchemaContent;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.policy.Selection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With what a database begins.
 */
class BaselinePlanTests {

	private static final SchemaContent TABLES = new SchemaContent(List.of("public"),
			List.of(new SchemaContent.Kind("table", 7, List.of("public.a", "public.b"))));

	private PlanFixture given;

	@BeforeEach
	void fixture(@TempDir Path folder) {
		this.given = new PlanFixture(folder);
	}

	private PlanFixture baseline(String version) {
		return this.given.policy(new PlanPolicy(null, OutOfOrder.FAIL, false, false, Selection.ALL,
				new Baseline(MigrationVersion.of(version), "INC-1")));
	}

	@Test
	void anEmptyDatabaseBeginsWithTheNewestBaselineFile() {
		this.given.files("V1__a", "V2__b", "B2__ab", "V3__c", "V4__d", "B4__abcd", "V5__e", "R__v");

		assertThat(this.given.steps()).containsExactly("B4", "5", "v");
		assertThat(this.given.states()).containsExactly("1 superseded", "2 superseded", "B2 superseded", "3 superseded",
				"4 superseded", "B4 pending", "5 pending", "v pending");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void theTargetKeepsANewerBaselineFileAway() {
		this.given.files("V1__a", "V2__b", "B2__ab", "V3__c", "V4__d", "B4__abcd")
			.policy(new PlanPolicy(MigrationVersion.of("3"), OutOfOrder.FAIL, false));

		assertThat(this.given.steps()).containsExactly("B2", "3");
	}

	@Test
	void theTargetMayBeTheVersionOfABaselineFile() {
		this.given.files("B2__ab", "V3__c").policy(new PlanPolicy(MigrationVersion.of("2"), OutOfOrder.FAIL, false));

		assertThat(this.given.errors()).isEmpty();
		assertThat(this.given.steps()).containsExactly("B2");
	}

	@Test
	void aDatabaseWithVersionsNeverRunsABaselineFile() {
		this.given.files("V1__a", "V2__b", "B2__ab", "V3__c").applied("1");

		assertThat(this.given.steps()).containsExactly("2", "3");
		assertThat(this.given.states()).contains("B2 superseded");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aDatabaseMadeWithABaselineFileGoesOnAfterIt() {
		this.given.files("V1__a", "V2__b", "B2__ab", "V3__c").applied("B2");

		assertThat(this.given.steps()).containsExactly("3");
		assertThat(this.given.states()).containsExactly("1 superseded", "2 superseded", "B2 applied", "3 pending");
	}

	@Test
	void aNewerBaselineFileIsNothingForADatabaseMadeWithAnOlderOne() {
		this.given.files("B2__ab", "V3__c", "B3__abc").applied("B2", "3");

		assertThat(this.given.steps()).isEmpty();
		assertThat(this.given.states()).containsExactly("B2 applied", "3 applied", "B3 superseded");
	}

	@Test
	void aBaselineFileThatIsEditedAfterItRanIsRefused() {
		this.given.files("B2__ab").applied("B2").file("B2__ab.sql", "SELECT 'another'");

		assertThat(this.given.errors()).containsExactly(ErrorCode.CHANGED);
		assertThat(this.given.states()).containsExactly("B2 changed");
	}

	@Test
	void aBaselineFileThatDidNotRunHereMayBeEdited() {
		this.given.files("V1__a", "V2__b", "B2__ab").applied("1", "2").file("B2__ab.sql", "SELECT 'another'");

		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void appliedFilesBelowABaselineFileMayBeRemoved() {
		this.given.files("V1__a", "V2__b", "B2__ab", "V3__c").applied("1", "2", "3").remove("V1__a.sql", "V2__b.sql");

		assertThat(this.given.plan().problems()).isEmpty();
		assertThat(this.given.states()).containsExactly("1 applied", "2 applied", "B2 superseded", "3 applied");
	}

	@Test
	void anAppliedFileAboveTheNewestBaselineFileMayNot() {
		this.given.files("B2__ab", "V3__c", "V4__d").applied("B2", "3", "4").remove("V3__c.sql");

		assertThat(this.given.errors()).containsExactly(ErrorCode.MISSING);
	}

	@Test
	void aBaselineFileThatRanMayBeRemovedOnceANewerOneStandsForIt() {
		this.given.files("B2__ab", "V3__c", "B3__abc").applied("B2", "3").remove("B2__ab.sql", "V3__c.sql");

		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aDatabaseThatStillNeedsRemovedFilesIsToldSo() {
		this.given.files("V1__a", "V2__b", "V3__c", "B3__abc", "V4__d")
			.applied("1")
			.remove("V1__a.sql", "V2__b.sql", "V3__c.sql");

		assertThat(this.given.errors()).containsExactly(ErrorCode.SQUASHED);
		assertThat(this.given.plan().errors()).first()
			.asString()
			.contains("at version 1", "B3__abc.sql", "version 3", "Nothing was changed");
	}

	@Test
	void aDatabaseWhoseOwnFileIsThereNeedsNoRemovedOnes() {
		this.given.files("V1__a", "V2__b", "V3__c", "B4__abc", "V5__d").applied("1", "2", "3").remove("V1__a.sql");

		assertThat(this.given.plan().problems()).isEmpty();
		assertThat(this.given.steps()).containsExactly("5");
	}

	@Test
	void aDatabaseMadeWithAnOlderBaselineFileThatStillNeedsRemovedFilesIsToldSo() {
		this.given.files("B2__ab", "B4__abcd", "V5__e").applied("B2");

		assertThat(this.given.errors()).containsExactly(ErrorCode.SQUASHED);
		assertThat(this.given.plan().errors()).first()
			.asString()
			.contains("at version 2, and no file is left of the versions after it up to 4: baseline 4 stands for them");
	}

	@Test
	void filesThatOneBaselineFileHasReplacedAreMissedWhateverCameAfterIt() {
		this.given.files("B2__ab", "B4__abcd", "V5__e", "V6__f", "B6__abcdef").applied("B2");

		assertThat(this.given.errors()).containsExactly(ErrorCode.SQUASHED);
	}

	@Test
	void aDatabaseMadeWithAnOlderBaselineFileRunsTheFilesThatAreThere() {
		this.given.files("B2__ab", "V3__c", "V4__d", "B4__abcd", "V5__e").applied("B2");

		assertThat(this.given.steps()).containsExactly("3", "4", "5");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aDatabaseWithABaselineNeedsNoFileOfItsVersion() {
		this.given.files("V3__c", "V4__d", "B4__abcd").recorded("B2", MigrationState.BASELINE, 0, 0);

		assertThat(this.given.steps()).containsExactly("3", "4");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aBaselineOfNothingNeedsNoFileOfItsOwn() {
		this.given.files("V1__a", "V2__b", "B2__ab")
			.recorded("B0", MigrationState.BASELINE, 0, 0)
			.policy(new PlanPolicy(null, OutOfOrder.FAIL, false, false,
					new Selection(Set.of(), Map.of(Identity.of("B2"), "compare both ways"), Set.of()), null));

		assertThat(this.given.steps()).containsExactly("1", "2");
		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void aDatabaseAtTheVersionOfTheBaselineFileNeedsNothingBelowIt() {
		this.given.files("V1__a", "V2__b", "B2__ab", "V3__c").applied("1", "2").remove("V1__a.sql", "V2__b.sql");

		assertThat(this.given.steps()).containsExactly("3");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aHalfDoneBaselineFileGoesOn() {
		this.given.files("V1__a", "B1__all", "V2__b")
			.file("B1__all.sql", "CREATE TABLE a (x int); CREATE INDEX CONCURRENTLY i ON a (x); CREATE TABLE b ()");
		this.given.halfDone("B1", 3, "CREATE TABLE a (x int)");

		assertThat(this.given.steps()).containsExactly("B1", "2");
		assertThat(this.given.states()).containsExactly("1 superseded", "B1 interrupted", "2 pending");
	}

	@Test
	void aFailedBaselineFileLeavesTheChoiceOpen() {
		this.given.files("B1__a").recorded("B1", MigrationState.FAILED, 1, 0);
		this.given.files("V2__b", "B2__ab");

		assertThat(this.given.steps()).containsExactly("B2");
		assertThat(this.given.states()).containsExactly("B1 superseded", "2 superseded", "B2 pending");
	}

	@Test
	void aSkippedBaselineFileLeavesTheVersionsToRun() {
		this.given.files("V1__a", "V2__b", "B2__ab")
			.policy(new PlanPolicy(null, OutOfOrder.FAIL, false, false,
					new Selection(Set.of(), Map.of(Identity.of("B2"), "compare both ways"), Set.of()), null));

		assertThat(this.given.steps()).containsExactly("1", "2");
		assertThat(this.given.marks()).containsExactly("baseline 2 as skipped");
	}

	@Test
	void whatASchemaHoldsWithoutAHistoryIsNeverBuiltUpon() {
		this.given.files("V1__create_a", "V2__create_b", "R__v").content(TABLES);

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_EMPTY);
		assertThat(this.given.plan().errors()).first()
			.asString()
			.contains("The schema public has no history", "7 tables (public.a, public.b, …)",
					"version 2 would mark 1 (create a), 2 (create b)", "tidemark.baseline.version=0");
	}

	@Test
	void repeatablesAloneRunOnWhateverIsThere() {
		this.given.files("R__v").content(TABLES);

		assertThat(this.given.errors()).isEmpty();
		assertThat(this.given.steps()).containsExactly("v");
	}

	@Test
	void theBaselineMarksWhatAnExistingDatabaseHas() {
		baseline("2").files("V1__a", "V2__b", "V3__c", "R__v").content(TABLES);

		assertThat(this.given.marks()).containsExactly("baseline 2");
		assertThat(this.given.steps()).containsExactly("3", "v");
		assertThat(this.given.states()).containsExactly("1 baseline", "2 baseline", "3 pending", "v pending");
	}

	@Test
	void theBaselineMarksNothingInAnEmptyDatabase() {
		baseline("2").files("V1__a", "V2__b", "V3__c");

		assertThat(this.given.marks()).isEmpty();
		assertThat(this.given.steps()).containsExactly("1", "2", "3");
	}

	@Test
	void theBaselineMarksNothingInADatabaseWithAHistory() {
		baseline("2").files("V1__a", "V2__b", "V3__c").applied("1");

		assertThat(this.given.marks()).isEmpty();
		assertThat(this.given.steps()).containsExactly("2", "3");
	}

	@Test
	void theBaselineMarksNothingWhereAVersionWasTried() {
		baseline("2").files("V1__a", "V2__b", "V3__c").recorded("1", MigrationState.FAILED, 1, 0).content(TABLES);

		assertThat(this.given.marks()).isEmpty();
		assertThat(this.given.steps()).containsExactly("1", "2", "3");
		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void soItIsIfTheVersionWasSkippedAfterIt() {
		baseline("2").files("V1__a", "V2__b", "V3__c").recorded("1", MigrationState.FAILED, 1, 0);
		this.given.recorded("1", MigrationState.SKIPPED, 0, 0).content(TABLES);

		assertThat(this.given.marks()).isEmpty();
		assertThat(this.given.steps()).containsExactly("2", "3");
	}

	@Test
	void whatRepeatablesRanOnIsAskedForBeforeTheFirstVersion() {
		this.given.files("V1__a", "R__v").applied("v").content(TABLES);

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_EMPTY);
		assertThat(this.given.plan().errors()).first().asString().contains("public has no history of versions, but 7");
	}

	@Test
	void theBaselineMarksWhatRepeatablesRanOn() {
		baseline("1").files("V1__a", "V2__b", "R__v").applied("v").content(TABLES);

		assertThat(this.given.marks()).containsExactly("baseline 1");
		assertThat(this.given.steps()).containsExactly("2");
	}

	@Test
	void aSkippedVersionDoesNotSayWhatTheDatabaseIs() {
		this.given.files("V1__a", "V2__b").recorded("1", MigrationState.SKIPPED, 0, 0).content(TABLES);

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_EMPTY);
	}

	@Test
	void theSameBaselineIsRecordedOnce() {
		baseline("2").files("V1__a", "V2__b", "V3__c").recorded("B2", MigrationState.BASELINE, 0, 0);

		assertThat(this.given.marks()).isEmpty();
		assertThat(this.given.states()).containsExactly("1 baseline", "2 baseline", "B2 baseline", "3 pending");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void anotherBaselineIsRefused() {
		baseline("3").files("V1__a", "V2__b", "V3__c").recorded("B2", MigrationState.BASELINE, 0, 0);

		assertThat(this.given.errors()).containsExactly(ErrorCode.BASELINE_REFUSED);
		assertThat(this.given.plan().errors()).first().asString().contains("at version 2", "says 3");
	}

	@Test
	void aBaselineOfNothingLetsAllRun() {
		baseline("0").files("V1__a", "V2__b").content(TABLES);

		assertThat(this.given.marks()).containsExactly("baseline 0");
		assertThat(this.given.steps()).containsExactly("1", "2");
	}

	@Test
	void aBaselineOfNothingLetsTheDatabaseBeginWithABaselineFile() {
		baseline("0").files("B2__ab", "V3__c").content(TABLES);

		assertThat(this.given.marks()).containsExactly("baseline 0");
		assertThat(this.given.steps()).containsExactly("B2", "3");
	}

	@Test
	void soItDoesIfOnlyTheBaselineOfNothingWasRecordedYet() {
		this.given.files("V1__a", "V2__b", "B2__ab", "V3__c").recorded("B0", MigrationState.BASELINE, 0, 0);

		assertThat(this.given.steps()).containsExactly("B2", "3");
	}

	@Test
	void anExistingDatabaseRunsNoBaselineFile() {
		baseline("1").files("V1__a", "V2__b", "B2__ab", "V3__c").content(TABLES);

		assertThat(this.given.steps()).containsExactly("2", "3");
		assertThat(this.given.states()).contains("1 baseline", "B2 superseded");
	}

	@Test
	void aBaselineWhoseNextFilesWereSquashedIsRefused() {
		baseline("1").files("B2__ab", "V3__c").content(TABLES);

		assertThat(this.given.errors()).containsExactly(ErrorCode.SQUASHED);
	}

	@Test
	void aVersionBelowTheBaselineIsNeverPending() {
		this.given.files("V1__late", "V3__c").recorded("B2", MigrationState.BASELINE, 0, 0);

		assertThat(this.given.states()).contains("1 baseline");
		assertThat(this.given.errors()).isEmpty();
	}

	@Test
	void aVersionBelowTheNewestAppliedOneButAboveTheBaselineIsOutOfOrder() {
		this.given.files("V3__late", "V4__c").recorded("B2", MigrationState.BASELINE, 0, 0).applied("4");

		assertThat(this.given.errors()).containsExactly(ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void aBaselineIsNoWorkOfANewerBuild() {
		this.given.files("R__v").recorded("B5", MigrationState.BASELINE, 0, 0).applied("v");
		this.given.file("R__v.sql", "SELECT 'changed'");

		assertThat(this.given.steps()).containsExactly("v");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aBaselineFileOfANewerBuildIsAhead() {
		this.given.files("V1__a").applied("B2");

		assertThat(this.given.states()).containsExactly("1 superseded", "B2 ahead");
		assertThat(this.given.plan().problems()).extracting(Problem::code).containsExactly(ErrorCode.AHEAD);
	}

}
