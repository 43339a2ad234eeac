package dev.tidemark.command.undo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.PlanEntry;

/**
 * The migrations whose text is another one than what is in the database, so that no run
 * goes on.
 *
 * @param applied those that are there as a whole, or of which an undo has begun
 * @param halfDone those of which a part is there, to which the new text does not fit
 */
record Edited(List<PlanEntry> applied, List<PlanEntry> halfDone) {

	static Edited of(Plan plan, History history) {
		List<PlanEntry> applied = new ArrayList<>();
		List<PlanEntry> halfDone = new ArrayList<>();
		for (PlanEntry entry : plan.entries()) {
			if (entry.state() == MigrationState.CHANGED || isHalfUndone(entry, history)) {
				applied.add(entry);
			}
			else if (isStuck(entry, plan) || isBegun(entry, plan)) {
				halfDone.add(entry);
			}
		}
		return new Edited(applied, halfDone);
	}

	private static boolean isHalfUndone(PlanEntry entry, History history) {
		HistoryEntry last = entry.history();
		HistoryEntry done = history.lastDone(entry.identity());
		return last != null && last.isHalfDone() && last.undo() && done != null && isOther(entry, done);
	}

	private static boolean isStuck(PlanEntry entry, Plan plan) {
		HistoryEntry last = entry.history();
		return last != null && last.isHalfDone() && !last.undo() && isOther(entry, last)
				&& plan.steps().stream().noneMatch((step) -> step.migration().identity().equals(entry.identity()));
	}

	/** Of a backfill, batches may be committed long before it has a row. */
	private static boolean isBegun(PlanEntry entry, Plan plan) {
		return entry.migration() != null && plan.problems()
			.stream()
			.anyMatch((problem) -> problem.code() == ErrorCode.BACKFILL_CHANGED && problem.place() != null
					&& problem.place().script().equals(entry.script()));
	}

	private static boolean isOther(PlanEntry entry, HistoryEntry ran) {
		Migration migration = entry.migration();
		return migration != null && !migration.isContentOf(ran.checksum());
	}

	boolean isEmpty() {
		return this.applied.isEmpty() && this.halfDone.isEmpty();
	}

	Stream<PlanEntry> all() {
		return Stream.concat(this.applied.stream(), this.halfDone.stream());
	}

	Set<MigrationVersion> versions() {
		return this.applied.stream()
			.flatMap((entry) -> Stream.ofNullable(entry.identity().version()))
			.collect(Collectors.toSet());
	}

	/** Tells whether one of them is written in Java. */
	boolean isCode() {
		return all().anyMatch((entry) -> entry.migration() != null && entry.migration().code() != null);
	}

	/** Returns what was done to which migrations, fit to begin a sentence. */
	String wasEdited() {
		boolean whole = this.halfDone().isEmpty();
		return inWords() + itOrThey(whole ? " was edited after it had run" : " was edited after a part of it had run",
				" were edited after they had run");
	}

	/** Returns the words for one migration, or those for several. */
	String itOrThey(String one, String several) {
		return (all().count() == 1) ? one : several;
	}

	/** Returns what was edited, fit to begin a sentence. */
	String inWords() {
		String names = all().map(PlanEntry::identity).map(Identity::inWords).collect(Collectors.joining(", "));
		return Character.toUpperCase(names.charAt(0)) + names.substring(1);
	}

}
