package dev.tidemark.run.step.lock;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.script.SqlStatement;

/**
 * What an attempt will run, from which follows what it will lock.
 *
 * @param statements the statements, as far as they are known beforehand
 * @param extent what holds them together
 * @param timeout how long their file lets them queue for a lock at the most, or
 * {@code null} to queue for as long as the run does
 * @since 0.1.0
 */
public record LockNeeds(List<SqlStatement> statements, Extent extent, @Nullable Duration timeout) {

	/** Of code, and of our own writes, nothing is known beforehand. */
	public static final LockNeeds UNKNOWN = new LockNeeds(List.of(), Extent.TRANSACTION, null);

	/** What locks relations, and no rows. */
	private static final Set<String> LOCKING = Set.of("ALTER TABLE", "COMMENT", "SET");

	/**
	 * Tells whether the statements lock relations and nothing else, so that nobody waits
	 * for them but whoever wants such a lock.
	 */
	boolean locksOnly() {
		return this.statements.stream().allMatch((statement) -> LOCKING.contains(statement.command()));
	}

	/**
	 * What holds statements together.
	 *
	 * @since 0.1.0
	 */
	public enum Extent {

		/** They are all of a migration, in one transaction. */
		MIGRATION,

		/** They share a transaction. */
		TRANSACTION,

		/** It is one that runs by itself. */
		STATEMENT

	}

}
