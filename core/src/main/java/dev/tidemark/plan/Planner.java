package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Severity;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.Basis;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.source.Checksum;
import dev.tidemark.source.CodeMigration;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Migration;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.Script;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.SqlStatement;

/**
 * Compares the files with the history. It reads the content of pending files only, and
 * touches nothing.
 */
public final class Planner {

	private static final String RETRY = " or retry (what is recorded as done is done, and nothing else)";

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

	/** One comparison of files and history. */
	private final class Comparison {

		private final Sources sources;

		private final History history;

		private final Function<Migration, Script> loader;

		private final @Nullable MigrationVersion current;

		private final @Nullable MigrationVersion newestFile;

		private final Repeatables repeatables;

		private final List<PlanEntry> entries = new ArrayList<>();

		private final List<Step> steps = new ArrayList<>();

		private final List<Problem> problems = new ArrayList<>();

		Comparison(Sources sources, History history, Function<Migration, Script> loader) {
			this.sources = sources;
			this.history = history;
			this.loader = loader;
			this.current = history.currentVersion().orElse(null);
			this.newestFile = newestFile(sources).orElse(null);
			this.repeatables = new Repeatables(sources, history);
			this.problems.addAll(sources.problems());
		}

		private static Optional<MigrationVersion> newestFile(Sources sources) {
			return sources.migrations()
				.stream()
				.filter((migration) -> migration.identity() instanceof Identity.Versioned)
				.map((migration) -> ((Identity.Versioned) migration.identity()).version())
				.max(Comparator.naturalOrder());
		}

		Plan plan() {
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
			return new Plan(this.entries, this.repeatables.inOrder(this.steps, this.problems), this.problems);
		}

		private void add(Identity identity, MigrationState state, @Nullable Migration migration,
				@Nullable HistoryEntry entry) {
			this.entries.add(new PlanEntry(identity, state, migration, entry));
		}

		private void checkTarget() {
			MigrationVersion target = Planner.this.policy.target();
			if (target == null) {
				return;
			}
			Identity identity = new Identity.Versioned(target);
			boolean known = this.history.last(identity) != null
					|| this.sources.migrations().stream().anyMatch((file) -> file.identity().equals(identity));
			if (!known) {
				this.problems.add(Problem.error(ErrorCode.TARGET_UNKNOWN, null,
						"The target version " + target + " is neither among the files nor in the history.",
						"Set tidemark.target to the version of a file, or remove it to run all."));
			}
		}

		private MigrationState found(Migration migration, @Nullable HistoryEntry entry) {
			if (entry != null && entry.isHalfDone()) {
				return resume(migration, entry);
			}
			if (entry == null || !entry.state().isDone()) {
				return pending(migration, entry);
			}
			if (migration.isContentOf(entry.checksum())) {
				return this.repeatables.mustRun(migration) ? pending(migration, entry) : entry.state();
			}
			return (migration.identity() instanceof Identity.Repeatable) ? pending(migration, entry)
					: changed(migration, entry);
		}

		/**
		 * What a run has left half-way goes on, if its first half is still what the file
		 * says.
		 */
		private MigrationState resume(Migration migration, HistoryEntry entry) {
			if (isBeyondTarget(migration.identity())) {
				return stateOfHalfDone(entry);
			}
			if (entry.state() == MigrationState.INTERRUPTED) {
				return halfDone(entry, "What it left could not be judged from the catalogue.", RETRY);
			}
			if (migration.code() != null) {
				return halfDone(entry, "It was a file then and is code now, so it cannot go on by itself.", "");
			}
			Script script = load(migration);
			if (script == null) {
				return stateOfHalfDone(entry);
			}
			Step step = Step.of(migration, script, basis(script));
			if (entry.ranAlone()) {
				step = step.withoutTransactions();
			}
			int done = entry.statementsDone();
			List<String> texts = step.statements().stream().limit(done).map(SqlStatement::source).toList();
			if (texts.size() < done || !Checksum.of(texts).value().equals(entry.doneChecksum())) {
				return halfDone(entry, "The statements that are done were edited since, so it cannot go on by itself.",
						"");
			}
			if (!hasSameValues(script, entry.basis().values())) {
				return halfDone(entry, "A placeholder of it has another value now (" + script.placeholders()
						+ "), so its halves would not fit together; with the values of before it goes on by itself.",
						"");
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
			this.problems.add(Problem.error(ErrorCode.CHANGED, Place.file(migration.script()),
					(code ? "The code" : "The file") + " was changed after it had been applied: the history has "
							+ entry.checksum() + ", this build has " + ((checksum != null) ? checksum : "none") + ".",
					code ? "Return the checksum that was applied, and put the change into a new migration."
							: "Restore the text that was applied, and put the change into a new migration."));
			return MigrationState.CHANGED;
		}

		private MigrationState halfDone(HistoryEntry entry, String reason, String retry) {
			boolean failed = entry.state() == MigrationState.FAILED;
			this.problems.add(new Problem(failed ? ErrorCode.FAILED : ErrorCode.INTERRUPTED, Severity.ERROR,
					"The last run of " + entry.identity().inWords()
							+ (failed ? " failed half-way. " : " was interrupted. ") + reason,
					Place.file(entry.script()), null,
					entry.statementsDone() + " of " + entry.statementsTotal()
							+ " statements are recorded as done; the one after them may be done in part.",
					"Look at the database, decide, and start once with tidemark.resolve.migration="
							+ entry.identity().typed() + " tidemark.resolve.rank=" + entry.rank()
							+ " and tidemark.resolve.as=applied (its whole effect is there) or undone (nothing of it is there)"
							+ retry + "."));
			return stateOfHalfDone(entry);
		}

		private MigrationState pending(Migration migration, @Nullable HistoryEntry entry) {
			if (isBeyondTarget(migration.identity())) {
				return MigrationState.PENDING;
			}
			if (migration.identity() instanceof Identity.Versioned versioned && this.current != null
					&& versioned.version().compareTo(this.current) < 0) {
				return outOfOrder(migration, this.current);
			}
			if (entry != null && entry.state().isDone() && isAhead()) {
				// A newer build owns the repeatable: running our older text would undo
				// its work.
				return MigrationState.AHEAD;
			}
			addStep(migration);
			boolean failed = entry != null && entry.state() == MigrationState.FAILED;
			return failed ? MigrationState.FAILED : MigrationState.PENDING;
		}

		/** Repeatables may need what comes after the target, so they wait with it. */
		private boolean isBeyondTarget(Identity identity) {
			MigrationVersion target = Planner.this.policy.target();
			if (target == null) {
				return false;
			}
			return (identity instanceof Identity.Versioned versioned) ? versioned.version().compareTo(target) > 0
					: this.newestFile != null && this.newestFile.compareTo(target) > 0;
		}

		private MigrationState outOfOrder(Migration migration, MigrationVersion newest) {
			OutOfOrder mode = Planner.this.policy.outOfOrder();
			String what = "Version " + migration.identity() + " is pending, but version " + newest
					+ " is applied already.";
			Place place = Place.file(migration.script());
			if (mode == OutOfOrder.FAIL) {
				this.problems
					.add(Problem.error(ErrorCode.OUT_OF_ORDER, place, what, "Rename the file to a version above "
							+ newest + ", or set tidemark.out-of-order to warn or apply if it may run late."));
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
				this.steps.add(Step.of(migration, code));
				return;
			}
			Script script = load(migration);
			if (script != null) {
				this.steps.add(Step.of(migration, script, basis(script)));
			}
		}

		private static boolean hasSameValues(Script script, @Nullable String values) {
			return Objects.equals(script.placeholders().remember((values != null) ? List.of(values) : List.of()),
					values);
		}

		private Basis basis(Script script) {
			return new Basis(script.directives().dependsOn(),
					script.placeholders().remember(this.repeatables.knownValues()));
		}

		private @Nullable Script load(Migration migration) {
			try {
				Script script = this.loader.apply(migration);
				this.problems.addAll(script.warnings());
				return script;
			}
			catch (TidemarkException ex) {
				this.problems.addAll(ex.problems());
				return null;
			}
		}

		private boolean isAhead() {
			return this.current != null && (this.newestFile == null || this.current.compareTo(this.newestFile) > 0);
		}

		private boolean isNewer(Identity identity) {
			return (identity instanceof Identity.Versioned versioned)
					? this.newestFile == null || versioned.version().compareTo(this.newestFile) > 0 : isAhead();
		}

		/** What a newer build does is no reason to stop an older one that still runs. */
		private MigrationState ahead(HistoryEntry entry, String did) {
			this.problems.add(Problem.warning(ErrorCode.AHEAD, Place.file(entry.script()),
					"A newer build " + did + " " + entry.identity().inWords() + ", which this build does not know.",
					"Nothing, if an older build shall run on the newer schema; else deploy the newer build."));
			return MigrationState.AHEAD;
		}

		private MigrationState withoutFile(HistoryEntry entry) {
			if (entry.isHalfDone()) {
				return isNewer(entry.identity()) ? ahead(entry, "has begun") : halfDone(entry, "Its file is gone.", "");
			}
			if (!entry.state().isDone()) {
				return entry.state();
			}
			if (isNewer(entry.identity())) {
				return ahead(entry, "has applied");
			}
			Place place = Place.file(entry.script());
			boolean tolerated = Planner.this.policy.ignoreMissing() || entry.identity() instanceof Identity.Repeatable;
			String what = "The file of " + entry.identity().inWords() + " was applied and is gone.";
			String remedy = "Restore the file, or set tidemark.ignore-missing=true if it was removed on purpose.";
			this.problems.add(tolerated ? Problem.warning(ErrorCode.MISSING, place, what, remedy)
					: Problem.error(ErrorCode.MISSING, place, what, remedy));
			return MigrationState.MISSING;
		}

	}

}
