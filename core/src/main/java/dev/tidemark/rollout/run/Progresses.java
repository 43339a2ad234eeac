package dev.tidemark.rollout.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.Counts;
import dev.tidemark.rollout.BackfillProgress.Speed;

/**
 * Sums up how far a backfill has come in all schemas that have it.
 */
final class Progresses {

	/** The states, from the one that matters most to the one that matters least. */
	private static final List<BackfillState> BY_WEIGHT = List.of(BackfillState.FAILED, BackfillState.UNVERIFIED,
			BackfillState.RUNNING, BackfillState.VERIFYING, BackfillState.PAUSED, BackfillState.WAITING,
			BackfillState.CANCELLED, BackfillState.FINISHED);

	private Progresses() {
	}

	/**
	 * Says how far each version has come.
	 * @param found what was found, in all schemas
	 * @param current what this instance works on, or {@code null}
	 */
	static List<BackfillProgress> of(List<Found> found, @Nullable Supervisor current) {
		Map<MigrationVersion, List<BackfillProgress>> versions = new LinkedHashMap<>();
		found.stream()
			.sorted((one, other) -> one.definition().version().compareTo(other.definition().version()))
			.forEach((one) -> versions.computeIfAbsent(one.definition().version(), (version) -> new ArrayList<>())
				.add(progress(one, current)));
		return versions.values().stream().map(Progresses::sum).toList();
	}

	private static BackfillProgress progress(Found found, @Nullable Supervisor current) {
		return (current != null && current.isAt(found)) ? current.progress(found) : new ProgressReport(found).of();
	}

	private static BackfillProgress sum(List<BackfillProgress> all) {
		if (all.size() == 1) {
			return all.get(0);
		}
		BackfillProgress told = all.stream()
			.min((one, other) -> Integer.compare(BY_WEIGHT.indexOf(one.state()), BY_WEIGHT.indexOf(other.state())))
			.orElseThrow();
		boolean estimated = all.stream().allMatch((one) -> one.counts().estimatedKeys() != null);
		boolean verified = all.stream().anyMatch((one) -> one.counts().unverified() != null);
		Counts counts = new Counts(all.stream().mapToLong((one) -> one.counts().rows()).sum(),
				all.stream().mapToLong((one) -> one.counts().keys()).sum(),
				estimated ? all.stream().mapToLong((one) -> orZero(one.counts().estimatedKeys())).sum() : null,
				all.stream().mapToLong((one) -> one.counts().batches()).sum(),
				all.stream().mapToLong((one) -> one.counts().badRows()).sum(),
				verified ? all.stream().mapToLong((one) -> orZero(one.counts().unverified())).sum() : null);
		return new BackfillProgress(told.version(), told.description(), told.script(), told.state(), told.reads(),
				told.required(), counts, speed(told, all), told.reason(), told.signals(), told.lastBatches(),
				told.badRows(), told.times(), told.instance(), told.problem());
	}

	/** How long the other schemas take nobody knows. */
	private static @Nullable Speed speed(BackfillProgress told, List<BackfillProgress> all) {
		Speed speed = told.speed();
		boolean last = all.stream().filter((one) -> isUnfinished(one.state())).count() <= 1;
		return (speed == null || last) ? speed : new Speed(speed.rowsPerSecond(), null, null);
	}

	private static long orZero(@Nullable Long number) {
		return (number != null) ? number : 0;
	}

	/** Returns whether a build that reads it may not serve yet. */
	static boolean isUnfinished(BackfillProgress progress) {
		return progress.state() != BackfillState.FINISHED;
	}

	/** Returns whether there is something left to do. */
	static boolean isUnfinished(BackfillState state) {
		return state != BackfillState.FINISHED && state != BackfillState.CANCELLED;
	}

}
