package dev.tidemark.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.policy.Selection;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class PlannerTests {

	@TempDir
	private Path folder;

	private final List<HistoryEntry> entries = new ArrayList<>();

	private PlanPolicy policy = PlanPolicy.DEFAULT;

	private List<String> done = List.of();

	private void file(String name, String content) {
		try {
			Files.writeString(this.folder.resolve(name), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Sources sources() {
		return new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)), true,
				StandardCharsets.UTF_8, Naming.DEFAULT))
			.read();
	}

	private void applied(String... identities) {
		for (String identity : identities) {
			recorded(identity, MigrationState.APPLIED, 1, 1);
		}
	}

	private void recorded(String identity, MigrationState state, int total, int done) {
		Identity id = identity.matches("[\\d.]+") ? new Identity.Versioned(MigrationVersion.of(identity))
				: new Identity.Repeatable(identity);
		String checksum = sources().migrations()
			.stream()
			.filter((migration) -> migration.identity().equals(id))
			.map((migration) -> migration.checksum().value())
			.findFirst()
			.orElse("sha256:gone");
		String journal = (total > 1) ? Checksum.of(this.done).value() : null;
		this.entries.add(new HistoryEntry(this.entries.size() + 1, id, "d", identity + ".sql", checksum, state, total,
				done, journal, false));
	}

	private Plan plan() {
		History history = new History(new DatabaseIdentity("db", "user", "public"), true, this.entries);
		return new Planner(this.policy).plan(sources(), history, Migration::load);
	}

	private List<String> steps() {
		return plan().steps().stream().map((step) -> step.migration().identity().toString()).toList();
	}

	private List<String> states() {
		return plan().entries().stream().map((entry) -> entry.identity() + " " + entry.state()).toList();
	}

	private List<ErrorCode> errors() {
		return plan().errors().stream().map(Problem::code).toList();
	}

	@Test
	void whatIsNotRecordedIsPending() {
		file("V1__a.sql", "");
		file("V2__b.sql", "");
		file("R__c.sql", "");
		applied("1");

		assertThat(states()).containsExactly("1 applied", "2 pending", "c pending");
		assertThat(steps()).containsExactly("2", "c");
	}

	@Test
	void aChangedVersionIsAnError() {
		file("V1__a.sql", "SELECT 1");
		applied("1");
		file("V1__a.sql", "SELECT 2");

		assertThat(errors()).containsExactly(ErrorCode.CHANGED);
		assertThat(states()).containsExactly("1 changed");
	}

	@Test
	void aChangedVersionMayBeIgnored() {
		this.policy = new PlanPolicy(null, OutOfOrder.FAIL, false, true, Selection.ALL, null);
		file("V1__a.sql", "SELECT 1");
		applied("1");
		file("V1__a.sql", "SELECT 2");
		file("V2__b.sql", "");

		assertThat(errors()).isEmpty();
		assertThat(plan().problems()).extracting(Problem::code).containsExactly(ErrorCode.CHANGED);
		assertThat(states()).containsExactly("1 changed", "2 pending");
		assertThat(steps()).containsExactly("2");
	}

	@Test
	void aChangedRepeatableIsPending() {
		file("R__a.sql", "SELECT 1");
		applied("a");
		file("R__a.sql", "SELECT 2");

		assertThat(errors()).isEmpty();
		assertThat(steps()).containsExactly("a");
	}

	@Test
	void anAppliedFileThatIsGoneIsMissing() {
		file("V1__a.sql", "");
		file("V2__b.sql", "");
		file("V3__c.sql", "");
		applied("1", "2", "3");
		assertThat(this.folder.resolve("V2__b.sql").toFile().delete()).isTrue();

		assertThat(errors()).containsExactly(ErrorCode.MISSING);
		assertThat(states()).contains("2 missing");
	}

	@Test
	void aMissingFileMayBeIgnored() {
		this.policy = new PlanPolicy(null, OutOfOrder.FAIL, true);
		file("V2__b.sql", "");
		applied("1", "2");

		assertThat(errors()).isEmpty();
		assertThat(plan().problems()).extracting(Problem::code).containsExactly(ErrorCode.MISSING);
	}

	@Test
	void whatANewerBuildAppliedStopsNothing() {
		file("V1__a.sql", "");
		applied("1", "2");

		assertThat(errors()).isEmpty();
		assertThat(plan().problems()).extracting(Problem::code).containsExactly(ErrorCode.AHEAD);
		assertThat(states()).containsExactly("1 applied", "2 ahead");
	}

	@Test
	void anOlderBuildDoesNotTakeARepeatableBack() {
		file("V1__a.sql", "");
		file("R__b.sql", "newer text");
		applied("1", "2", "b");
		file("R__b.sql", "older text");

		assertThat(steps()).isEmpty();
		assertThat(states()).contains("b ahead");
	}

	@Test
	void aLateVersionIsRefused() {
		file("V1__a.sql", "");
		file("V2__b.sql", "");
		applied("2");

		assertThat(errors()).containsExactly(ErrorCode.OUT_OF_ORDER);
		assertThat(states()).containsExactly("1 out-of-order", "2 applied");
	}

	@Test
	void aLateVersionMayRunWithAWarning() {
		this.policy = new PlanPolicy(null, OutOfOrder.WARN, false);
		file("V1__a.sql", "");
		file("V2__b.sql", "");
		applied("2");

		assertThat(steps()).containsExactly("1");
		assertThat(plan().problems()).extracting(Problem::code, Problem::isError)
			.containsExactly(org.assertj.core.groups.Tuple.tuple(ErrorCode.OUT_OF_ORDER, false));
	}

	@Test
	void aLateVersionMayRunAsIfInOrder() {
		this.policy = new PlanPolicy(null, OutOfOrder.APPLY, false);
		file("V1__a.sql", "");
		file("V2__b.sql", "");
		applied("2");

		assertThat(steps()).containsExactly("1");
		assertThat(plan().problems()).isEmpty();
	}

	@Test
	void whatFailedWithoutEffectRunsAgain() {
		file("V1__a.sql", "");
		recorded("1", MigrationState.FAILED, 1, 0);

		assertThat(errors()).isEmpty();
		assertThat(steps()).containsExactly("1");
		assertThat(states()).containsExactly("1 failed");
	}

	@Test
	void whatFailedHalfwayGoesOnAfterWhatIsDone() {
		file("V1__a.sql", "SELECT 1; VACUUM; SELECT 2");
		this.done = List.of("SELECT 1", "VACUUM");
		recorded("1", MigrationState.FAILED, 3, 2);

		Step step = plan().steps().get(0);
		assertThat(errors()).isEmpty();
		assertThat(step.isAtomic()).isFalse();
		assertThat(step.statementCount()).isEqualTo(3);
		assertThat(step.segments()).hasSize(1);
		assertThat(step.segments().get(0).statements().get(0).text()).isEqualTo("SELECT 2");
	}

	@Test
	void whatIsLeftOfAHalfDoneFileMayBeCorrected() {
		file("V1__a.sql", "-- corrected\nSELECT 1;\nVACUUM; SELECT 4, 5");
		this.done = List.of("SELECT 1");
		recorded("1", MigrationState.FAILED, 3, 1);

		assertThat(errors()).isEmpty();
		assertThat(plan().steps().get(0).segments()).hasSize(2);
	}

	@Test
	void whatIsDoneOfAHalfDoneFileMayNotBeEdited() {
		file("V1__a.sql", "SELECT 7; VACUUM; SELECT 2");
		this.done = List.of("SELECT 1");
		recorded("1", MigrationState.FAILED, 3, 1);

		assertThat(errors()).containsExactly(ErrorCode.FAILED);
		assertThat(plan().problems().get(0).state()).contains("1 of 3");
	}

	@Test
	void aRunningRowIsAnInterruptionUnlessSomebodyRuns() {
		file("V1__a.sql", "SELECT 1; VACUUM");
		this.done = List.of("SELECT 1");
		recorded("1", MigrationState.RUNNING, 2, 1);

		assertThat(plan().entries().get(0).state()).isEqualTo(MigrationState.INTERRUPTED);
		assertThat(plan().steps()).hasSize(1);
		assertThat(plan().whileRunning().steps()).isEmpty();
		assertThat(plan().whileRunning().entries().get(0).state()).isEqualTo(MigrationState.RUNNING);
	}

	@Test
	void whatCouldNotBeJudgedWaitsForAPerson() {
		file("V1__a.sql", "SELECT 1; VACUUM");
		this.done = List.of("SELECT 1");
		recorded("1", MigrationState.INTERRUPTED, 2, 1);

		assertThat(errors()).containsExactly(ErrorCode.INTERRUPTED);
	}

	@Test
	void anInterruptionIsToldEvenIfTheFileIsGone() {
		file("V2__b.sql", "");
		recorded("1", MigrationState.RUNNING, 3, 1);

		assertThat(errors()).containsExactly(ErrorCode.INTERRUPTED);
	}

	@Test
	void whatANewerBuildLeftHalfDoneStopsNoOlderOne() {
		file("V1__a.sql", "");
		applied("1");
		recorded("2", MigrationState.RUNNING, 3, 1);

		assertThat(errors()).isEmpty();
		assertThat(states()).containsExactly("1 applied", "2 ahead");
	}

	@Test
	void whatIsHalfDoneBeyondTheTargetWaits() {
		this.policy = new PlanPolicy(MigrationVersion.of("1"), OutOfOrder.FAIL, false);
		file("V1__a.sql", "");
		file("V2__b.sql", "SELECT 1; VACUUM");
		applied("1");
		recorded("2", MigrationState.FAILED, 2, 0);

		assertThat(steps()).isEmpty();
		assertThat(errors()).isEmpty();
	}

	@Test
	void aFailureHalfwayIsPendingWorkAlsoWhileSomebodyHoldsTheLock() {
		file("V1__a.sql", "SELECT 1; VACUUM");
		this.done = List.of("SELECT 1");
		recorded("1", MigrationState.FAILED, 2, 1);

		assertThat(plan().whileRunning().steps()).hasSize(1);
	}

	@Test
	void theLastRunDecides() {
		file("V1__a.sql", "");
		recorded("1", MigrationState.FAILED, 1, 0);
		recorded("1", MigrationState.APPLIED, 1, 1);
		recorded("1", MigrationState.UNDONE, 1, 1);

		assertThat(steps()).containsExactly("1");
	}

	@Test
	void stopsAtTheTargetAndLetsRepeatablesWait() {
		this.policy = new PlanPolicy(MigrationVersion.of("1"), OutOfOrder.FAIL, false);
		file("V1__a.sql", "");
		file("V2__b.sql", "");
		file("R__c.sql", "");

		assertThat(steps()).containsExactly("1");
		assertThat(states()).containsExactly("1 pending", "2 pending", "c pending");
	}

	@Test
	void repeatablesRunWhenTheTargetIsTheNewestVersion() {
		this.policy = new PlanPolicy(MigrationVersion.of("1"), OutOfOrder.FAIL, false);
		file("V1__a.sql", "");
		file("R__c.sql", "");

		assertThat(steps()).containsExactly("1", "c");
	}

	@Test
	void aTargetThatNobodyKnowsIsAnError() {
		this.policy = new PlanPolicy(MigrationVersion.of("3"), OutOfOrder.FAIL, false);
		file("V1__a.sql", "");

		assertThat(errors()).containsExactly(ErrorCode.TARGET_UNKNOWN);
	}

	@Test
	void allProblemsAreToldAtOnce() {
		file("V1__a.sql", "SELECT 1");
		file("V2__b.sql", "");
		applied("1", "3", "4");
		file("V1__a.sql", "SELECT 2");
		file("V4__d.sql", "");
		file("V5__e.sql", "SELECT 'open");
		file("V6_f.sql", "");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> plan().requireNoErrors());

		assertThat(failure.problems()).extracting(Problem::code)
			.containsExactlyInAnyOrder(ErrorCode.CHANGED, ErrorCode.OUT_OF_ORDER, ErrorCode.MISSING, ErrorCode.CHANGED,
					ErrorCode.SYNTAX, ErrorCode.FILE_NAME);
		assertThat(failure.problems()).allSatisfy((problem) -> {
			assertThat(problem.remedy()).isNotBlank();
			assertThat(problem.state()).isEqualTo("Nothing was changed.");
		});
	}

	@Test
	void onlyWhatCannotShareATransactionIsCutOff() {
		file("V1__a.sql", "SELECT 1; SELECT 2; VACUUM; SELECT 3");

		Step step = plan().steps().get(0);

		assertThat(step.segments()).hasExactlyElementsOfTypes(Segment.Transaction.class, Segment.Alone.class,
				Segment.Transaction.class);
		assertThat(step.statementCount()).isEqualTo(4);
		assertThat(step.isAtomic()).isFalse();
	}

	@Test
	void anOuterTransactionIsTakenForOurs() {
		file("V1__a.sql", "begin transaction; SELECT 1; SELECT 2; END;");

		assertThat(plan().steps().get(0).isAtomic()).isTrue();
		assertThat(plan().steps().get(0).statementCount()).isEqualTo(2);
	}

	@Test
	void plainTransactionsOfAFileAreItsSegments() {
		file("V1__a.sql", "SELECT 1; COMMIT; SELECT 2; BEGIN; SELECT 3; SELECT 4; COMMIT; VACUUM; SELECT 5");

		assertThat(plan().steps().get(0).segments()).extracting((segment) -> segment.statements().size())
			.containsExactly(1, 1, 2, 1, 1);
	}

	@Test
	void aDirectiveLeavesTheTransactionsOfTheFileAlone() {
		file("V1__a.sql", "-- tidemark: transaction=none\nBEGIN; SELECT 1; COMMIT");

		assertThat(plan().steps().get(0).segments()).hasSize(3);
	}

	@Test
	void otherTransactionsRunAsWritten() {
		file("V1__a.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT");

		assertThat(plan().steps().get(0).segments()).hasSize(3)
			.allSatisfy((segment) -> assertThat(segment).isInstanceOf(Segment.Alone.class));
	}

	@Test
	void aDirectiveSwitchesTransactionsOff() {
		file("V1__a.sql", "-- tidemark: transaction=none\nSELECT 1; SELECT 2");

		assertThat(plan().steps().get(0).segments()).hasSize(2)
			.allSatisfy((segment) -> assertThat(segment).isInstanceOf(Segment.Alone.class));
	}

}
