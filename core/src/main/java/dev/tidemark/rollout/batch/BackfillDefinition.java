package dev.tidemark.rollout.batch;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.sql.Identifiers;

/**
 * What a backfill is, as file or code and settings say.
 *
 * @param migration the file or the code
 * @param table the name of the table that it walks, one or two parts
 * @param keys the columns that it walks by; empty to take what the table has
 * @param verify the condition that each row satisfies afterwards, or {@code null}
 * @param options how it goes about its work
 * @param lockTimeout how long a statement may wait for a lock
 * @param content what runs for each batch
 * @since 0.1.0
 */
public record BackfillDefinition(Migration migration, List<String> table, List<String> keys, @Nullable String verify,
		BackfillOptions options, Duration lockTimeout, BatchContent content) {

	/** How long a statement of a batch waits for a lock if its file does not say. */
	public static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);

	/** Copies the lists. */
	public BackfillDefinition {
		table = List.copyOf(table);
		keys = List.copyOf(keys);
	}

	public MigrationVersion version() {
		MigrationVersion version = this.migration.identity().version();
		if (version == null) {
			throw new IllegalStateException("A backfill has a version");
		}
		return version;
	}

	/** Returns the name of the table as SQL. */
	public String tableName() {
		return this.table.stream().map(Identifiers::quote).collect(Collectors.joining("."));
	}

	/** Returns the checksum, empty for code that has none. */
	public String checksum() {
		return (this.migration.checksum() != null) ? this.migration.checksum().value() : "";
	}

}
