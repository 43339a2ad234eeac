package dev.tidemark.run;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Inverse;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.plan.RecordedDecision;
import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Makes the values that users get of what the engine works with.
 *
 * @since 0.1.0
 */
public final class Describe {

	private Describe() {
	}

	/**
	 * Describe migrations.
	 * @param entries the migrations of a plan
	 * @return what users get of them, in the same order
	 */
	public static List<MigrationInfo> migrations(Collection<PlanEntry> entries) {
		return entries.stream().map(Describe::migration).toList();
	}

	private static MigrationInfo migration(PlanEntry entry) {
		HistoryEntry history = entry.history();
		Migration file = entry.migration();
		return new MigrationInfo(entry.identity(), (history != null) ? history.phase() : entry.phase(),
				entry.description(), entry.script(),
				(history != null) ? history.checksum() : (file != null) ? text(file.checksum()) : null, entry.state(),
				entry.reason(), false, (entry.undo() != null) ? entry.undo().script() : null,
				(history != null) ? history.rank() : null);
	}

	/** Describes what will be recorded without a run. */
	public static MigrationInfo migration(RecordedDecision mark) {
		return new MigrationInfo(mark.identity(), mark.phase(), mark.description(), mark.script(), mark.checksum(),
				mark.state(), mark.reason(), false, null, null);
	}

	/** Describes what runs. */
	public static MigrationInfo migration(Step step, MigrationState state) {
		Migration file = step.migration();
		return new MigrationInfo(file.identity(), file.phase(), file.description(), file.script(),
				text(file.checksum()), state, null, step.isUndo(), null, null);
	}

	/**
	 * Describe a run.
	 * @param row the row of the history
	 * @return what users get of it
	 */
	public static MigrationRun run(HistoryRow row) {
		HistoryEntry entry = row.entry();
		MigrationInfo migration = new MigrationInfo(entry.identity(), entry.phase(), entry.description(),
				entry.script(), entry.checksum(), entry.state(), null, entry.undo(), null, entry.rank());
		return new MigrationRun(entry.rank(), migration, entry.statementsTotal(), entry.statementsDone(), row.started(),
				row.finished(), row.author(), row.failure(), row.note());
	}

	/** Describes the steps of an undo. */
	public static List<PlannedStep> undoSteps(List<Step> steps) {
		return steps.stream().map((step) -> step(step, migration(step, MigrationState.PENDING))).toList();
	}

	/** Describes the steps of a run. */
	public static List<PlannedStep> steps(List<Step> steps, Collection<PlanEntry> entries) {
		Map<Identity, PlanEntry> known = new HashMap<>();
		entries.forEach((entry) -> known.putIfAbsent(entry.identity(), entry));
		return steps.stream().map((step) -> {
			Migration file = step.migration();
			PlanEntry entry = known.get(file.identity());
			return step(step,
					(entry != null) ? pending(file, migration(entry)) : migration(step, MigrationState.PENDING));
		}).toList();
	}

	/** What would run is the file as it is now. */
	private static MigrationInfo pending(Migration file, MigrationInfo known) {
		return new MigrationInfo(known.identity(), known.phase(), file.description(), file.script(),
				text(file.checksum()), known.state(), known.reason(), false, known.undoScript(), known.rank());
	}

	private static PlannedStep step(Step step, MigrationInfo migration) {
		HistoryEntry resumed = step.resumed();
		return new PlannedStep(migration, step.isAtomic(), step.statementCount(), step.done().size(),
				(resumed != null) ? new PlannedStep.Resumed(resumed.statementsTotal(), resumed.statementsDone()) : null,
				step.segments().stream().map(Describe::segment).toList());
	}

	private static PlannedStep.Segment segment(Segment segment) {
		return new PlannedStep.Segment(segment.isInTransaction(), segment.isCode(), statements(segment.statements()));
	}

	public static List<StatementInfo> statements(List<SqlStatement> statements) {
		return statements.stream().map(Describe::statement).toList();
	}

	public static StatementInfo statement(SqlStatement statement) {
		return new StatementInfo(statement.number(), statement.line(), statement.command(), statement.excerpt(),
				statement.listing(), statement.copyData() != null);
	}

	/**
	 * Describe what the files of a migration hold.
	 * @param sources all files
	 * @param identity which migration
	 * @return what they hold, empty if there is no file
	 */
	public static Optional<MigrationText> text(Sources sources, Identity identity) {
		return sources.migration(identity).map((migration) -> {
			Migration undo = sources.undo(identity).orElse(null);
			if (migration.code() != null) {
				return new MigrationText(identity, code(migration), (undo != null) ? file(undo) : null, null);
			}
			Script script = null;
			MigrationText.File file;
			try {
				script = migration.load();
				file = file(migration, script);
			}
			catch (TidemarkException ex) {
				file = new MigrationText.File(migration.script(), null, ex.problems());
			}
			return new MigrationText(identity, file, (undo != null) ? file(undo) : null,
					(undo == null && script != null) ? suggestion(migration, script) : null);
		});
	}

	/**
	 * Reads migrations and their undo files once, to tell what they are about.
	 * @param sources all files
	 * @param identities which migrations
	 * @return tells whether the text that runs holds a word, in this or another case
	 */
	public static Predicate<String> mentionedIn(Sources sources, Collection<Identity> identities) {
		String texts = identities.stream()
			.flatMap((identity) -> Stream.concat(sources.migration(identity).stream(), sources.undo(identity).stream()))
			.filter((file) -> file.code() == null)
			.flatMap((file) -> file.load().statements().stream())
			.map(SqlStatement::text)
			.map((text) -> text + " " + text.toLowerCase(Locale.ROOT))
			.collect(Collectors.joining("\n"));
		return texts::contains;
	}

	private static MigrationText.File code(Migration migration) {
		return new MigrationText.File(migration.script(), List.of(), List.of());
	}

	private static MigrationText.File file(Migration migration) {
		if (migration.code() != null) {
			return code(migration);
		}
		try {
			return file(migration, migration.load());
		}
		catch (TidemarkException ex) {
			return new MigrationText.File(migration.script(), null, ex.problems());
		}
	}

	private static MigrationText.File file(Migration migration, Script script) {
		return new MigrationText.File(migration.script(), statements(script.statements()), script.warnings());
	}

	private static @Nullable UndoSuggestion suggestion(Migration migration, Script script) {
		boolean derivable = migration.identity().isVersioned() && script.directives().irreversible() == null;
		return derivable ? Inverse.of(migration, script) : null;
	}

	private static @Nullable String text(@Nullable Checksum checksum) {
		return (checksum != null) ? checksum.value() : null;
	}

}
