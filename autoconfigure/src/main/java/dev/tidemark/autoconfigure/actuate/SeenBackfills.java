package dev.tidemark.autoconfigure.actuate;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.Phase;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.tenant.TenantsInspection;

/**
 * How far the backfills of a database have come, or why nobody can tell. Only where an
 * inspection has seen some, they are looked at.
 *
 * @param progress how far they have come
 * @param problems why that is not known
 */
record SeenBackfills(List<BackfillProgress> progress, List<Problem> problems) {

	private static final Set<BackfillState> NEED_A_PERSON = EnumSet.of(BackfillState.FAILED, BackfillState.UNVERIFIED);

	private static final SeenBackfills NONE = new SeenBackfills(List.of(), List.of());

	/** Looks at those of a database that are not done. */
	static SeenBackfills left(Inspection inspection, Tidemark tidemark) {
		return inspection.migrations().stream().anyMatch(MigrationInfo::isBackfillLeft) ? look(tidemark.backfills())
				: NONE;
	}

	/** Looks at those of all tenants together, if any is not done. */
	static SeenBackfills left(TenantsInspection inspection, Tenants tenants) {
		return inspection.leavesBackfills() ? look(tenants.backfills()) : NONE;
	}

	/** Looks at one, whether it is done or not. */
	static @Nullable BackfillProgress of(MigrationInfo entry, Tidemark tidemark) {
		return (entry.phase() != Phase.BACKFILL) ? null
				: look(tidemark.backfills()).progress()
					.stream()
					.filter((backfill) -> Objects.equals(backfill.version(), entry.version()))
					.findFirst()
					.orElse(null);
	}

	private static SeenBackfills look(Backfills backfills) {
		try {
			return new SeenBackfills(backfills.progress(), List.of());
		}
		catch (TidemarkException ex) {
			return new SeenBackfills(List.of(), ex.problems());
		}
	}

	/**
	 * Returns what else is wrong, and then what they have ended by, or why they are not
	 * known.
	 */
	List<Problem> after(List<Problem> others) {
		Stream<Problem> ended = this.progress.stream()
			.filter((backfill) -> NEED_A_PERSON.contains(backfill.state()))
			.flatMap((backfill) -> Stream.ofNullable(backfill.problem()));
		return Stream.of(others.stream(), ended, this.problems.stream()).flatMap((problems) -> problems).toList();
	}

	/** Returns them as they are listed, or {@code null} if there is none. */
	@Nullable List<BackfillDescriptor> listed() {
		return this.progress.isEmpty() ? null : this.progress.stream().map(BackfillDescriptor::listed).toList();
	}

}
