package dev.tidemark.history.rollout;

import java.util.List;
import java.util.Optional;

import dev.tidemark.migration.MigrationVersion;

/**
 * What the database says of the phases after the start.
 *
 * @param backfills the backfills that have begun
 * @param known whether anybody has looked
 * @since 0.1.0
 */
public record Rollout(List<BackfillRecord> backfills, boolean known) {

	/** Nobody has looked yet. */
	public static final Rollout UNKNOWN = new Rollout(List.of(), false);

	/** None has begun. */
	public static final Rollout NONE = new Rollout(List.of(), true);

	/** Copies the list. */
	public Rollout {
		backfills = List.copyOf(backfills);
	}

	/**
	 * Return what is known of a backfill.
	 * @param version which one
	 * @return the record, empty if it has not begun
	 */
	public Optional<BackfillRecord> backfill(MigrationVersion version) {
		return this.backfills.stream().filter((backfill) -> backfill.version().equals(version)).findFirst();
	}

}
