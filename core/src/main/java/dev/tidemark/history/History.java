package dev.tidemark.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.Identity;
import dev.tidemark.source.MigrationVersion;

/**
 * What the history table said at one moment.
 */
public final class History {

	private final DatabaseIdentity database;

	private final boolean exists;

	private final int lastRank;

	private final Map<Identity, HistoryEntry> last;

	private final Map<Identity, HistoryEntry> done;

	/** The rank of the last undo that has changed the database, 0 if there is none. */
	private final int lastUndo;

	private final SchemaContent content;

	/**
	 * Makes a history of its entries.
	 * @param database which database it belongs to
	 * @param exists whether the table exists
	 * @param entries the entries in order of their ranks
	 */
	public History(DatabaseIdentity database, boolean exists, List<HistoryEntry> entries) {
		this(database, exists, entries.isEmpty() ? 0 : entries.get(entries.size() - 1).rank(), new LinkedHashMap<>(),
				new HashMap<>(), lastUndo(entries), SchemaContent.EMPTY);
		entries.stream().filter(HistoryEntry::decides).forEach((entry) -> {
			this.last.put(entry.identity(), entry);
			if (entry.state().isDone()) {
				this.done.put(entry.identity(), entry);
			}
		});
	}

	private History(DatabaseIdentity database, boolean exists, int lastRank, Map<Identity, HistoryEntry> last,
			Map<Identity, HistoryEntry> done, int lastUndo, SchemaContent content) {
		this.database = database;
		this.exists = exists;
		this.lastRank = lastRank;
		this.last = last;
		this.done = done;
		this.lastUndo = lastUndo;
		this.content = content;
	}

	private static int lastUndo(List<HistoryEntry> entries) {
		return entries.stream()
			.filter((entry) -> entry.undo() && entry.decides())
			.mapToInt(HistoryEntry::rank)
			.max()
			.orElse(0);
	}

	/**
	 * Returns the same history with what the schemas hold that is not its own.
	 * @param found the content; as soon as a migration has had an effect, be it undone or
	 * not, nobody can tell whose it is, and it is left out
	 * @return the history
	 */
	public History with(SchemaContent found) {
		return isUntouched()
				? new History(this.database, this.exists, this.lastRank, this.last, this.done, this.lastUndo, found)
				: this;
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
	 * Returns the highest rank, which the next row continues.
	 * @return the rank, 0 if there is no row
	 */
	public int lastRank() {
		return this.lastRank;
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
	 * Returns what the schemas hold that no migration of this history has made.
	 * @return the content; empty as soon as a migration has had an effect
	 */
	public SchemaContent content() {
		return this.content;
	}

	/**
	 * Tells whether nothing of any migration is in the database.
	 * @return {@code true} if there is no row, or all of them were rolled back, undone or
	 * skipped
	 */
	public boolean isWithoutEffect() {
		return this.last.values().stream().noneMatch(HistoryEntry::hasEffect);
	}

	/** Tells whether no migration has ever had an effect, not even one undone since. */
	boolean isUntouched() {
		return this.done.isEmpty() && isWithoutEffect();
	}

	/**
	 * Returns the newest version whose effects are in the database.
	 * @return the version, empty if there is none
	 */
	public Optional<MigrationVersion> currentVersion() {
		return newest(this.last.values().stream().filter((entry) -> entry.state().isDone()));
	}

	/**
	 * Returns the newest version that a migration brought, rather than a person's word.
	 * @return the version, empty if no version ran
	 */
	public Optional<MigrationVersion> newestRun() {
		return newest(this.last.values()
			.stream()
			.filter((entry) -> entry.state().isDone() && entry.state() != MigrationState.BASELINE));
	}

	private static Optional<MigrationVersion> newest(Stream<HistoryEntry> entries) {
		return entries.flatMap((entry) -> Stream.ofNullable(entry.identity().version()))
			.max(MigrationVersion::compareTo);
	}

}
