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
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.Basis;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.NewerRecord;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.policy.Selection;
import dev.tidemark.plan.rollout.Conflicts;
import dev.tidemark.plan.rollout.WaitingPhases;
import dev.tidemark.plan.step.HalfDone;
import dev.tidemark.plan.step.Step;
import dev.tidemark.plan.step.TimeZones;
import dev.tidemark.source.AppliedFile;
import dev.tidemark.source.NextVersion;
import dev.tidemark.source.Sources;

/**
 * One comparison of files and history; used once.
 */
final class Comparison {

	private final Sources sources;

	private final History history;

	private final PlanPolicy policy;

	private final PendingScripts scripts;

	private final StartingPoint start;

	private final Selection selection;

	private final @Nullable MigrationVersion current;

	private final @Nullable MigrationVersion newestFile;

	/** What repeatables wait for if it is behind the target. */
	private final @Nullable MigrationVersion newestExpand;

	private final NewerBuild newer;

	/** Whether all phases run now, as nothing is in the database that could need them. */
	private final boolean fresh;

	private final Repeatables repeatables;

	/** Made for the first one that waits: few projects have any. */
	private @Nullable WaitingPhases waiting;

	private final List<PlanEntry> entries = new ArrayList<>();

	private final List<RecordedDecision> marks = new ArrayList<>();

	private final List<Step> steps = new ArrayList<>();

	private final List<Problem> problems = new ArrayList<>();

	private final Map<Identity, String> reasons = new HashMap<>();

	/** One for all: no two files are sent to the same version. */
	private final NextVersion next;

	Comparison(Sources sources, History history, PlanPolicy policy, Function<Migration, Script> loader) {
		this.sources = sources;
		this.history = history;
		this.policy = policy;
		this.scripts = new PendingScripts(loader, this.problems);
		this.selection = policy.selection();
		this.current = history.currentVersion().orElse(null);
		this.newestFile = newestFile(sources, false).orElse(null);
		this.newestExpand = newestFile(sources, true).orElse(null);
		this.newer = new NewerBuild(history, this.newestFile);
		this.repeatables = new Repeatables(sources, history, this::isSelected);
		this.next = sources.versions().next(known());
		this.problems.addAll(sources.problems().isEmpty() ? List.of() : sources.problems(applied(history), this.next));
		this.start = new StartingPoint(sources, history, policy, this.scripts);
		this.fresh = this.start.isFresh();
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
	 * What was undone or is done in part is not free: another build has the file. Nor is
	 * what counts as done as soon as the baseline is recorded.
	 */
	private Collection<AppliedFile> known() {
		List<AppliedFile> known = new ArrayList<>();
		this.history.last().forEach((entry) -> known.add(file(entry)));
		Baseline baseline = this.policy.baseline();
		if (baseline != null) {
			known.add(new AppliedFile(baseline.identity(), "", null));
		}
		return known;
	}

	private static Optional<MigrationVersion> newestFile(Sources sources, boolean expand) {
		return sources.migrations()
			.stream()
			.filter((migration) -> !expand || migration.phase() == Phase.EXPAND)
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
			MigrationState state = found(migration, entry);
			if (!runsInTurn(migration)) {
				state = later(migration, state);
			}
			add(migration.identity(), state, migration, entry);
		}
		WithoutFile withoutFile = new WithoutFile(this.sources, this.policy, this.start, this.newer, this.problems);
		for (HistoryEntry entry : this.history.last()) {
			if (!files.contains(entry.identity())) {
				NewerRecord newer = entry.newer();
				add(entry.identity(), (newer != null) ? unknown(entry, newer) : withoutFile.state(entry), null, entry);
			}
		}
		this.entries.sort(Comparator.comparing(PlanEntry::identity));
		checkContent();
		checkPhases();
		if (!this.selection.namesNone()) {
			this.problems
				.addAll(new SelectionCheck(this.selection, this::isBehindTarget, this.entries, this.steps).problems());
		}
		UnknownRuns.problem(this.entries, this.steps).ifPresent(this.problems::add);
		List<Step> ordered = this.repeatables.inOrder(this.steps, this.problems);
		this.problems.addAll(new DependencyCheck(this.history, this.entries, ordered).problems());
		TimeZones.left(ordered).ifPresent(this.problems::add);
		return new Plan(this.entries, this.marks, ordered, this.problems, this.fresh);
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
			this.problems
				.add(ForeignContent.problem(this.history, this.newestFile, this.sources.migrations(), this.policy));
		}
	}

	/** What has begun, and what may not come before what waits. */
	private void checkPhases() {
		if (this.waiting != null && !this.waiting.files().isEmpty() && !this.steps.isEmpty()) {
			DeclaredConstraints constraints = new DeclaredConstraints(this.sources, this.scripts);
			this.problems.addAll(Conflicts.find(this.steps, this.waiting.files(), constraints::find));
		}
		if (!this.history.rollout().backfills().isEmpty()) {
			this.problems.addAll(
					new BegunBackfills(this.sources, this.history, this.selection, this.start, this.newer).problems());
		}
	}

	private void checkTarget() {
		MigrationVersion target = this.policy.target();
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
					"Set " + SettingNames.name("run.target") + " to the version of a file, or remove it to run all."));
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
		if (!migration.isContentOf(entry.checksum())) {
			return migration.identity().isRepeatable() ? pending(migration, entry)
					: changed(new ChangedFile(migration, entry, this.policy.ignoreChanged()).text());
		}
		if (migration.phase() != entry.phase() && ChangedFile.isOfAnotherPhase(migration, entry)) {
			return changed(new ChangedFile(migration, entry, this.policy.ignoreChanged()).phase());
		}
		return this.repeatables.mustRun(migration) ? again(migration, entry) : entry.state();
	}

	/**
	 * What a run has left half-way goes on, if its first half is still what the file
	 * says.
	 */
	private MigrationState resume(Migration migration, HistoryEntry entry) {
		if (isHeldBack(migration.identity())) {
			return HalfDone.state(entry);
		}
		if (entry.state() == MigrationState.INTERRUPTED) {
			return halfDone(entry, HalfDone.decision(entry), HalfDone.waysOn(entry, migration.code() != null));
		}
		if (migration.code() != null) {
			return halfDone(entry, "It was a file then and is code now, so it cannot go on by itself.", List.of());
		}
		if (migration.phase() != entry.phase() && ChangedFile.isOfAnotherPhase(migration, entry)) {
			return halfDone(
					entry, "It was one of the phase " + entry.phase() + " then and is one of the phase "
							+ migration.phase() + " by its name now; as " + entry.script() + " it goes on by itself.",
					List.of());
		}
		Script script = this.scripts.load(migration);
		if (script == null) {
			return HalfDone.state(entry);
		}
		Step step = Step.again(migration, script, basis(script, entry), entry);
		String obstacle = HalfDone.obstacle(step, entry);
		if (obstacle != null) {
			return halfDone(entry, obstacle, List.of());
		}
		this.steps.add(step.resume(entry));
		return HalfDone.state(entry);
	}

	private MigrationState changed(Problem problem) {
		this.problems.add(problem);
		return MigrationState.CHANGED;
	}

	private MigrationState halfDone(HistoryEntry entry, String reason, List<String> waysOn) {
		this.problems.add(HalfDone.run(entry, reason, waysOn));
		return HalfDone.state(entry);
	}

	/** A run must not do again what an undo has not taken back yet. */
	private MigrationState halfUndone(HistoryEntry entry) {
		this.problems.add(HalfDone.undo(entry));
		return HalfDone.state(entry);
	}

	private MigrationState pending(Migration migration, @Nullable HistoryEntry entry) {
		Identity identity = migration.identity();
		if (this.start.covers(identity)) {
			return because(this.start.reason(), migration, this.start.covered());
		}
		if (entry != null && entry.state().isDone() && this.newer.hasRun()) {
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
		if (!runsInTurn(migration)) {
			return MigrationState.WAITING;
		}
		if (identity.isVersioned() && this.current != null && isBelow(identity, this.current)) {
			return outOfOrder(migration, this.current);
		}
		addStep(migration);
		boolean failed = entry != null && entry.state() == MigrationState.FAILED;
		return failed ? MigrationState.FAILED : MigrationState.PENDING;
	}

	/**
	 * Tells whether it runs when all before it has run. A backfill or contract that came
	 * when what is behind it had run already has to wait, as everywhere.
	 */
	private boolean runsInTurn(Migration migration) {
		return migration.phase() == Phase.EXPAND
				|| (this.fresh && !(this.current != null && isBelow(migration.identity(), this.current)));
	}

	/** Takes a look at a backfill or contract that does not run with the others. */
	private MigrationState later(Migration migration, MigrationState state) {
		boolean waits = state == MigrationState.WAITING;
		if (!waits && state != MigrationState.PENDING && state != MigrationState.SKIPPED) {
			return state;
		}
		WaitingPhases phases = (this.waiting != null) ? this.waiting : new WaitingPhases(this.history.rollout());
		this.waiting = phases;
		if (state != MigrationState.SKIPPED) {
			Script script = (migration.code() != null) ? null
					: waits ? this.scripts.load(migration) : this.scripts.peek(migration);
			BackfillFile backfill = (script != null) ? script.backfill() : this.scripts.ofCode(migration);
			if (waits) {
				because(phases.reason(migration, backfill), migration, state);
			}
			if (script != null || backfill != null) {
				phases.add(migration, (script != null) ? script.statements() : List.of(), backfill);
			}
		}
		phases.add(migration, state);
		return state;
	}

	private static boolean isBelow(Identity identity, MigrationVersion version) {
		return identity.version() != null && identity.version().compareTo(version) < 0;
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
		this.marks.add(RecordedDecision.skipped(migration, reason));
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
		MigrationVersion target = this.policy.target();
		boolean waits = identity.isRepeatable() && target != null && this.newestExpand != null
				&& this.newestExpand.compareTo(target) > 0;
		return waits || this.policy.isBeyondTarget(identity);
	}

	private MigrationState outOfOrder(Migration migration, MigrationVersion newest) {
		OutOfOrder mode = this.policy.outOfOrder();
		if (mode == OutOfOrder.FAIL && this.selection.picks(migration.identity())) {
			// Who names a version knows that it runs late.
			mode = OutOfOrder.WARN;
		}
		String what = "Version " + migration.identity() + " is pending, but version " + newest + " is applied already.";
		Place place = Place.file(migration.script());
		if (mode == OutOfOrder.FAIL) {
			this.problems.add(Problem.error(ErrorCode.OUT_OF_ORDER, place, what,
					"If it is applied nowhere, " + this.sources.versions().renaming(migration, this.next.take())
							+ ", the next free version; or set " + SettingNames.name("validation.out-of-order")
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

}
