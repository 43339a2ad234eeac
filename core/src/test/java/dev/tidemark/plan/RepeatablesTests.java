package dev.tidemark.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.Basis;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;

class RepeatablesTests {

	@TempDir
	private Path folder;

	private final List<HistoryEntry> entries = new ArrayList<>();

	private final List<String> loaded = new ArrayList<>();

	private Map<String, String> values = Map.of();

	private void file(String name, String content) {
		try {
			Files.writeString(this.folder.resolve("R__" + name + ".sql"), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Adds a repeatable that depends on others. */
	private void view(String name, String... dependencies) {
		file(name, dependencies.length == 0 ? "" : "-- tidemark: depends-on=" + String.join(",", dependencies));
	}

	private Sources sources() {
		return new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)), true,
				StandardCharsets.UTF_8, Naming.DEFAULT, Placeholders.of(this.values)))
			.read();
	}

	private Plan plan() {
		this.loaded.clear();
		History history = new History(new DatabaseIdentity("db", "user", "public"), true, this.entries);
		return new Planner(PlanPolicy.DEFAULT).plan(sources(), history, (migration) -> {
			this.loaded.add(migration.identity().toString());
			return migration.load();
		});
	}

	private List<String> steps() {
		return plan().steps().stream().map((step) -> step.migration().identity().toString()).toList();
	}

	/** Records the first steps of the plan as applied. */
	private void run(int count) {
		plan().steps().stream().limit(count).forEach(this::record);
	}

	private void run() {
		run(Integer.MAX_VALUE);
	}

	private void record(Step step) {
		Migration migration = step.migration();
		this.entries.add(new HistoryEntry(this.entries.size() + 1, migration.identity(), migration.description(),
				migration.script(), migration.checksum().value(), MigrationState.APPLIED, 0, 0,
				HistoryEntry.journal(false, null, step.basis()), false));
	}

	@Test
	void withoutDependenciesTheNamesDecide() {
		view("b");
		view("a");
		view("c");

		assertThat(steps()).containsExactly("a", "b", "c");
	}

	@Test
	void whatIsDependedOnRunsBefore() {
		view("a", "z");
		view("b");
		view("m_x", "a");
		view("z");

		assertThat(steps()).containsExactly("b", "z", "a", "m x");
	}

	@Test
	void aNameThatNoFileHasIsAnError() {
		view("a", "b");

		assertThat(plan().errors()).extracting(Problem::code).containsExactly(ErrorCode.DEPENDENCY);
		assertThat(plan().errors().get(0).what())
			.isEqualTo("The file depends on the repeatable 'b', of which there is no file.");
	}

	@Test
	void aCircleIsAnErrorThatNamesItsMembers() {
		view("a", "b");
		view("b", "c_d");
		view("c_d", "b");
		view("e");

		assertThat(plan().errors()).extracting(Problem::what)
			.containsExactly("Repeatables depend on each other in a circle: 'b' depends on 'c d' depends on 'b'.");
	}

	@Test
	void whatDependsOnItselfIsACircle() {
		view("a", "a");

		assertThat(plan().errors()).extracting(Problem::what)
			.containsExactly("Repeatables depend on each other in a circle: 'a' depends on 'a'.");
	}

	@Test
	void versionsCannotDependOnRepeatables() throws IOException {
		view("a");
		Files.writeString(this.folder.resolve("V1__x.sql"), "-- tidemark: depends-on=a");

		assertThat(plan().errors()).extracting(Problem::code).containsExactly(ErrorCode.DIRECTIVE);
	}

	@Test
	void nothingRunsTwiceAndNothingIsReadForIt() {
		view("a", "z");
		view("z");
		run();

		assertThat(steps()).isEmpty();
		assertThat(this.loaded).isEmpty();
	}

	@Test
	void whatDependsOnAChangedOneRunsAgain() {
		view("a", "z");
		view("b", "a");
		view("c");
		view("z");
		run();
		file("z", "-- changed");

		assertThat(steps()).containsExactly("z", "a", "b");
		assertThat(plan().entries()).extracting((entry) -> entry.identity() + " " + entry.state())
			.containsExactly("a pending", "b pending", "c applied", "z pending");
	}

	@Test
	void whatTheDependentDoesLeavesTheOthersAlone() {
		view("a");
		view("b", "a");
		run();
		file("b", "-- tidemark: depends-on=a\n-- changed");

		assertThat(steps()).containsExactly("b");
	}

	@Test
	void whoDidNotGetItsTurnGetsItNextTime() {
		view("a");
		view("b", "a");
		view("c", "b");
		run();
		file("a", "-- changed");
		run(1);

		assertThat(steps()).containsExactly("b", "c");
		run(1);
		assertThat(steps()).containsExactly("c");
		run(1);
		assertThat(steps()).isEmpty();
	}

	@Test
	void namesMayHoldAnything() {
		view("b,lanks_&=%+ø", "a");
		view("a");
		view("c");
		file("c", "-- tidemark: depends-on=\"a\"");
		run();

		HistoryEntry entry = this.entries.get(1);
		assertThat(entry.identity()).isEqualTo(new Identity.Repeatable("b,lanks &=%+ø"));
		Basis basis = new Basis(List.of(new Identity.Repeatable("b,lanks &=%+ø"), new Identity.Repeatable("a")), "x;y");
		assertThat(new HistoryEntry(1, entry.identity(), "", "", null, MigrationState.APPLIED, 0, 0, basis.toString(),
				false)
			.basis()).isEqualTo(basis);
	}

	@Test
	void aChangedValueRunsTheRepeatablesThatUseIt() {
		this.values = Map.of("x", "1", "y", "2");
		file("a", "SELECT '${x}'");
		file("b", "SELECT '${y}'");
		view("c", "a");
		file("d", "SELECT '${z:default}'");
		run();
		assertThat(steps()).isEmpty();

		this.values = Map.of("x", "other", "y", "2");
		assertThat(steps()).containsExactly("a", "c");
		run();
		this.values = Map.of("x", "other", "y", "2", "z", "now declared");
		assertThat(steps()).containsExactly("d");
		run();
		assertThat(steps()).isEmpty();
		assertThat(this.loaded).isEmpty();
	}

	@Test
	void aRowOfAnOlderBuildKnowsNothingButTheText() {
		view("a");
		Migration migration = sources().migrations().get(0);
		this.entries.add(new HistoryEntry(1, migration.identity(), "a", "R__a.sql", migration.checksum().value(),
				MigrationState.APPLIED, 1, 1, null, false));

		assertThat(steps()).isEmpty();
	}

}
