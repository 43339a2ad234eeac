package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.Severity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.policy.Selection;
import dev.tidemark.source.Sources;

/**
 * Judges the backfills that have begun and are not finished: their files have to stay as
 * they are.
 *
 * @param sources the files
 * @param history the history, and what the database says of backfills
 * @param selection which of the pending migrations are taken
 * @param start what the database begins with
 * @param newer what a newer build has done
 */
record BegunBackfills(Sources sources, History history, Selection selection, StartingPoint start, NewerBuild newer) {

	private static final String STATE = "What its batches have done is committed, and how far they have come is"
			+ " recorded.";

	private static final String CANCEL = "cancel the backfill at the endpoint";

	List<Problem> problems() {
		List<Problem> problems = new ArrayList<>();
		for (BackfillRecord record : this.history.rollout().backfills()) {
			Identity identity = new Identity.Versioned(record.version());
			HistoryEntry entry = this.history.last(identity);
			if (record.isUnfinished() && (entry == null || !entry.isDone())) {
				Migration migration = this.sources.migration(identity).orElse(null);
				Problem problem = (migration != null) ? withFile(migration, record) : withoutFile(identity, record);
				if (problem != null) {
					problems.add(problem);
				}
			}
		}
		return problems;
	}

	private @Nullable Problem withFile(Migration migration, BackfillRecord record) {
		String what = "The backfill of " + migration.identity().inWords() + " has begun";
		Place place = Place.file(migration.script());
		if (migration.phase() != Phase.BACKFILL) {
			return changed(place, what + ", and its file is none of a backfill any more.",
					"Name it again as it was called then, " + record.script() + "; or " + CANCEL
							+ ", and give this file another version.");
		}
		if (!record.untouched() && !migration.isContentOf(record.checksum().isEmpty() ? null : record.checksum())) {
			Checksum checksum = migration.checksum();
			return changed(place,
					what + ", and " + ((migration.code() != null) ? "its code" : "its file")
							+ " was changed since: it began with " + record.checksum() + ", this build has "
							+ ((checksum != null) ? checksum : "none") + ".",
					"Restore the text that it began with; or " + CANCEL
							+ ", and put what is left to do into a new one.");
		}
		if (this.selection.skip().containsKey(migration.identity())) {
			return new Problem(ErrorCode.NOT_SKIPPABLE, Severity.ERROR,
					SettingNames.name("run.skip") + " names " + migration.identity().inWords()
							+ ", a backfill that has begun.",
					place, null, STATE, "Remove it from " + SettingNames.name("run.skip") + " to let it go on; or "
							+ CANCEL + ", and skip it then.");
		}
		return null;
	}

	private @Nullable Problem withoutFile(Identity identity, BackfillRecord record) {
		String what = "The backfill of " + identity.inWords() + " has begun and is not finished, and ";
		Place place = Place.file(record.script());
		if (this.start.isSquashed(identity)) {
			return new Problem(ErrorCode.SQUASHED, Severity.ERROR,
					what + "its file is gone: a baseline file stands for it, but only in new databases.", place, null,
					STATE, "First start a build that still has the file, and let the backfill end; or restore it, or "
							+ CANCEL + ".");
		}
		if (this.newer.owns(identity)) {
			return Problem.warning(ErrorCode.AHEAD, place,
					"A newer build has begun the backfill of " + identity.inWords()
							+ ", which this build does not know.",
					"Nothing, if an older build shall run on the newer schema; else deploy the newer build.");
		}
		return changed(place, what + "its file is gone.",
				"Restore the file; or " + CANCEL + ", with a build that has it.");
	}

	private static Problem changed(Place place, String what, String remedy) {
		return new Problem(ErrorCode.BACKFILL_CHANGED, Severity.ERROR, what, place, null, STATE, remedy);
	}

}
