package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.foreign.ToolHistory;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.source.Sources;

/**
 * Where a database begins if not with its first migration: at the baseline file that it
 * is made with, or where a person said that it was. The versions up to that one are in it
 * without having run one by one.
 */
final class StartingPoint {

	private final Sources sources;

	private final History history;

	private final PlanPolicy policy;

	private final List<Migration> files;

	private final @Nullable RecordedDecision mark;

	private final boolean fileMayBegin;

	private final @Nullable Migration file;

	private final Identity.@Nullable Baseline baseline;

	private final MigrationState covered;

	StartingPoint(Sources sources, History history, PlanPolicy policy, PendingScripts scripts) {
		this.sources = sources;
		this.history = history;
		this.policy = policy;
		this.files = baselineFiles(sources);
		HistoryEntry recorded = recorded(history);
		boolean takenOver = recorded == null && policy.baseline() != null && !history.content().isEmpty();
		this.mark = (takenOver && policy.baseline() != null) ? RecordedDecision.of(policy.baseline()) : null;
		Identity.Baseline marked = (this.mark != null) ? (Identity.Baseline) this.mark.identity()
				: (recorded != null) ? (Identity.Baseline) recorded.identity() : null;
		boolean byPerson = this.mark != null || (recorded != null && recorded.state() == MigrationState.BASELINE);
		boolean holdsNothing = marked == null || (byPerson && marked.version().equals(Baseline.NOTHING));
		this.fileMayBegin = holdsNothing && !this.files.isEmpty() && !hasVersions();
		this.file = this.fileMayBegin ? newestFile(scripts).orElse(null) : null;
		this.baseline = (this.file != null) ? (Identity.Baseline) this.file.identity() : marked;
		this.covered = (byPerson && this.file == null) ? MigrationState.BASELINE : MigrationState.SUPERSEDED;
	}

	/** Plain loops: each start goes through them, and few projects have a baseline. */
	private static List<Migration> baselineFiles(Sources sources) {
		List<Migration> files = new ArrayList<>();
		for (Migration migration : sources.migrations()) {
			if (migration.identity().isBaseline()) {
				files.add(migration);
			}
		}
		return files;
	}

	private static @Nullable HistoryEntry recorded(History history) {
		HistoryEntry newest = null;
		for (HistoryEntry entry : history.last()) {
			if (entry.identity().isBaseline() && entry.hasEffect()
					&& (newest == null || newest.identity().compareTo(entry.identity()) < 0)) {
				newest = entry;
			}
		}
		return newest;
	}

	private boolean hasVersions() {
		return this.history.last().stream().anyMatch((entry) -> entry.hasEffect() && entry.identity().isVersioned());
	}

	private Optional<Migration> newestFile(PendingScripts scripts) {
		return this.files.stream()
			.filter((file) -> !this.policy.isBeyondTarget(file.identity()))
			.filter((file) -> !this.policy.selection().leavesOut(file.identity()))
			.filter((file) -> !this.policy.selection().skips(file, this.history.last(file.identity())))
			.sorted(Comparator.comparing(Migration::identity).reversed())
			.filter((file) -> scripts.isFor(file, this.policy.selection().environments()))
			.findFirst();
	}

	/** Returns the baseline that has to be recorded. */
	Optional<RecordedDecision> mark() {
		return Optional.ofNullable(this.mark);
	}

	/** Tells whether the version is in the database with the baseline. */
	boolean covers(Identity identity) {
		return this.baseline != null && identity.isCoveredBy(this.baseline.version());
	}

	/** Returns the state of the versions that the baseline covers. */
	MigrationState covered() {
		return this.covered;
	}

	/**
	 * Tells whether the file is a baseline file that this database is not made with. One
	 * that only was not picked now may still be the one.
	 */
	boolean isUnused(Migration migration) {
		boolean waits = this.fileMayBegin && this.file == null
				&& this.policy.selection().leavesOut(migration.identity());
		return migration.identity().isBaseline() && migration != this.file && !waits;
	}

	/**
	 * Tells whether the database holds nothing yet but what this run brings, or what the
	 * first run has brought that did not come to its end: then all phases run with it.
	 */
	boolean isFresh() {
		return this.mark == null
				&& (this.history.isInFirstRun() || (this.history.isUntouched() && this.history.content().isEmpty()));
	}

	/** Returns why a file is covered or unused. */
	String reason() {
		return "the database begins with " + ((this.baseline != null) ? this.baseline.inWords() : "its first version");
	}

	/**
	 * Tells whether a baseline file stands for what was applied: the file may be removed
	 * once every database has it.
	 */
	boolean isSquashed(Identity identity) {
		MigrationVersion version = identity.version();
		return version != null && this.files.stream().anyMatch((file) -> isAtLeast(file, version));
	}

	private static boolean isAtLeast(Migration file, MigrationVersion version) {
		MigrationVersion reached = file.identity().version();
		return reached != null && reached.compareTo(version) >= 0;
	}

	List<Problem> problems() {
		List<Problem> problems = new ArrayList<>();
		contradicted().ifPresent(problems::add);
		Baseline wanted = this.policy.baseline();
		if (this.mark != null && wanted != null) {
			problems.addAll(new OtherTools(this.history, this.sources.migrations(), this.policy).problems(wanted));
		}
		beyond().ifPresent(problems::add);
		gap().ifPresent(problems::add);
		return problems;
	}

	private Optional<Problem> contradicted() {
		Baseline wanted = this.policy.baseline();
		if (wanted == null) {
			return Optional.empty();
		}
		return this.history.last()
			.stream()
			.filter((entry) -> entry.state() == MigrationState.BASELINE && entry.identity().isBaseline()
					&& !entry.identity().equals(wanted.identity()))
			.findFirst()
			.map((entry) -> Problem.error(ErrorCode.BASELINE_REFUSED, null,
					"The history has a baseline at version " + entry.identity().version() + ", and "
							+ SettingNames.name("baseline.version") + " says " + wanted.version() + ".",
					"Remove " + SettingNames.name("baseline.version")
							+ ": the history decides. A version that is in the database "
							+ "all the same can be named in " + SettingNames.name("run.skip") + "."));
	}

	/**
	 * No file takes a database there, so it is a slip, and files that come later would
	 * never run.
	 */
	private Optional<Problem> beyond() {
		MigrationVersion at = (this.mark != null) ? this.mark.identity().version() : null;
		return this.sources.migrations()
			.stream()
			.flatMap((file) -> Stream.ofNullable(file.identity().version()))
			.max(Comparator.naturalOrder())
			.filter((newest) -> at != null && newest.compareTo(at) < 0 && !isVouchedFor(at))
			.map((newest) -> Problem.error(ErrorCode.BASELINE_REFUSED, null,
					SettingNames.name("baseline.version") + " says " + at + ", but the newest file has version "
							+ newest + ": what comes later with a version up to " + at
							+ " would count as done and never run.",
					"Name the newest version that the database has already: " + SettingNames.name("baseline.version")
							+ "=" + newest + " if it has all of them."));
	}

	/** Another tool has run files that this build does not have yet. */
	private boolean isVouchedFor(MigrationVersion version) {
		Baseline wanted = this.policy.baseline();
		return this.history.content()
			.tools()
			.stream()
			.filter((tool) -> wanted == null || !wanted.ignores(tool.table()))
			.anyMatch((tool) -> tool instanceof ToolHistory.Versions versions
					&& versions.current().filter(version::equals).isPresent());
	}

	/**
	 * Files are removed up to a baseline file, all of them. So those between where the
	 * database is and the next baseline file are there if the one where it is has not
	 * been removed; or, where there never was one, as behind a baseline, if any is.
	 */
	private Optional<Problem> gap() {
		MigrationVersion at = (this.mark != null) ? this.mark.identity().version()
				: this.history.newestDone().orElse(null);
		if (this.file != null || at == null || isFile(new Identity.Versioned(at))) {
			return Optional.empty();
		}
		Identity.Baseline here = new Identity.Baseline(at);
		boolean begins = here.equals(this.baseline) || isFile(here);
		return this.files.stream()
			.filter((file) -> !this.policy.isBeyondTarget(file.identity()))
			.filter((file) -> file.identity().compareTo(here) > 0)
			.min(Comparator.comparing(Migration::identity))
			.filter((file) -> !begins || isNothingBetween(here, file.identity()))
			.map((file) -> gap(here, file, begins));
	}

	private static Problem gap(Identity.Baseline here, Migration file, boolean begins) {
		return Problem.error(ErrorCode.SQUASHED, Place.file(file.script()),
				"The database is at version " + here.version()
						+ (begins ? ", and no file is left of the versions after it up to "
								: ", whose file is gone, and so may be those up to version ")
						+ file.identity().version() + ": " + file.identity().inWords()
						+ " stands for them, but only in new databases.",
				"First start a build that still has the files from version " + here.version() + " on, or restore them."
						+ (begins ? "" : " If none came after it, give the baseline file the version " + here.version()
								+ "."));
	}

	private boolean isNothingBetween(Identity first, Identity last) {
		return this.sources.migrations()
			.stream()
			.map(Migration::identity)
			.noneMatch((identity) -> identity.isVersioned() && identity.compareTo(first) > 0
					&& identity.compareTo(last) < 0);
	}

	private boolean isFile(Identity identity) {
		return this.sources.migrations().stream().anyMatch((file) -> file.identity().equals(identity));
	}

}
