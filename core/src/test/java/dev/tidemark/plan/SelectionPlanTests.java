package dev.tidemark.plan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.policy.Selection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which of the pending migrations are taken.
 */
class SelectionPlanTests {

	private PlanFixture given;

	@BeforeEach
	void fixture(@TempDir Path folder) {
		this.given = new PlanFixture(folder);
	}

	private PlanFixture selection(Selection selection) {
		return this.given.policy(new PlanPolicy(null, OutOfOrder.FAIL, false, false, selection, null));
	}

	private PlanFixture picked(String... identities) {
		return selection(
				new Selection(Stream.of(identities).map(Identity::of).collect(Collectors.toSet()), Map.of(), Set.of()));
	}

	private PlanFixture skipped(String identity) {
		return selection(new Selection(Set.of(), Map.of(Identity.of(identity), "INC-1"), Set.of()));
	}

	private PlanFixture environment(String... names) {
		return selection(new Selection(Set.of(), Map.of(), Set.of(names)));
	}

	@Test
	void onlyWhatIsPickedRunsInTheUsualOrder() {
		picked("v", "3", "1").files("V1__a", "V2__b", "V3__c", "R__v", "R__w");

		assertThat(this.given.steps()).containsExactly("1", "3", "v");
		assertThat(this.given.states()).containsExactly("1 pending", "2 pending", "3 pending", "v pending",
				"w pending");
	}

	@Test
	void olderVersionsThatAreLeftBehindAreTold() {
		picked("3").files("V1__a", "V2__b", "V3__c", "V4__d").applied("1");

		assertThat(this.given.plan().problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.LEFT_BEHIND);
			assertThat(problem.isError()).isFalse();
			assertThat(problem.what()).contains("Version 3 runs", "stay pending: 2.");
		});
	}

	@Test
	void whatWasLeftBehindDoesNotStopAnotherStartWithTheSamePicks() {
		picked("3").files("V1__a", "V2__b", "V3__c").applied("1", "3");

		assertThat(this.given.steps()).isEmpty();
		assertThat(this.given.plan().problems()).isEmpty();
		assertThat(this.given.states()).containsExactly("1 applied", "2 pending", "3 applied");
	}

	@Test
	void withoutThePicksItIsOutOfOrder() {
		this.given.files("V1__a", "V2__b", "V3__c").applied("1", "3");

		assertThat(this.given.errors()).containsExactly(ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void aPickRunsLateWithAWarning() {
		picked("2").files("V1__a", "V2__b", "V3__c").applied("1", "3");

		assertThat(this.given.steps()).containsExactly("2");
		assertThat(this.given.errors()).isEmpty();
		assertThat(this.given.plan().problems()).extracting(Problem::code).containsExactly(ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void aPickThatNobodyKnowsIsAnError() {
		picked("7", "x").files("V1__a");

		assertThat(this.given.errors()).containsExactly(ErrorCode.SELECTION_UNKNOWN, ErrorCode.SELECTION_UNKNOWN);
		assertThat(this.given.plan().errors()).first().asString().contains("tidemark.run.cherry-pick names version 7");
	}

	@Test
	void aPickAboveTheTargetIsAnError() {
		this.given.files("V1__a", "V2__b")
			.policy(new PlanPolicy(MigrationVersion.of("1"), OutOfOrder.FAIL, false, false,
					new Selection(Set.of(Identity.of("2")), Map.of(), Set.of()), null));

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_PICKABLE);
		assertThat(this.given.plan().errors()).first().asString().contains("above tidemark.run.target");
	}

	@Test
	void aRepeatableThatWaitsForTheTargetIsNoPick() {
		this.given.files("V42__a", "V43__b", "R__v")
			.policy(new PlanPolicy(MigrationVersion.of("42"), OutOfOrder.FAIL, false, false,
					new Selection(Set.of(Identity.of("v")), Map.of(), Set.of()), null));

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_PICKABLE);
		assertThat(this.given.plan().errors()).first().asString().contains("held back with the files above");
		this.given.applied("v");
		assertThat(this.given.errors()).isEmpty();
		this.given.file("R__v.sql", "SELECT 'changed'");
		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_PICKABLE);
	}

	@Test
	void aPickThatTheBaselineCoversIsAnError() {
		picked("2").files("V1__a", "V2__b", "V3__c").recorded("B3", MigrationState.BASELINE, 0, 0);

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_PICKABLE);
		assertThat(this.given.plan().errors()).first()
			.asString()
			.contains("it is baseline (the database begins with baseline 3)");
	}

	@Test
	void aBaselineFileThatIsNotPickedIsNotWhatTheDatabaseBeginsWith() {
		picked("1").files("V1__a", "V2__b", "B2__ab", "V3__c");

		assertThat(this.given.steps()).containsExactly("1");
		assertThat(this.given.states()).containsExactly("1 pending", "2 pending", "B2 pending", "3 pending");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void whatABaselineFileWouldHaveHeldIsLeftBehindIfItIsNotPicked() {
		picked("3").files("V1__a", "V2__b", "B2__ab", "V3__c");

		assertThat(this.given.steps()).containsExactly("3");
		assertThat(this.given.plan().problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.LEFT_BEHIND);
			assertThat(problem.what()).contains("stay pending: 1, 2, B2.");
			assertThat(problem.remedy()).contains("A baseline file never runs once a version has");
		});
	}

	@Test
	void aPickedBaselineFileIsWhatTheDatabaseBeginsWith() {
		picked("B2", "3").files("V1__a", "V2__b", "B2__ab", "V3__c", "B3__abc");

		assertThat(this.given.steps()).containsExactly("B2", "3");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aPickThatABaselineHoldsIsAnError() {
		picked("1", "B1").files("V1__a", "B1__a");

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_PICKABLE);
		assertThat(this.given.plan().errors()).first()
			.asString()
			.contains("superseded (the database begins with baseline 1)");
	}

	@Test
	void aPickThatIsNotForThisEnvironmentIsAnError() {
		picked("1").file("V1__a.sql", "-- tidemark: only=prod\nSELECT 1");

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_PICKABLE);
	}

	@Test
	void aPickThatIsToBeSkippedIsAnError() {
		selection(new Selection(Set.of(Identity.of("1")), Map.of(Identity.of("1"), "INC-1"), Set.of())).files("V1__a");

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_PICKABLE);
	}

	@Test
	void aSkippedVersionDoesNotRunAndHoldsUpNothing() {
		skipped("2").files("V1__a", "V2__b", "V3__c");

		assertThat(this.given.steps()).containsExactly("1", "3");
		assertThat(this.given.marks()).containsExactly("version 2 as skipped");
		assertThat(this.given.plan().marks()).extracting(RecordedDecision::reason).containsExactly("INC-1");
		assertThat(this.given.states()).containsExactly("1 pending", "2 skipped", "3 pending");
	}

	@Test
	void aRecordedSkipHoldsWithoutTheSetting() {
		this.given.files("V1__a", "V2__b", "V3__c").applied("1").recorded("2", MigrationState.SKIPPED, 0, 0);
		this.given.applied("3");

		assertThat(this.given.plan().isEmpty()).isTrue();
		assertThat(this.given.plan().problems()).isEmpty();
		assertThat(this.given.states()).contains("2 skipped");
	}

	@Test
	void aRecordedSkipIsNotRecordedAgain() {
		skipped("1").files("V1__a").recorded("1", MigrationState.SKIPPED, 0, 0);

		assertThat(this.given.plan().isEmpty()).isTrue();
	}

	@Test
	void aPickTakesASkipBack() {
		picked("2").files("V1__a", "V2__b").applied("1").recorded("2", MigrationState.SKIPPED, 0, 0);

		assertThat(this.given.steps()).containsExactly("2");
	}

	@Test
	void theFileOfASkippedVersionMayChangeAndGo() {
		this.given.files("V1__a", "V2__b").applied("1").recorded("2", MigrationState.SKIPPED, 0, 0);
		this.given.file("V2__b.sql", "SELECT 'another'");
		assertThat(this.given.states()).contains("2 skipped");
		this.given.remove("V2__b.sql");

		assertThat(this.given.states()).contains("2 skipped");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aSkippedRepeatableRunsWhenItsTextChanges() {
		this.given.files("R__v").recorded("v", MigrationState.SKIPPED, 0, 0);
		assertThat(this.given.steps()).isEmpty();
		this.given.file("R__v.sql", "SELECT 'another'");

		assertThat(this.given.steps()).containsExactly("v");
	}

	@Test
	void aSkipOfWhatIsAppliedIsAWarning() {
		skipped("1").files("V1__a").applied("1");

		assertThat(this.given.errors()).isEmpty();
		assertThat(this.given.plan().problems()).extracting(Problem::code).containsExactly(ErrorCode.NOT_SKIPPABLE);
		assertThat(this.given.plan().marks()).isEmpty();
	}

	@Test
	void aSkipOfWhatABaselineHoldsHasItsWay() {
		skipped("1").files("V1__a", "V2__b", "V3__c").recorded("B2", MigrationState.BASELINE, 0, 0);

		assertThat(this.given.plan().problems()).isEmpty();
		assertThat(this.given.plan().marks()).isEmpty();
	}

	@Test
	void aSkipOfWhatIsHalfDoneIsAnError() {
		skipped("1").file("V1__a.sql", "CREATE TABLE a (x int); VACUUM a; CREATE TABLE b ()");
		this.given.halfDone("1", 3, "CREATE TABLE a (x int)");

		assertThat(this.given.errors()).containsExactly(ErrorCode.NOT_SKIPPABLE);
	}

	@Test
	void aSkipThatNobodyKnowsIsAnError() {
		skipped("9").files("V1__a");

		assertThat(this.given.errors()).containsExactly(ErrorCode.SELECTION_UNKNOWN);
		assertThat(this.given.plan().errors()).first().asString().contains("tidemark.run.skip names version 9");
	}

	@Test
	void aFileForOtherEnvironmentsNeitherRunsNorHoldsUpAnything() {
		environment("staging").file("V1__a.sql", "-- tidemark: only=prod\nSELECT 1").files("V2__b");

		assertThat(this.given.steps()).containsExactly("2");
		assertThat(this.given.marks()).isEmpty();
		assertThat(this.given.states()).containsExactly("1 skipped", "2 pending");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aFileForOneOfOurEnvironmentsRuns() {
		environment("eu", "staging").file("V1__a.sql", "-- tidemark: only=prod,staging\nSELECT 1");

		assertThat(this.given.steps()).containsExactly("1");
	}

	@Test
	void anEnvironmentWithoutANameIsNone() {
		this.given.file("V1__a.sql", "-- tidemark: only=prod\nSELECT 1").file("R__v.sql", "-- tidemark: only=prod");

		assertThat(this.given.steps()).isEmpty();
		assertThat(this.given.states()).containsExactly("1 skipped", "v skipped");
	}

	@Test
	void whereTheEnvironmentIsRenamedLaterTheFileIsOutOfOrder() {
		environment("prod").file("V1__a.sql", "-- tidemark: only=prod\nSELECT 1").files("V2__b").applied("2");

		assertThat(this.given.errors()).containsExactly(ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void whatRanInAnEnvironmentStaysAppliedUnderAnotherName() {
		environment("staging").file("V1__a.sql", "-- tidemark: only=prod\nSELECT 1").applied("1");

		assertThat(this.given.states()).containsExactly("1 applied");
		assertThat(this.given.plan().problems()).isEmpty();
	}

	@Test
	void aBaselineFileForOtherEnvironmentsIsNotUsed() {
		environment("prod").file("B2__test_rows.sql", "-- tidemark: only=test\nSELECT 1")
			.file("B1__all.sql", "SELECT 1")
			.files("V2__b");

		assertThat(this.given.steps()).containsExactly("B1", "2");
	}

	@Test
	void whatIsWrongWithAFileForOtherEnvironmentsIsNotOurBusiness() {
		this.given.file("V1__a.sql", "-- tidemark: only=prod\nSELECT 'open").files("V2__b");

		assertThat(this.given.errors()).isEmpty();
		assertThat(this.given.steps()).containsExactly("2");
	}

	@Test
	void aDirectiveThatIsWrongIsToldInEveryEnvironment() {
		this.given.file("V1__a.sql", "-- tidemark: only=prod\n-- tidemark: onyl=staging\nSELECT 1");

		assertThat(this.given.errors()).containsExactly(ErrorCode.DIRECTIVE);
	}

	@Test
	void whatDependsOnASkippedRepeatableDoesNotRunAgainForIt() {
		this.given.files("R__base").file("R__view.sql", "-- tidemark: depends-on=base\nSELECT 1");
		this.given.recorded("base", MigrationState.SKIPPED, 0, 0).dependent("view", "base");

		assertThat(this.given.plan().isEmpty()).isTrue();
	}

	@Test
	void whatDependsOnAnUnpickedRepeatableDoesNotRunForItYet() {
		picked("1").files("V1__a", "R__base").file("R__view.sql", "-- tidemark: depends-on=base\nSELECT 1");
		this.given.dependent("view", "base");

		assertThat(this.given.steps()).containsExactly("1");
		assertThat(this.given.states()).containsExactly("1 pending", "base pending", "view applied");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			view | ''   | SELECT 1                     | it is pending (tidemark.run.cherry-pick does not name it)
			''   | base | SELECT 1                     | it is skipped (INC-1)
			''   | ''   | -- tidemark: only=prod       | it is skipped (its file is for other environments)
			""")
	void whatDependsOnWhatNeverRanAndDoesNotRunIsTold(String pick, String skip, String base, String told) {
		Set<Identity> picks = pick.isEmpty() ? Set.of() : Set.of(Identity.of(pick));
		Map<Identity, String> skips = skip.isEmpty() ? Map.of() : Map.of(Identity.of(skip), "INC-1");
		selection(new Selection(picks, skips, Set.of())).file("R__base.sql", base)
			.file("R__view.sql", "-- tidemark: depends-on=base\nSELECT 1");

		assertThat(this.given.steps()).containsExactly("view");
		assertThat(this.given.plan().warnings()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.DEPENDENCY);
			assertThat(problem.what()).contains("depends on the repeatable 'base', which never ran", told);
		});
	}

	@Test
	void whatIsWrongWithAFileIsToldOnce() {
		this.given.file("B1__a.sql", "SELECT 'open");

		assertThat(this.given.errors()).containsExactly(ErrorCode.SYNTAX);
	}

}
