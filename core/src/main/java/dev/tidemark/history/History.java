package dev.tidemark.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.foreign.SchemaContent;
import dev.tidemark.history.rollout.Rollout;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;

/**
 * What the history table said at one moment.
 *
 * @since 0.1.0
 */
public final class History {

	private final DatabaseIdentity database;

	private final boolean exists;

	private final List<HistoryEntry> entries;

	private final Map<Identity, HistoryEntry> last;

	private final Map<Identity, HistoryEntry> done;

	/** The rank of the last undo that has changed the database, 0 if there is none. */
	private final int lastUndo;

	private final boolean begun;

	private final SchemaContent content;

	/** Whether a table lies beside it that tells of backfills. */
	private final boolean recordsBackfills;

	/** Whether the last row says that the first run goes on. */
	private final boolean firstRun;

	/** Not made where nobody looks: few starts need it. */
	private final @Nullable Rollout rollout;

	/**
	 * Makes a history of its entries.
	 * @param database which database it belongs to
	 * @param exists whether the table exists
	 * @param entries the entries in order of their ranks
	 */
	public History(DatabaseIdentity database, boolean exists, List<HistoryEntry> entries) {
		this(database, exists, entries, false, false);
	}

	/**
	 * Makes a history of its entries.
	 * @param database which database it belongs to
	 * @param exists whether the table exists
	 * @param entries the entries in order of their ranks
	 * @param recordsBackfills whether a table lies beside it that tells of backfills
	 * @param firstRun whether the last row says that the first run goes on
	 */
	History(DatabaseIdentity database, boolean exists, List<HistoryEntry> entries, boolean recordsBackfills,
			boolean firstRun) {
		this.database = database;
		this.exists = exists;
		this.entries = List.copyOf(entries);
		this.last = new LinkedHashMap<>();
		this.done = new HashMap<>();
		this.lastUndo = lastUndo(entries);
		this.begun = entries.stream().anyMatch(History::begins);
		this.content = SchemaContent.EMPTY;
		this.recordsBackfills = recordsBackfills;
		this.firstRun = firstRun;
		this.rollout = null;
		entries.stream().filter(HistoryEntry::decides).forEach((entry) -> {
			this.last.put(entry.identity(), entry);
			if (entry.state().isDone()) {
				this.done.put(entry.identity(), entry);
			}
		});
	}

	private History(History other, SchemaContent content, @Nullable Rollout rollout) {
		this.database = other.database;
		this.exists = other.exists;
		this.entries = other.entries;
		this.last = other.last;
		this.done = other.done;
		this.lastUndo = other.lastUndo;
		this.begun = other.begun;
		this.content = content;
		this.recordsBackfills = other.recordsBackfills;
		this.firstRun = other.firstRun;
		this.rollout = rollout;
	}

	private static int lastUndo(List<HistoryEntry> entries) {
		return entries.stream()
			.filter((entry) -> entry.undo() && entry.decides())
			.mapToInt(HistoryEntry::rank)
			.max()
			.orElse(0);
	}

	/**
	 * Repeatables run on whatever is there, and what is skipped does not run. What a
	 * newer version has recorded may have begun with anything.
	 */
	private static boolean begins(HistoryEntry entry) {
		return entry.newer() != null || (entry.identity().version() != null && entry.state() != MigrationState.SKIPPED);
	}

	/**
	 * Returns the same history with what the schemas hold that no version of it has made.
	 * @param found the content; as soon as it is decided what the database begins with,
	 * it has no say any more and is left out
	 * @return the history
	 */
	public History with(SchemaContent found) {
		return isUntouched() ? new History(this, found, this.rollout) : this;
	}

	/**
	 * Returns the same history with what the database says of backfills.
	 * @param found what was found beside the history
	 * @return the history
	 */
	public History with(Rollout found) {
		return new History(this, this.content, found);
	}

	/**
	 * Returns the history as it is after a run has come to its end.
	 * @param added the entries of the rows that it has added, in order of their ranks
	 * @return the history
	 */
	public History after(List<HistoryEntry> added) {
		List<HistoryEntry> all = new ArrayList<>(this.entries);
		all.addAll(added);
		History grown = new History(this.database, true, all, this.recordsBackfills, false);
		return new History(grown, grown.isUntouched() ? this.content : SchemaContent.EMPTY, this.rollout);
	}

	/**
	 * Returns which database this is.
	 * @return the database, its user and its default schema
	 */
	public DatabaseIdentity database() {
		return this.database;
	}

	/**
	 * Tells whether the history table exists.
	 * @return {@code false} if it has yet to be created
	 */
	public boolean exists() {
		return this.exists;
	}

	/**
	 * Returns the entries of all runs.
	 * @return the entries in order of their ranks
	 */
	public List<HistoryEntry> entries() {
		return this.entries;
	}

	/**
	 * Returns the highest rank, which the next row continues.
	 * @return the rank, 0 if there is no row
	 */
	public int lastRank() {
		return this.entries.isEmpty() ? 0 : this.entries.get(this.entries.size() - 1).rank();
	}

	/**
	 * Returns the entry that decides about a migration: the one of its last run.
	 * @param identity the migration
	 * @return the entry, or {@code null} if it never ran
	 */
	public @Nullable HistoryEntry last(Identity identity) {
		return this.last.get(identity);
	}

	/**
	 * Returns the last entry by which the effects of a migration were in the database,
	 * whatever came later.
	 * @param identity the migration
	 * @return the entry, or {@code null} if they never were
	 */
	public @Nullable HistoryEntry lastDone(Identity identity) {
		return this.done.get(identity);
	}

	/**
	 * Tells whether an undo, be it of whatever migration, came after a run.
	 * @param entry the run
	 * @return {@code false} if there was none, or all of it was rolled back
	 */
	public boolean isBeforeUndo(HistoryEntry entry) {
		return entry.rank() < this.lastUndo;
	}

	/**
	 * Returns the deciding entries of all migrations.
	 * @return the entries
	 */
	public Collection<HistoryEntry> last() {
		return this.last.values();
	}

	/**
	 * Returns what the schemas hold although no version has run.
	 * @return the content; empty as soon as it is decided what the database begins with
	 */
	public SchemaContent content() {
		return this.content;
	}

	/**
	 * Return whether a table lies beside the history that tells of backfills.
	 * @return {@code false} too if nobody has looked
	 */
	public boolean recordsBackfills() {
		return this.recordsBackfills;
	}

	/**
	 * Return whether the run that began in a schema which held nothing has not come to
	 * its end yet. A row of whoever knows nothing of that, and a backfill that has begun
	 * beside the application, say that it has.
	 * @return {@code false} too if it has not begun
	 */
	public boolean isInFirstRun() {
		return this.firstRun && !this.recordsBackfills;
	}

	/**
	 * Return what the database says of backfills.
	 * @return what was found; {@link Rollout#UNKNOWN} if nobody has looked
	 */
	public Rollout rollout() {
		return (this.rollout != null) ? this.rollout : Rollout.UNKNOWN;
	}

	/**
	 * Tells whether nothing of any version is in the database.
	 * @return {@code true} if none has a row, or all of them were rolled back, undone or
	 * skipped
	 */
	public boolean isWithoutVersion() {
		return this.last.values()
			.stream()
			.noneMatch((entry) -> entry.identity().version() != null && entry.hasEffect());
	}

	/**
	 * Tells whether no version was ever tried, and nobody has said what the database
	 * begins with. One that failed has found the schemas empty, or somebody had said so.
	 * @return {@code true} if there is no history, or it has no row of a version
	 */
	public boolean isUntouched() {
		return !this.begun;
	}

	/**
	 * Returns the newest version whose effects are in the database. Backfills and
	 * contracts come when they can, and say nothing of where the database is.
	 * @return the version, empty if there is none
	 */
	public Optional<MigrationVersion> currentVersion() {
		return newest(this.last.values().stream().filter((entry) -> entry.isDone() && entry.phase() == Phase.EXPAND));
	}

	/**
	 * Return the newest version whose effects are in the database, whenever it runs.
	 * @return the version, empty if there is none
	 */
	public Optional<MigrationVersion> newestDone() {
		return newest(this.last.values().stream().filter(HistoryEntry::isDone));
	}

	/**
	 * Returns the newest version that a migration brought, rather than a person's word.
	 * @return the version, empty if no version ran
	 */
	public Optional<MigrationVersion> newestRun() {
		return newest(this.last.values()
			.stream()
			.filter((entry) -> entry.newer() != null
					|| (entry.state().isDone() && entry.state() != MigrationState.BASELINE)));
	}

	private static Optional<MigrationVersion> newest(Stream<HistoryEntry> entries) {
		return entries.flatMap((entry) -> Stream.ofNullable(entry.identity().version()))
			.max(MigrationVersion::compareTo);
	}

}
