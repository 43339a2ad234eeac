package dev.tidemark.plan;

import dev.tidemark.source.Identity;
import dev.tidemark.source.MigrationVersion;

/**
 * A person's word that a database which no history tells of is at a version already.
 *
 * @param version the version: it and all below count as done; {@link #NOTHING} if what is
 * there has nothing to do with the migrations
 * @param reason why, for those who read the history later
 */
public record Baseline(MigrationVersion version, String reason) {

	/**
	 * The version that says of an existing database that none of its versions is done.
	 */
	public static final MigrationVersion NOTHING = MigrationVersion.of("0");

	/**
	 * Returns what the history knows it by.
	 * @return the identity of its row
	 */
	public Identity.Baseline identity() {
		return new Identity.Baseline(this.version);
	}

}
