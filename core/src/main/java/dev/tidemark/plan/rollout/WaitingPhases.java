package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.MigrationState;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.history.rollout.Rollout;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;

/**
 * The backfills and contracts that do not run with the start, and what each of them waits
 * for. Is told of them in the order of their versions.
 *
 * @since 0.1.0
 */
public final class WaitingPhases {

	private final Rollout rollout;

	private final List<WaitingFile> files = new ArrayList<>();

	/** The backfills that are not done, in order. */
	private final Map<MigrationVersion, MigrationState> unfinished = new LinkedHashMap<>();

	/** Those that have not begun, and wait for a person, or for one that does. */
	private final Set<MigrationVersion> stopped = new HashSet<>();

	/**
	 * Begins without any.
	 * @param rollout what the database says of backfills
	 */
	public WaitingPhases(Rollout rollout) {
		this.rollout = rollout;
	}

	/**
	 * Take note of one that is not done.
	 * @param migration a backfill or contract
	 * @param state its state
	 */
	public void add(Migration migration, MigrationState state) {
		MigrationVersion version = migration.identity().version();
		if (version != null && migration.phase() == Phase.BACKFILL) {
			this.unfinished.put(version, state);
		}
	}

	/**
	 * Take note of what one of them will do.
	 * @param migration a backfill or contract
	 * @param statements its statements, as far as it has any
	 * @param backfill what it does to each batch, or {@code null} for a contract
	 */
	public void add(Migration migration, List<SqlStatement> statements, @Nullable BackfillFile backfill) {
		this.files.add(new WaitingFile(migration, statements, (backfill != null) ? table(backfill.table()) : null,
				(backfill != null) ? backfill.keys() : List.of(), hasBegun(migration)));
	}

	/**
	 * Return the table of which a backfill has the parts of the name.
	 * @param parts one or two parts
	 * @return the name
	 */
	public static QualifiedName table(List<String> parts) {
		int last = parts.size() - 1;
		return new QualifiedName((last > 0) ? parts.get(last - 1) : null, parts.get(last));
	}

	private boolean hasBegun(Migration migration) {
		MigrationVersion version = migration.identity().version();
		return version != null && this.rollout.backfill(version).filter(BackfillRecord::isUnfinished).isPresent();
	}

	/**
	 * Return whether a backfill was added that is neither done nor skipped.
	 * @return whether a contract has to wait for one
	 */
	public boolean hasUnfinished() {
		return this.unfinished.containsValue(MigrationState.WAITING);
	}

	/**
	 * Return whether a backfill waits, and is not held back for another reason.
	 * @param migration the migration
	 * @return whether it was added as one that does
	 */
	public boolean waits(Migration migration) {
		MigrationVersion version = migration.identity().version();
		return version != null && this.unfinished.get(version) == MigrationState.WAITING;
	}

	/**
	 * Return those whose content is known.
	 * @return the files in order of their versions
	 */
	public List<WaitingFile> files() {
		return List.copyOf(this.files);
	}

	/**
	 * Return what a backfill or contract waits for. Those before it have been added.
	 * @param migration the migration
	 * @param backfill what it does to each batch, or {@code null} if that cannot be read,
	 * or it is a contract
	 * @return the reason in words
	 */
	public String reason(Migration migration, @Nullable BackfillFile backfill) {
		return (migration.phase() == Phase.CONTRACT) ? contract() : reasonOf(migration, backfill);
	}

	private String reasonOf(Migration migration, @Nullable BackfillFile backfill) {
		MigrationVersion version = migration.identity().version();
		BackfillRecord begun = (version != null) ? this.rollout.backfill(version).orElse(null) : null;
		if (begun != null && begun.state() != BackfillState.WAITING) {
			return begun(begun.state());
		}
		if (backfill != null && backfill.options(BackfillOptions.DEFAULT).manual()) {
			stop(version);
			return "waits for a person, who starts it";
		}
		for (Map.Entry<MigrationVersion, MigrationState> other : this.unfinished.entrySet()) {
			BackfillState state = this.rollout.backfill(other.getKey())
				.map(BackfillRecord::state)
				.orElse(BackfillState.WAITING);
			if (other.getValue() != MigrationState.WAITING || state == BackfillState.CANCELLED) {
				continue;
			}
			String words = "waits for the backfill of version " + other.getKey();
			if (!isStopped(other.getKey(), state)) {
				return words;
			}
			if (walksTableOf(other.getKey(), backfill)) {
				stop(version);
				return words + " (" + state + "), which walks the same table";
			}
		}
		return "runs after the start";
	}

	private void stop(@Nullable MigrationVersion version) {
		if (version != null) {
			this.stopped.add(version);
		}
	}

	/**
	 * One that a person has to decide about holds up those of its table alone. Whether a
	 * foreign key links other ones is looked up by who works on them.
	 */
	private boolean isStopped(MigrationVersion version, BackfillState state) {
		return switch (state) {
			case WAITING -> this.stopped.contains(version);
			case PAUSED, FAILED, UNVERIFIED -> true;
			case RUNNING, VERIFYING, FINISHED, CANCELLED -> false;
		};
	}

	private boolean walksTableOf(MigrationVersion other, @Nullable BackfillFile backfill) {
		QualifiedName own = (backfill != null && !backfill.table().isEmpty()) ? table(backfill.table()) : null;
		return own != null && this.files.stream()
			.filter((file) -> Objects.equals(other, file.migration().identity().version()))
			.map(WaitingFile::table)
			.anyMatch((table) -> table != null && table.name().equals(own.name())
					&& ObjectRef.mayBe(table.schema(), own.schema()));
	}

	private static String begun(BackfillState state) {
		return switch (state) {
			case WAITING -> "runs after the start";
			case RUNNING -> "has begun, and goes on after the start";
			case VERIFYING -> "its rows are moved, and are verified after the start";
			case FINISHED -> "its rows are moved and verified, and the history has yet to say so";
			case PAUSED -> "waits for a person, who has paused it";
			case CANCELLED -> "waits for a person, who has cancelled it";
			case FAILED -> "waits for a person: a batch of it has failed";
			case UNVERIFIED -> "waits for a person: rows do not satisfy its verification";
		};
	}

	/**
	 * What a contract takes away may be what a backfill has yet to read; and what was
	 * passed over is not known to be moved.
	 */
	private String contract() {
		List<MigrationVersion> skipped = versions(MigrationState.SKIPPED);
		if (skipped.size() < this.unfinished.size()) {
			List<MigrationVersion> left = this.unfinished.keySet()
				.stream()
				.filter((version) -> !skipped.contains(version))
				.toList();
			return "waits for " + backfills(left);
		}
		if (!skipped.isEmpty()) {
			return "waits for " + backfills(skipped) + ", which " + ((skipped.size() == 1) ? "was" : "were")
					+ " skipped: a verification has to find no row that is left, or the contract is skipped, too";
		}
		return "waits for the contract gate, which this version does not have yet";
	}

	private List<MigrationVersion> versions(MigrationState state) {
		return this.unfinished.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == state)
			.map(Map.Entry::getKey)
			.toList();
	}

	private static String backfills(List<MigrationVersion> versions) {
		return ((versions.size() == 1) ? "the backfill of " : "the backfills of ") + versions.stream()
			.map((version) -> new Identity.Versioned(version).inWords())
			.collect(Collectors.joining(", "));
	}

}
