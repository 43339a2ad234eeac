package dev.tidemark.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.Basis;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.foreign.SchemaContent;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.format.Naming;

/**
 * Files and a history that a test makes up, and the plan that comes of them.
 */
final class PlanFixture {

	private final Path folder;

	private final List<HistoryEntry> entries = new ArrayList<>();

	private PlanPolicy policy = PlanPolicy.DEFAULT;

	private SchemaContent content = SchemaContent.EMPTY;

	PlanFixture(Path folder) {
		this.folder = folder;
	}

	PlanFixture file(String name, String content) {
		try {
			Files.writeString(this.folder.resolve(name), content);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	PlanFixture files(String... names) {
		for (String name : names) {
			file(name + ".sql", "SELECT '" + name + "'");
		}
		return this;
	}

	PlanFixture remove(String... names) {
		try {
			for (String name : names) {
				Files.delete(this.folder.resolve(name));
			}
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	PlanFixture policy(PlanPolicy planPolicy) {
		this.policy = planPolicy;
		return this;
	}

	PlanFixture content(SchemaContent schemaContent) {
		this.content = schemaContent;
		return this;
	}

	PlanFixture applied(String... identities) {
		for (String identity : identities) {
			recorded(identity, MigrationState.APPLIED, 1, 1);
		}
		return this;
	}

	PlanFixture recorded(String identity, MigrationState state, int total, int done) {
		return recorded(identity, state, total, done, null);
	}

	/** Records a run that died after its first statement. */
	PlanFixture halfDone(String identity, int total, String firstStatement) {
		return recorded(identity, MigrationState.RUNNING, total, 1, Checksum.of(List.of(firstStatement)).value());
	}

	/** Records a run of a repeatable that depends on another one. */
	PlanFixture dependent(String identity, String dependency) {
		Basis basis = new Basis(List.of(new Identity.Repeatable(dependency)), null);
		return recorded(identity, MigrationState.APPLIED, 1, 1, HistoryEntry.journal(false, null, basis));
	}

	private PlanFixture recorded(String identity, MigrationState state, int total, int done, @Nullable String journal) {
		Identity id = Identity.of(identity);
		String checksum = sources().migrations()
			.stream()
			.filter((migration) -> migration.identity().equals(id))
			.map((migration) -> migration.checksum().value())
			.findFirst()
			.orElse((state == MigrationState.BASELINE) ? null : "sha256:gone");
		this.entries.add(new HistoryEntry(this.entries.size() + 1, id, "d", identity + ".sql", checksum, state, total,
				done, journal, false));
		return this;
	}

	private Sources sources() {
		return new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)), true,
				StandardCharsets.UTF_8, Naming.DEFAULT))
			.read();
	}

	Plan plan() {
		History history = new History(new DatabaseIdentity("db", "user", "public"), true, this.entries)
			.with(this.content);
		return new Planner(this.policy).plan(sources(), history, Migration::load);
	}

	List<String> steps() {
		return plan().steps().stream().map((step) -> step.migration().identity().toString()).toList();
	}

	List<String> marks() {
		return plan().marks().stream().map(RecordedDecision::toString).toList();
	}

	List<String> states() {
		return plan().entries().stream().map((entry) -> entry.identity() + " " + entry.state()).toList();
	}

	List<ErrorCode> errors() {
		return plan().errors().stream().map(Problem::code).toList();
	}

}
