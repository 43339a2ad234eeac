package dev.tidemark.plan.policy;

import java.util.List;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;

/**
 * A person's word that a database which no history tells of is at a version already.
 *
 * @param version the version: it and all below count as done; {@link #NOTHING} if what is
 * there has nothing to do with the migrations
 * @param reason why, for those who read the history later
 * @param ignoredHistories the tables of other tools that say nothing of these migrations
 * @since 0.1.0
 */
public record Baseline(MigrationVersion version, String reason, List<String> ignoredHistories) {

	/**
	 * The version that says of an existing database that none of its versions is done.
	 */
	public static final MigrationVersion NOTHING = MigrationVersion.of("0");

	/** Copies the list. */
	public Baseline {
		ignoredHistories = List.copyOf(ignoredHistories);
	}

	/**
	 * Makes a baseline that has to agree with the histories of other tools.
	 * @param version the version
	 * @param reason why, for those who read the history later
	 */
	public Baseline(MigrationVersion version, String reason) {
		this(version, reason, List.of());
	}

	/**
	 * Tells whether the history of another tool says nothing of these migrations.
	 * @param table its table, with its schema
	 * @return {@code true} if it is one of {@link #ignoredHistories()}
	 */
	public boolean ignores(String table) {
		return this.ignoredHistories.stream().anyMatch((name) -> table.equals(name) || table.endsWith("." + name));
	}

	/**
	 * Returns what the history knows it by.
	 * @return the identity of its row
	 */
	public Identity.Baseline identity() {
		return new Identity.Baseline(this.version);
	}

}
