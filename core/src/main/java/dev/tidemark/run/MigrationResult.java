package dev.tidemark.run;

import java.time.Duration;

import dev.tidemark.source.Identity;

/**
 * A migration that ran to its end.
 *
 * @param identity which migration
 * @param description its description
 * @param script its file
 * @param statements how many statements ran
 * @param duration how long it took, the commit included
 */
public record MigrationResult(Identity identity, String description, String script, int statements, Duration duration) {
}
