package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.policy.Selection;
import dev.tidemark.plan.step.Step;

/**
 * Compares what the settings name with what was found.
 */
final class SelectionCheck {

	private static final Set<MigrationState> CANNOT_RUN = Set.of(MigrationState.SUPERSEDED, MigrationState.SKIPPED,
			MigrationState.AHEAD);

	private final Selection selection;

	private final Predicate<Identity> behindTarget;

	private final Map<Identity, PlanEntry> entries;

	private final List<Step> steps;

	private final List<Problem> problems = new ArrayList<>();

	SelectionCheck(Selection selection, Predicate<Identity> behindTarget, List<PlanEntry> entries, List<Step> steps) {
		this.selection = selection;
		this.behindTarget = behindTarget;
		this.entries = entries.stream().collect(Collectors.toMap(PlanEntry::identity, Function.identity()));
		this.steps = steps;
	}

	List<Problem> problems() {
		this.selection.cherryPick().stream().sorted().forEach(this::checkPick);
		this.selection.skip().keySet().stream().sorted().forEach(this::checkSkip);
		newestStep().ifPresent(this::checkLeftBehind);
		return this.problems;
	}

	private void checkPick(Identity identity) {
		PlanEntry entry = this.entries.get(identity);
		if (entry == null) {
			this.problems.add(unknown(SettingNames.name("run.cherry-pick"), identity));
			return;
		}
		String obstacle = obstacle(entry);
		if (obstacle != null) {
			this.problems.add(Problem.error(ErrorCode.NOT_PICKABLE, Place.file(entry.script()),
					SettingNames.name("run.cherry-pick") + " names " + identity.inWords() + ", which cannot run: it is "
							+ obstacle + ".",
					"Remove it from " + SettingNames.name("run.cherry-pick") + ", or change what holds it back."));
		}
	}

	private @Nullable String obstacle(PlanEntry entry) {
		boolean unclear = entry.history() != null && entry.history().isUnclear();
		boolean closed = entry.state() == MigrationState.WAITING && entry.phase() == Phase.CONTRACT;
		if (unclear || closed || CANNOT_RUN.contains(entry.state()) || isCovered(entry)) {
			return entry.state() + ((entry.reason() != null) ? " (" + entry.reason() + ")" : "");
		}
		// A repeatable that ran is pending when its text has changed.
		if (isDone(entry) && entry.state() != MigrationState.PENDING) {
			return null;
		}
		if (entry.migration() == null) {
			return entry.state() + ", and its file is gone";
		}
		if (!this.behindTarget.test(entry.identity())) {
			return null;
		}
		return (entry.identity().version() != null) ? "above " + SettingNames.name("run.target")
				: "held back with the files above " + SettingNames.name("run.target") + ", which it may need";
	}

	/** Tells whether the baseline stands for it, so that it neither ran nor will. */
	private static boolean isCovered(PlanEntry entry) {
		return (entry.state() == MigrationState.BASELINE || entry.state() == MigrationState.SUPERSEDED)
				&& !isDone(entry);
	}

	/** What is done needs no file any more, and its state tells if one is missed. */
	private static boolean isDone(PlanEntry entry) {
		return entry.history() != null && entry.history().isDone();
	}

	private void checkSkip(Identity identity) {
		PlanEntry entry = this.entries.get(identity);
		if (entry == null) {
			this.problems.add(unknown(SettingNames.name("run.skip"), identity));
		}
		else if (entry.history() != null && entry.history().isHalfDone()) {
			this.problems.add(Problem.error(ErrorCode.NOT_SKIPPABLE, Place.file(entry.script()),
					SettingNames.name("run.skip") + " names " + identity.inWords() + ", which is done in part.",
					"Remove it from " + SettingNames.name("run.skip")
							+ " to let it go on; or undo what is done of it, resolve it as undone, "
							+ "and skip it then."));
		}
		else if (entry.state() != MigrationState.SKIPPED && !isCovered(entry)) {
			this.problems.add(Problem.warning(ErrorCode.NOT_SKIPPABLE, Place.file(entry.script()),
					SettingNames.name("run.skip") + " names " + identity.inWords()
							+ ", which would not run anyway: it is " + entry.state() + ".",
					"Remove it from " + SettingNames.name("run.skip") + "."));
		}
	}

	private static Problem unknown(String property, Identity identity) {
		return Problem.error(ErrorCode.SELECTION_UNKNOWN, null,
				property + " names " + identity.inWords() + ", which is neither among the files nor in the history.",
				"Correct or remove it.");
	}

	private Optional<MigrationVersion> newestStep() {
		return this.steps.stream()
			.map(Step::migration)
			.filter((migration) -> migration.phase() == Phase.EXPAND)
			.map((migration) -> migration.identity().version())
			.filter(Objects::nonNull)
			.max(Comparator.naturalOrder());
	}

	/** Versions that are left out now come late when they run. */
	private void checkLeftBehind(MigrationVersion newest) {
		List<Identity> left = this.entries.keySet()
			.stream()
			.filter((identity) -> isLeftOut(identity) && identity.compareTo(new Identity.Versioned(newest)) < 0)
			.sorted()
			.toList();
		if (!left.isEmpty()) {
			boolean baseline = left.stream().anyMatch(Identity::isBaseline);
			this.problems.add(Problem.warning(ErrorCode.LEFT_BEHIND, null,
					"Version " + newest + " runs, and older ones that " + SettingNames.name("run.cherry-pick")
							+ " does not name stay pending: "
							+ left.stream().map(Identity::toString).collect(Collectors.joining(", ")) + ".",
					"They are out of order from now on: to run them, pick them too, or set "
							+ SettingNames.name("validation.out-of-order") + "."
							+ (baseline ? " A baseline file never runs once a version has: pick it now if the database"
									+ " is to begin with it." : "")));
		}
	}

	private boolean isLeftOut(Identity identity) {
		PlanEntry entry = this.entries.get(identity);
		return identity.version() != null && this.selection.leavesOut(identity) && entry != null
				&& entry.phase() == Phase.EXPAND && entry.state() == MigrationState.PENDING;
	}

}
