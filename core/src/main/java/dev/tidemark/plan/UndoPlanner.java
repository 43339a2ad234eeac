package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.Basis;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.step.HalfDone;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Sources;

/**
 * Plans an undo: which migrations, in which order, by which files. One that cannot be
 * undone stops all of it. Used once.
 */
final class UndoPlanner {

	private final Sources sources;

	private final History history;

	private final List<HistoryRow> rows;

	/** The runs that brought into the database what is there of each migration. */
	private final Map<Identity, HistoryRow> origins = new HashMap<>();

	private final Function<Migration, Script> loader;

	private final Set<String> environments;

	private final List<Step> steps = new ArrayList<>();

	private final List<UndoSuggestion> suggestions = new ArrayList<>();

	private final List<Problem> problems = new ArrayList<>();

	/**
	 * Makes a planner.
	 * @param sources the files
	 * @param history the history
	 * @param rows all rows of the history in order of their ranks
	 * @param loader reads the content of a file, as {@link Migration#load()} does
	 * @param environments what this environment is called
	 */
	UndoPlanner(Sources sources, History history, List<HistoryRow> rows, Function<Migration, Script> loader,
			Set<String> environments) {
		this.sources = sources;
		this.history = history;
		this.rows = List.copyOf(rows);
		this.loader = loader;
		this.environments = environments;
		this.rows.forEach(this::follow);
	}

	/** What a person says of a migration later does not make it another run's. */
	private void follow(HistoryRow row) {
		HistoryEntry entry = row.entry();
		if (!entry.decides()) {
			return;
		}
		if (!entry.hasEffect()) {
			this.origins.remove(entry.identity());
		}
		else if (row.isDecision()) {
			this.origins.putIfAbsent(entry.identity(), row);
		}
		else if (!entry.undo()) {
			this.origins.put(entry.identity(), row);
		}
	}

	/**
	 * Makes the plan.
	 * @param selection which migrations to undo
	 * @return the plan, problems included; without steps and errors if there is nothing
	 * left to undo
	 */
	UndoPlan plan(UndoSelection selection) {
		this.problems.addAll(this.sources.problems());
		this.history.last()
			.stream()
			.filter(UndoPlanner::isHalfRun)
			.forEach((entry) -> this.problems.add(
					HalfDone.run(entry, "A run has to go on with it, or a person to decide, before anything is undone.",
							HalfDone.waysOn(entry, isCode(entry.identity())))));
		this.problems.addAll(UnknownRuns.beforeUndo(this.history));
		List<HistoryEntry> selected = select(selection, applied());
		applied().stream()
			.filter((entry) -> entry.isHalfDone() && !selected.contains(entry))
			.forEach((entry) -> this.problems.add(HalfDone.undo(entry)));
		UndoneBelow below = new UndoneBelow(this.history, selected);
		this.problems.addAll(below.contracts());
		selected.forEach(this::add);
		if (!this.steps.isEmpty()) {
			tellWhatStays(selected);
			this.problems.addAll(below.told());
		}
		return new UndoPlan(this.steps, this.suggestions, this.steps.isEmpty() ? List.of() : below.backfills(),
				this.problems);
	}

	/**
	 * Returns all versions, and the baseline if there is one, what was applied last
	 * first.
	 */
	private List<HistoryEntry> applied() {
		return this.history.last()
			.stream()
			.filter((entry) -> !entry.identity().isRepeatable() && !holdsNothing(entry))
			.filter((entry) -> entry.state().isDone() || (entry.isHalfDone() && entry.undo()))
			.sorted(Comparator.comparing(HistoryEntry::isHalfDone).thenComparingInt(this::appliedRank).reversed())
			.toList();
	}

	private static boolean holdsNothing(HistoryEntry entry) {
		return entry.state() == MigrationState.BASELINE && version(entry).equals(Baseline.NOTHING);
	}

	private boolean isCode(Identity identity) {
		return this.sources.migration(identity).filter((migration) -> migration.code() != null).isPresent();
	}

	private static boolean isHalfRun(HistoryEntry entry) {
		return entry.isHalfDone() && !entry.undo();
	}

	private int appliedRank(HistoryEntry entry) {
		HistoryRow origin = this.origins.get(entry.identity());
		return (origin != null) ? origin.entry().rank() : entry.rank();
	}

	private List<HistoryEntry> select(UndoSelection selection, List<HistoryEntry> applied) {
		if (selection instanceof UndoSelection.To to) {
			return above(to.version(), applied);
		}
		if (selection instanceof UndoSelection.Deployment deployment) {
			return of(deployment.id(), applied);
		}
		if (selection instanceof UndoSelection.Last last) {
			return last(last, applied);
		}
		if (selection instanceof UndoSelection.Since since) {
			return since(since.versions(), applied);
		}
		throw new IllegalStateException("Unknown kind of selection: " + selection.getClass());
	}

	private List<HistoryEntry> above(MigrationVersion version, List<HistoryEntry> applied) {
		List<HistoryEntry> above = applied.stream().filter((entry) -> version(entry).compareTo(version) > 0).toList();
		boolean known = version.equals(Baseline.NOTHING) || isKnown(new Identity.Versioned(version))
				|| isKnown(new Identity.Baseline(version)) || above.stream().anyMatch(UndoPlanner::isBaseline);
		if (!known) {
			unclear("Version " + version + " is neither among the files nor in the history.",
					"Name the version that shall stay as the newest one, or 0 to undo all.");
			return List.of();
		}
		return above;
	}

	private boolean isKnown(Identity identity) {
		return this.history.last(identity) != null || this.sources.migration(identity).isPresent();
	}

	private List<HistoryEntry> of(String deployment, List<HistoryEntry> applied) {
		Set<Integer> ranks = this.rows.stream()
			.filter((row) -> row.author().deploymentId().equals(deployment))
			.map((row) -> row.entry().rank())
			.collect(Collectors.toSet());
		if (ranks.isEmpty()) {
			unclear("The history has no run with the deployment id '" + deployment + "'.",
					"Take the id from the column deployment_id of the history, or from the endpoint.");
		}
		return applied.stream()
			.filter((entry) -> entry.state() != MigrationState.BASELINE && ranks.contains(appliedRank(entry)))
			.toList();
	}

	private List<HistoryEntry> since(Set<MigrationVersion> versions, List<HistoryEntry> applied) {
		int first = applied.stream()
			.filter((entry) -> versions.contains(version(entry)))
			.mapToInt(this::appliedRank)
			.min()
			.orElse(Integer.MAX_VALUE);
		return applied.stream().filter((entry) -> appliedRank(entry) >= first).toList();
	}

	private List<HistoryEntry> last(UndoSelection.Last selection, List<HistoryEntry> applied) {
		MigrationVersion from = selection.from();
		MigrationVersion newest = applied.isEmpty() ? null : version(applied.get(0));
		if (from != null && (newest == null || !from.equals(newest))) {
			this.problems.add(Problem.warning(ErrorCode.UNDO_UNCLEAR, null,
					"Nothing is undone: not version " + from + " was applied last, but "
							+ ((newest != null) ? "version " + newest : "nothing") + ".",
					"Nothing, if version " + from + " was undone before; else name the one that was applied last."));
			return List.of();
		}
		if (selection.count() > applied.size()) {
			unclear(selection.count() + " migrations are to be undone, but only " + applied.size()
					+ ((applied.size() == 1) ? " is" : " are") + " applied.",
					"Undo fewer, or name the version that shall stay as the newest one; 0 undoes all.");
			return List.of();
		}
		return applied.subList(0, selection.count());
	}

	private static MigrationVersion version(HistoryEntry entry) {
		MigrationVersion version = entry.identity().version();
		if (version == null) {
			throw new IllegalArgumentException("Repeatables have no version, and are not undone");
		}
		return version;
	}

	private static boolean isBaseline(HistoryEntry entry) {
		return entry.identity().isBaseline();
	}

	private void unclear(String what, String remedy) {
		this.problems.add(Problem.error(ErrorCode.UNDO_UNCLEAR, null, what, remedy));
	}

	private void add(HistoryEntry entry) {
		if (isBaseline(entry)) {
			this.problems.add(Problem.error(ErrorCode.UNDO_BASELINE, null,
					"The database begins with " + entry.identity().inWords()
							+ ": no migration took it there, so none can be undone to bring it below.",
					"Undo only what came after it, as with version " + version(entry) + " as the one that stays."));
			return;
		}
		if (isIrreversible(entry)) {
			return;
		}
		Optional<Migration> undo = this.sources.undo(entry.identity());
		if (undo.isEmpty()) {
			missing(entry);
			return;
		}
		Script script = load(undo.get());
		if (script != null && isUsable(entry, undo.get(), script)) {
			add(entry, undo.get().undoing(entry.phase()), script);
		}
	}

	private void add(HistoryEntry entry, Migration undo, Script script) {
		String known = entry.isHalfDone() ? entry.basis().values() : null;
		Basis basis = new Basis(List.of(),
				script.placeholders().remember((known != null) ? List.of(known) : List.of()));
		if (!entry.isHalfDone()) {
			this.steps.add(Step.of(undo, script, basis));
		}
		else if (entry.state() == MigrationState.INTERRUPTED) {
			this.problems.add(HalfDone.undo(entry, HalfDone.decision(entry), HalfDone.waysOn(entry, false)));
		}
		else {
			resume(Step.again(undo, script, basis, entry), entry);
		}
	}

	private boolean isUsable(HistoryEntry entry, Migration undo, Script script) {
		if (!script.directives().isFor(this.environments)) {
			this.problems.add(Problem.error(ErrorCode.UNDO_MISSING, Place.file(undo.script()),
					"The undo file of " + entry.identity().inWords() + " is for other environments.",
					"Undo where " + SettingNames.name("run.environments")
							+ " names one of them, or correct what it says after 'only='."));
			return false;
		}
		if (script.statements().isEmpty() && script.directives().nothingToUndo() == null) {
			this.problems.add(Problem.error(ErrorCode.UNDO_MISSING, Place.file(undo.script()),
					"The undo file of " + entry.identity().inWords() + " holds no statement, so it would undo nothing.",
					"Write into it what takes the migration back, and start again. If nothing has to be, say so in it: "
							+ "-- tidemark: nothing-to-undo reason=\"…\""));
			return false;
		}
		return true;
	}

	/** What the file says when it was applied counts, whatever undo file there is. */
	private boolean isIrreversible(HistoryEntry entry) {
		Migration migration = this.sources.migration(entry.identity()).orElse(null);
		if (migration == null || migration.code() != null) {
			return false;
		}
		try {
			String reason = migration.directives().irreversible();
			if (reason != null) {
				this.problems.add(Irreversible.undone(entry.identity(), migration.script(), reason));
			}
			return reason != null;
		}
		catch (TidemarkException ex) {
			this.problems.addAll(ex.problems());
			return true;
		}
	}

	private void resume(Step step, HistoryEntry entry) {
		String obstacle = HalfDone.obstacle(step, entry);
		if (obstacle == null) {
			this.steps.add(step.resume(entry));
		}
		else {
			this.problems.add(HalfDone.undo(entry, obstacle, List.of()));
		}
	}

	/** Its prefix may be another one by a setting, which nobody knows here. */
	private static String suggested(HistoryEntry entry) {
		return "U" + entry.identity().version() + "__undo.sql (U, unless " + SettingNames.name("naming.undo-prefix")
				+ " is another)";
	}

	private void missing(HistoryEntry entry) {
		String what = "There is no undo file of " + entry.identity().inWords() + ".";
		Place place = Place.file(entry.script());
		Migration migration = this.sources.migration(entry.identity()).orElse(null);
		Script script = (migration != null && migration.code() == null) ? load(migration) : null;
		if (migration == null || script == null) {
			this.problems.add(Problem.error(ErrorCode.UNDO_MISSING, place, what,
					(migration != null)
							? "Write one into a location, such as " + suggested(entry) + ", and start again."
							: "Undo it with a build that has its files, or write an undo file, such as "
									+ suggested(entry) + "."));
			return;
		}
		UndoSuggestion suggestion = Inverse.of(migration, script);
		this.suggestions.add(suggestion);
		this.problems.add(Problem.error(ErrorCode.UNDO_MISSING, place, what,
				"Write one, such as " + suggestion.script() + ", and start again. It could be:\n" + suggestion.sql()));
	}

	private @Nullable Script load(Migration migration) {
		try {
			return this.loader.apply(migration);
		}
		catch (TidemarkException ex) {
			this.problems.addAll(ex.problems());
			return null;
		}
	}

	private void tellWhatStays(List<HistoryEntry> undone) {
		int first = undone.stream().mapToInt(this::appliedRank).min().orElse(Integer.MAX_VALUE);
		for (HistoryEntry entry : this.history.last()) {
			if (entry.state().isDone() && entry.rank() > first && !undone.contains(entry)) {
				boolean repeatable = entry.identity().isRepeatable();
				String what = entry.identity().inWords();
				this.problems.add(Problem.warning(ErrorCode.UNDO_LEAVES, Place.file(entry.script()),
						Character.toUpperCase(what.charAt(0)) + what.substring(1)
								+ " ran after a migration that is undone"
								+ (repeatable ? "; it runs again with the next run." : ", and stays."),
						repeatable
								? "Nothing, if it fits the older schema, or the undo files drop what it made and does not fit."
								: "Check that it does not need what is undone; a build that has the files of both will"
										+ " find what is undone out of order."));
			}
		}
	}

}
