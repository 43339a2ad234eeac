package dev.tidemark.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.Basis;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.foreign.SchemaContent;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.history.rollout.Rollout;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
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

	private Rollout rollout = Rollout.UNKNOWN;

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

	/** A backfill that moves a column of users to another one. */
	PlanFixture backfill(String version, String... options) {
		return file("V" + version + "__b.backfill.sql", "-- tidemark: batch table=users by=id "
				+ String.join(" ", options) + "\nUPDATE users SET new = old WHERE {batch} AND new IS NULL");
	}

	/** Says that a backfill has begun with the text that its file has now. */
	PlanFixture begun(String version, BackfillState state) {
		return begun(version, state, checksum(Identity.of(version)).orElse("sha256:gone"));
	}

	PlanFixture begun(String version, BackfillState state, String checksum) {
		List<BackfillRecord> records = new ArrayList<>(this.rollout.backfills());
		records.add(new BackfillRecord(MigrationVersion.of(version), "V" + version + "__b.backfill.sql", checksum,
				state, false));
		this.rollout = new Rollout(records, true);
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
		String checksum = checksum(id).orElse((state == MigrationState.BASELINE) ? null : "sha256:gone");
		Phase phase = sources().migration(id).map(Migration::phase).orElse(Phase.EXPAND);
		this.entries.add(new HistoryEntry(this.entries.size() + 1, id, phase, "d", identity + ".sql", checksum, state,
				total, done, journal, false, null));
		return this;
	}

	private Optional<String> checksum(Identity id) {
		return sources().migration(id).map((migration) -> migration.checksum().value());
	}

	private Sources sources() {
		return new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)), true,
				StandardCharsets.UTF_8, Naming.DEFAULT))
			.read();
	}

	Plan plan() {
		History history = new History(new DatabaseIdentity("db", "user", "public"), true, this.entries)
			.with(this.content)
			.with(this.rollout);
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

	/** Returns what each one that waits does so for. */
	Map<String, String> waiting() {
		Map<String, String> reasons = new TreeMap<>();
		plan().entries()
			.stream()
			.filter((entry) -> entry.state() == MigrationState.WAITING)
			.forEach((entry) -> reasons.put(entry.identity().toString(), entry.reason()));
		return reasons;
	}

	List<ErrorCode> errors() {
		return plan().errors().stream().map(Problem::code).toList();
	}

}
