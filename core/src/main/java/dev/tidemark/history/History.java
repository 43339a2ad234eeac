package dev.tidemark.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

	/**
	 * Makes a history of its entries.
	 * @param database which database it belongs to
	 * @param exists whether the table exists
	 * @param entries the entries in order of their ranks
	 */
	public History(DatabaseIdentity database, boolean exists, List<HistoryEntry> entries) {
		this.database = database;
		this.exists = exists;
		this.lastRank = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).rank();
		this.last = new LinkedHashMap<>();
		this.done = new HashMap<>();
		entries.stream().filter(HistoryEntry::decides).forEach((entry) -> {
			this.last.put(entry.identity(), entry);
			if (entry.state().isDone()) {
				this.done.put(entry.identity(), entry);
			}
		});
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
	 * Returns the deciding entries of all migrations.
	 * @return the entries
	 */
	public Collection<HistoryEntry> last() {
		return this.last.values();
	}

	/**
	 * Returns the newest version whose effects are in the database.
	 * @return the version, empty if there is none
	 */
	public Optional<MigrationVersion> currentVersion() {
		return this.last.values()
			.stream()
			.filter((entry) -> entry.state().isDone() && entry.identity() instanceof Identity.Versioned)
			.map((entry) -> ((Identity.Versioned) entry.identity()).version())
			.max(MigrationVersion::compareTo);
	}

}
