package dev.tidemark.run;

import java.time.Duration;

import dev.tidemark.migration.Identity;
import dev.tidemark.sql.PlainText;

/**
 * A migration that ran to its end.
 *
 * @param identity which migration
 * @param description its description
 * @param script its file
 * @param statements how many statements ran
 * @param duration how long it took, the commit included
 * @since 0.1.0
 */
public record MigrationResult(Identity identity, String description, String script, int statements, Duration duration) {

	/** Returns the result in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line(this.identity.inWords() + " (" + this.script + "): " + this.statements
				+ ((this.statements != 1) ? " statements in " : " statement in ") + this.duration.toMillis() + " ms");
	}
}
