package dev.tidemark.plan;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;

/**
 * What lies above versions that are to be undone, and came or comes after the start.
 *
 * @param history the history, and what the database says of backfills
 * @param undone the versions that are to be undone
 */
record UndoneBelow(History history, List<HistoryEntry> undone) {

	/**
	 * What a contract has taken away, no undo of an older version brings back: it would
	 * find another shape than it was written for.
	 */
	List<Problem> contracts() {
		return this.history.last()
			.stream()
			.filter((entry) -> entry.phase() == Phase.CONTRACT && entry.isDone())
			.filter(this::isAboveUndone)
			.map(UndoneBelow::refused)
			.toList();
	}

	private boolean isAboveUndone(HistoryEntry contract) {
		return this.undone.stream()
			.anyMatch((entry) -> !entry.identity().isBaseline() && isBelow(entry, contract.identity().version()));
	}

	private static boolean isBelow(HistoryEntry entry, @Nullable MigrationVersion version) {
		MigrationVersion own = entry.identity().version();
		return own != null && version != null && own.compareTo(version) < 0;
	}

	private static Problem refused(HistoryEntry contract) {
		return Problem.error(ErrorCode.UNDO_PHASE, Place.file(contract.script()),
				"What is to be undone lies below " + contract.identity().inWords()
						+ ", a contract that is applied: the shape that it was made for is gone.",
				"Go forward with a new version. If the contract can be taken back by an undo file, undo it by itself"
						+ " first.");
	}

	/**
	 * Returns the backfills that do not outlive the undo. One that waits has nothing that
	 * could be undone.
	 */
	List<BackfillRecord> backfills() {
		MigrationVersion lowest = this.undone.stream()
			.map((entry) -> entry.identity().version())
			.filter(Objects::nonNull)
			.min(MigrationVersion::compareTo)
			.orElse(null);
		return this.history.rollout()
			.backfills()
			.stream()
			.filter((backfill) -> lowest != null && backfill.version().compareTo(lowest) >= 0)
			.filter((backfill) -> isUndone(backfill) || !isDone(backfill))
			.toList();
	}

	private boolean isUndone(BackfillRecord backfill) {
		return this.undone.stream().anyMatch((entry) -> isOf(backfill, entry));
	}

	private boolean isDone(BackfillRecord backfill) {
		return this.history.last().stream().anyMatch((entry) -> entry.isDone() && isOf(backfill, entry));
	}

	private static boolean isOf(BackfillRecord backfill, HistoryEntry entry) {
		MigrationVersion version = entry.identity().version();
		return version != null && version.equals(backfill.version());
	}

	/** What batches have moved, nobody moves back. */
	List<Problem> told() {
		return backfills().stream()
			.filter((backfill) -> !isUndone(backfill))
			.map((backfill) -> Problem
				.warning(ErrorCode.UNDO_LEAVES, Place.file(backfill.script()), "The backfill of version "
						+ backfill.version()
						+ " has begun and is not finished: it is stopped, and how far it has come is forgotten. What"
						+ " its batches have done stays, unless an undo file takes it away.",
						"Nothing, if the undo files drop what it fills; else look at the rows. Where its file is still"
								+ " there, the next start begins it again."))
			.toList();
	}

}
