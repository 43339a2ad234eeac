package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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
import dev.tidemark.history.NewerRecord;
import dev.tidemark.source.AppliedFile;
import dev.tidemark.source.Checksum;
import dev.tidemark.source.CodeMigration;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Migration;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.NextVersion;
import dev.tidemark.source.Script;
import dev.tidemark.source.Sources;

/**
 * Compares the files with the history. It reads the content of pending files only, and
 * touches nothing.
 */
public final class Planner {

	private final PlanPolicy policy;

	/**
	 * Makes a planner.
	 * @param policy what a plan may contain
	 */
	public Planner(PlanPolicy policy) {
		this.policy = policy;
	}

	/**
	 * Makes the plan.
	 * @param sources the files
	 * @param history the history
	 * @param loader reads the content of a pending file, as {@link Migration#load()} does
	 * @return the plan, problems included
	 */
	public Plan plan(Sources sources, History history, Function<Migration, Script> loader) {
		return new Comparison(sources, history, loader).plan();
	}

	/**
	 * Makes the plan of a person who takes over an existing database: where it is will be
	 * recorded, and nothing runs.
	 * @param sources the files
	 * @param history the history
	 * @param baseline at what version the database is
	 * @return the plan; its entries are the files that count as done then, and it is
	 * empty if the same is recorded already
	 */
	public Plan takeOver(Sources sources, History history, Baseline baseline) {
		List<PlanEntry> covered = sources.migrations()
			.stream()
			.filter((migration) -> migration.identity() instanceof Identity.Versioned versioned
					&& versioned.version().compareTo(baseline.version()) <= 0)
			.map((migration) -> new PlanEntry(migration.identity(), MigrationState.BASELINE, migration,
					sources.undo(migration.identity()).orElse(null), history.last(migration.identity()), null))
			.toList();
		List<Problem> problems = new ArrayList<>(sources.problems());
		HistoryEntry recorded = history.last(baseline.identity());
		boolean isRecorded = recorded != null && recorded.state() == MigrationState.BASELINE;
		if (!isRecorded && !history.isWithoutVersion()) {
			problems.add(Problem.error(ErrorCode.BASELINE_REFUSED, null,
					"The database has a history of versions, so it cannot be taken over at version "
							+ baseline.version() + ".",
					"Let the history decide; a baseline is for a database in which no version has run."));
		}
		if (!isRecorded) {
			problems.addAll(new OtherTools(history, sources.migrations(), this.policy).problems(baseline));
		}
		return new Plan(covered, isRecorded ? List.of() : List.of(Mark.of(baseline)), List.of(), problems);
	}

	/**
	 * Makes the plan of an undo.
	 * @param selection which migrations to undo
	 * @param sources the files
	 * @param history the history
	 * @param rows all rows of the history in order of their ranks
	 * @param loader reads the content of a file, as {@link Migration#load()} does
	 * @return the plan, problems included; without steps and errors if there is nothing
	 * left to undo
	 */
	public UndoPlan undo(UndoSelection selection, Sources sources, History history, List<HistoryRow> rows,
			Function<Migration, Script> loader) {
		Set<String> environments = this.policy.selection().environments();
		return new UndoPlanner(sources, history, rows, loader, environments).plan(selection);
	}

	/**
	 * Says what the history has to know when the statement is done at which a run
	 * stopped, so that the next run goes on behind it.
	 * @param stopped the run, or the undo
	 * @param rank the rank of the row that will say so
	 * @param sources the files
	 * @param loader reads the content of a file, as {@link Migration#load()} does
	 * @param cut cuts what the catalogue says that it cannot run in a transaction
	 * @return the entry of that row
	 * @throws TidemarkException if there is no such statement, or nobody can tell which
	 * one it is
	 */
	public HistoryEntry continued(HistoryRow stopped, int rank, Sources sources, Function<Migration, Script> loader,
			UnaryOperator<Step> cut) {
		HistoryEntry entry = stopped.entry();
		Migration migration = (entry.undo() ? sources.undo(entry.identity()) : sources.migration(entry.identity()))
			.orElseThrow(() -> Continuation.refused(entry, "Its file is gone.",
					"Decide with a build that has the file, or in another way."));
		if (migration.code() != null) {
			throw Continuation.refused(entry, "It is code, of which no statements are known.",
					"Decide whether all of it is done, or nothing: tidemark.resolve.as=applied, undone or retry.");
		}
		Script script = loader.apply(migration);
		String known = entry.basis().values();
		Basis basis = new Basis(entry.undo() ? List.of() : script.directives().dependsOn(),
				script.placeholders().remember(Stream.ofNullable(known).toList()));
		return new Continuation(stopped, migration, Step.again(migration, script, basis, entry), cut).entry(rank);
	}

	/** One comparison of files and history. */
	private final class Comparison {

		private final Sources sources;

		private final History history;

		private final Scripts scripts;

		private final StartingPoint start;

		private final Selection selection;

		private final @Nullable MigrationVersion current;

		private final @Nullable MigrationVersion newestFile;

		private final Repeatables repeatables;

		private final List<PlanEntry> entries = new ArrayList<>();

		private final List<Mark> marks = new ArrayList<>();

		private final List<Step> steps = new ArrayList<>();

		private final List<Problem> problems = new ArrayList<>();

		private final Map<Identity, String> reasons = new HashMap<>();

		/** One for all: no two files are sent to the same version. */
		private final NextVersion next;

		Comparison(Sources sources, History history, Function<Migration, Script> loader) {
			this.sources = sources;
			this.history = history;
			this.scripts = new Scripts(loader, this.problems);
			this.selection = Planner.this.policy.selection();
			this.current = history.currentVersion().orElse(null);
			this.newestFile = newestFile(sources).orElse(null);
			this.repeatables = new Repeatables(sources, history, this::isSelected);
			this.next = sources.versions().next(known());
			this.problems
				.addAll(sources.problems().isEmpty() ? List.of() : sources.problems(applied(history), this.next));
			this.start = new StartingPoint(sources, history, Planner.this.policy, this.scripts);
		}

		/** A version that somebody has decided to skip is not free either. */
		private static List<AppliedFile> applied(History history) {
			return history.last()
				.stream()
				.filter((entry) -> entry.hasEffect() || entry.state() == MigrationState.SKIPPED)
				.map(Comparison::file)
				.toList();
		}

		private static AppliedFile file(HistoryEntry entry) {
			return new AppliedFile(entry.identity(), entry.script(), entry.checksum());
		}

		/**
		 * What was undone or is done in part is not free: another build has the file. Nor
		 * is what counts as done as soon as the database is taken over.
		 */
		private Collection<AppliedFile> known() {
			List<AppliedFile> known = new ArrayList<>();
			this.history.last().forEach((entry) -> known.add(file(entry)));
			Baseline baseline = Planner.this.policy.baseline();
			if (baseline != null) {
				known.add(new AppliedFile(baseline.identity(), "", null));
			}
			return known;
		}

		private static Optional<MigrationVersion> newestFile(Sources sources) {
			return sources.migrations()
				.stream()
				.flatMap((migration) -> Stream.ofNullable(migration.identity().version()))
				.max(Comparator.naturalOrder());
		}

		Plan plan() {
			this.start.mark().ifPresent(this.marks::add);
			this.problems.addAll(this.start.problems());
			checkTarget();
			Set<Identity> files = new HashSet<>();
			for (Migration migration : this.sources.migrations()) {
				files.add(migration.identity());
				HistoryEntry entry = this.history.last(migration.identity());
				add(migration.identity(), found(migration, entry), migration, entry);
			}
			for (HistoryEntry entry : this.history.last()) {
				if (!files.contains(entry.identity())) {
					add(entry.identity(), withoutFile(entry), null, entry);
				}
			}
			this.entries.sort(Comparator.comparing(PlanEntry::identity));
			checkContent();
			if (!this.selection.namesNone()) {
				this.problems.addAll(
						new SelectionCheck(this.selection, this::isBehindTarget, this.entries, this.steps).problems());
			}
			UnknownRuns.problem(this.entries, this.steps).ifPresent(this.problems::add);
			List<Step> ordered = this.repeatables.inOrder(this.steps, this.problems);
			checkDependencies(ordered);
			TimeZones.left(ordered).ifPresent(this.problems::add);
			return new Plan(this.entries, this.marks, ordered, this.problems);
		}

		private void add(Identity identity, MigrationState state, @Nullable Migration migration,
				@Nullable HistoryEntry entry) {
			this.entries.add(new PlanEntry(identity, state, migration, this.sources.undo(identity).orElse(null), entry,
					this.reasons.get(identity)));
		}

		private MigrationState because(String reason, Migration migration, MigrationState state) {
			this.reasons.put(migration.identity(), reason);
			return state;
		}

		/** What nobody has told us about is not ours to build upon. */
		private void checkContent() {
			boolean unknown = !this.history.content().isEmpty() && this.start.mark().isEmpty();
			if (unknown && this.newestFile != null
					&& this.steps.stream().anyMatch((step) -> step.migration().identity().version() != null)) {
				this.problems.add(ForeignContent.problem(this.history, this.newestFile, this.sources.migrations(),
						Planner.this.policy));
			}
		}

		/** Something else may have made what is left out, so it is no error. */
		private void checkDependencies(List<Step> ordered) {
			for (Step step : ordered) {
				for (Identity dependency : step.basis().dependsOn()) {
					this.entries.stream()
						.filter((entry) -> entry.identity().equals(dependency) && isLeftOut(entry, ordered))
						.forEach((entry) -> this.problems.add(leftOut(step, entry)));
				}
			}
		}

		private boolean isLeftOut(PlanEntry entry, List<Step> ordered) {
			boolean passedOver = entry.state() == MigrationState.SKIPPED || entry.state() == MigrationState.PENDING;
			return passedOver && this.history.lastDone(entry.identity()) == null
					&& ordered.stream().noneMatch((step) -> step.migration().equals(entry.migration()));
		}

		private static Problem leftOut(Step step, PlanEntry dependency) {
			String reason = (dependency.reason() != null) ? dependency.reason()
					: (dependency.state() == MigrationState.SKIPPED) ? "the history says so"
							: SettingNames.name("cherry-pick") + " does not name it";
			return Problem.warning(ErrorCode.DEPENDENCY, Place.file(step.migration().script()),
					((step.migration().code() != null) ? "The code" : "The file") + " depends on "
							+ dependency.identity().inWords() + ", which never ran and does not run now: it is "
							+ dependency.state() + " (" + reason + ").",
					"Let that run too, unless something else has made what it makes.");
		}

		private void checkTarget() {
			MigrationVersion target = Planner.this.policy.target();
			if (target == null) {
				return;
			}
			Identity identity = new Identity.Versioned(target);
			boolean known = this.history.last(identity) != null || this.start.covers(identity)
					|| this.sources.migrations()
						.stream()
						.anyMatch((file) -> new Identity.Baseline(target).equals(file.identity())
								|| identity.equals(file.identity()));
			if (!known) {
				this.problems.add(Problem.error(ErrorCode.TARGET_UNKNOWN, null,
						"The target version " + target + " is neither among the files nor in the history.",
						"Set " + SettingNames.name("target") + " to the version of a file, or remove it to run all."));
			}
		}

		private MigrationState unknown(HistoryEntry entry, NewerRecord newer) {
			this.reasons.put(entry.identity(), UnknownRuns.reason(newer));
			return MigrationState.UNKNOWN;
		}

		private MigrationState found(Migration migration, @Nullable HistoryEntry entry) {
			if (entry != null && entry.newer() != null) {
				return unknown(entry, entry.newer());
			}
			if (entry != null && entry.isHalfDone()) {
				return entry.undo() ? halfUndone(entry) : resume(migration, entry);
			}
			if (entry == null || !entry.state().isDone()) {
				return pending(migration, entry);
			}
			if (migration.isContentOf(entry.checksum())) {
				return this.repeatables.mustRun(migration) ? again(migration, entry) : entry.state();
			}
			return (migration.identity() instanceof Identity.Repeatable) ? pending(migration, entry)
					: changed(migration, entry);
		}

		/**
		 * What a run has left half-way goes on, if its first half is still what the file
		 * says.
		 */
		private MigrationState resume(Migration migration, HistoryEntry entry) {
			if (isHeldBack(migration.identity())) {
				return stateOfHalfDone(entry);
			}
			if (entry.state() == MigrationState.INTERRUPTED) {
				return halfDone(entry, HalfDone.decision(entry), HalfDone.waysOn(entry, migration.code() != null));
			}
			if (migration.code() != null) {
				return halfDone(entry, "It was a file then and is code now, so it cannot go on by itself.", List.of());
			}
			Script script = this.scripts.load(migration);
			if (script == null) {
				return stateOfHalfDone(entry);
			}
			Step step = Step.again(migration, script, basis(script, entry), entry);
			String obstacle = HalfDone.obstacle(step, entry);
			if (obstacle != null) {
				return halfDone(entry, obstacle, List.of());
			}
			this.steps.add(step.resume(entry));
			return stateOfHalfDone(entry);
		}

		private static MigrationState stateOfHalfDone(HistoryEntry entry) {
			return (entry.state() == MigrationState.RUNNING) ? MigrationState.INTERRUPTED : entry.state();
		}

		private MigrationState changed(Migration migration, HistoryEntry entry) {
			boolean code = migration.code() != null;
			Checksum checksum = migration.checksum();
			Place place = Place.file(migration.script());
			String what = (code ? "The code" : "The file") + " was changed after it had been applied: the history has "
					+ entry.checksum() + ", this build has " + ((checksum != null) ? checksum : "none") + ".";
			String remedy = (code ? "Return the checksum" : "Restore the text")
					+ " that was applied, and put the change into a new migration.";
			this.problems
				.add(Planner.this.policy.ignoreChanged() ? Problem.warning(ErrorCode.CHANGED, place, what, remedy)
						: Problem.error(ErrorCode.CHANGED, place, what, remedy));
			return MigrationState.CHANGED;
		}

		private MigrationState halfDone(HistoryEntry entry, String reason, List<String> waysOn) {
			this.problems.add(HalfDone.run(entry, reason, waysOn));
			return stateOfHalfDone(entry);
		}

		/** A run must not do again what an undo has not taken back yet. */
		private MigrationState halfUndone(HistoryEntry entry) {
			this.problems.add(HalfDone.undo(entry));
			return stateOfHalfDone(entry);
		}

		private MigrationState pending(Migration migration, @Nullable HistoryEntry entry) {
			Identity identity = migration.identity();
			if (this.start.covers(identity)) {
				return because(this.start.reason(), migration, this.start.covered());
			}
			if (entry != null && entry.state().isDone() && isAhead()) {
				// A newer build owns the repeatable: running our older text would undo
				// its work.
				return MigrationState.AHEAD;
			}
			if (this.selection.skips(migration, entry)) {
				return skip(migration, entry);
			}
			if (this.start.isUnused(migration)) {
				return because(this.start.reason(), migration, MigrationState.SUPERSEDED);
			}
			if (isHeldBack(identity)) {
				return MigrationState.PENDING;
			}
			if (!this.scripts.isFor(migration, this.selection.environments())) {
				return because("its file is for other environments", migration, MigrationState.SKIPPED);
			}
			if (identity instanceof Identity.Versioned versioned && this.current != null
					&& versioned.version().compareTo(this.current) < 0) {
				return outOfOrder(migration, this.current);
			}
			addStep(migration);
			boolean failed = entry != null && entry.state() == MigrationState.FAILED;
			return failed ? MigrationState.FAILED : MigrationState.PENDING;
		}

		private MigrationState again(Migration migration, HistoryEntry entry) {
			MigrationState state = pending(migration, entry);
			return (state == MigrationState.PENDING && this.history.isBeforeUndo(entry))
					? because("an undo came after its last run", migration, state) : state;
		}

		private MigrationState skip(Migration migration, @Nullable HistoryEntry entry) {
			String reason = this.selection.skip().get(migration.identity());
			if (reason == null || (entry != null && entry.skips(migration))) {
				return MigrationState.SKIPPED;
			}
			this.marks.add(Mark.skipped(migration, reason));
			return because(reason, migration, MigrationState.SKIPPED);
		}

		private boolean isSelected(Migration migration) {
			HistoryEntry entry = this.history.last(migration.identity());
			return !this.selection.skips(migration, entry) && !isHeldBack(migration.identity())
					&& this.scripts.isFor(migration, this.selection.environments());
		}

		private boolean isHeldBack(Identity identity) {
			return isBehindTarget(identity) || this.selection.leavesOut(identity);
		}

		/** Repeatables may need what comes after the target, so they wait with it. */
		private boolean isBehindTarget(Identity identity) {
			MigrationVersion target = Planner.this.policy.target();
			boolean waits = identity instanceof Identity.Repeatable && target != null && this.newestFile != null
					&& this.newestFile.compareTo(target) > 0;
			return waits || Planner.this.policy.isBeyondTarget(identity);
		}

		private MigrationState outOfOrder(Migration migration, MigrationVersion newest) {
			OutOfOrder mode = Planner.this.policy.outOfOrder();
			if (mode == OutOfOrder.FAIL && this.selection.picks(migration.identity())) {
				// Who names a version knows that it runs late.
				mode = OutOfOrder.WARN;
			}
			String what = "Version " + migration.identity() + " is pending, but version " + newest
					+ " is applied already.";
			Place place = Place.file(migration.script());
			if (mode == OutOfOrder.FAIL) {
				this.problems.add(Problem.error(ErrorCode.OUT_OF_ORDER, place, what,
						"If it is applied nowhere, " + this.sources.versions().renaming(migration, this.next.take())
								+ ", the next free version; or set " + SettingNames.name("out-of-order")
								+ " to warn or apply if it may run late."));
				return MigrationState.OUT_OF_ORDER;
			}
			if (mode == OutOfOrder.WARN) {
				this.problems.add(Problem.warning(ErrorCode.OUT_OF_ORDER, place, what,
						"It runs late. Check that it does not depend on the state before version " + newest + "."));
			}
			addStep(migration);
			return MigrationState.OUT_OF_ORDER;
		}

		private void addStep(Migration migration) {
			CodeMigration code = migration.code();
			if (code != null) {
				this.steps.add(Step.of(migration, code, new Basis(migration.directives().dependsOn(), null)));
				return;
			}
			Script script = this.scripts.load(migration);
			if (script != null) {
				Problem contradiction = Irreversible.contradicted(migration, script,
						this.sources.undo(migration.identity()).orElse(null));
				if (contradiction != null) {
					this.problems.add(contradiction);
				}
				this.steps.add(Step.of(migration, script, basis(script, null)));
			}
		}

		/** What is continued is compared with its own values before. */
		private Basis basis(Script script, @Nullable HistoryEntry continued) {
			List<String> known = new ArrayList<>();
			if (continued != null && continued.basis().values() != null) {
				known.add(continued.basis().values());
			}
			known.addAll(this.repeatables.knownValues());
			return new Basis(script.directives().dependsOn(), script.placeholders().remember(known));
		}

		/** What a person has said of the database is no work of a newer build. */
		private boolean isAhead() {
			return this.history.newestRun().filter(this::isNewer).isPresent();
		}

		private boolean isNewer(MigrationVersion version) {
			return this.newestFile == null || version.compareTo(this.newestFile) > 0;
		}

		private boolean isNewer(Identity identity) {
			MigrationVersion version = identity.version();
			return (version != null) ? isNewer(version) : isAhead();
		}

		/** What a newer build does is no reason to stop an older one that still runs. */
		private MigrationState ahead(HistoryEntry entry, String did) {
			this.problems.add(Problem.warning(ErrorCode.AHEAD, Place.file(entry.script()),
					"A newer build " + did + " " + entry.identity().inWords() + ", which this build does not know.",
					"Nothing, if an older build shall run on the newer schema; else deploy the newer build."));
			return MigrationState.AHEAD;
		}

		/**
		 * Where not all files could be read, nobody knows that this one is missing: what
		 * is wrong with them is told, and stands in the way of the run.
		 */
		private boolean mayHaveUnreadFile(HistoryEntry entry) {
			return this.sources.problems()
				.stream()
				.anyMatch((problem) -> isUnreadLocation(problem) || (problem.isError() && problem.place() != null
						&& problem.place().script().equals(entry.script())));
		}

		/** One that is empty may be the wrong one, if no file is found elsewhere. */
		private boolean isUnreadLocation(Problem problem) {
			return switch (problem.code()) {
				case LOCATION_MISSING -> problem.isError() || this.newestFile == null;
				case FILE_UNREADABLE, OUTSIDE_ROOT -> problem.isError();
				default -> false;
			};
		}

		private MigrationState withoutFile(HistoryEntry entry) {
			if (entry.newer() != null) {
				return unknown(entry, entry.newer());
			}
			if (mayHaveUnreadFile(entry)) {
				return stateOfHalfDone(entry);
			}
			if (entry.isHalfDone()) {
				if (isNewer(entry.identity())) {
					return ahead(entry, entry.undo() ? "has begun to undo" : "has begun");
				}
				return entry.undo() ? halfUndone(entry) : halfDone(entry, "Its file is gone.", List.of());
			}
			if (!entry.state().isDone() || entry.state() == MigrationState.BASELINE
					|| this.start.isSquashed(entry.identity())) {
				return entry.state();
			}
			String excluded = this.sources.excluded().get(entry.identity());
			if (excluded != null) {
				return excluded(entry, excluded);
			}
			if (isNewer(entry.identity())) {
				return ahead(entry, "has applied");
			}
			Place place = Place.file(entry.script());
			boolean tolerated = Planner.this.policy.ignoreMissing() || entry.identity() instanceof Identity.Repeatable;
			String what = "The file of " + entry.identity().inWords() + " was applied and is gone.";
			String remedy = tolerated ? "Nothing, if it was removed on purpose; else restore the file."
					: "Restore the file, or set " + SettingNames.name("ignore-missing")
							+ "=true if it was removed on purpose.";
			this.problems.add(tolerated ? Problem.warning(ErrorCode.MISSING, place, what, remedy)
					: Problem.error(ErrorCode.MISSING, place, what, remedy));
			return MigrationState.MISSING;
		}

		/** It is neither gone nor the work of a newer build. */
		private MigrationState excluded(HistoryEntry entry, String script) {
			Place place = Place.file(script);
			String what = "The file of " + entry.identity().inWords() + " was applied, and "
					+ SettingNames.name("exclude") + " leaves it out now.";
			String exclude = SettingNames.name("exclude");
			String remedy = Planner.this.policy.ignoreMissing()
					? "Nothing, if it is left out on purpose; else correct " + exclude + "."
					: "Correct " + exclude + " so that it does not mean this file; or set "
							+ SettingNames.name("ignore-missing") + "=true if it is left out on purpose.";
			this.problems
				.add(Planner.this.policy.ignoreMissing() ? Problem.warning(ErrorCode.MISSING, place, what, remedy)
						: Problem.error(ErrorCode.MISSING, place, what, remedy));
			return MigrationState.MISSING;
		}

	}

}
