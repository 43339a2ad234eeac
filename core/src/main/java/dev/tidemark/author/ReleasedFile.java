package dev.tidemark.author;

import org.jspecify.annotations.Nullable;

/**
 * A migration file as it is released.
 *
 * @param script its path, or what else it is known by
 * @param checksum the checksum of its text, with its algorithm, or {@code null} if it may
 * have any text, and need not be there
 * @since 0.1.0
 */
public record ReleasedFile(String script, @Nullable String checksum) {
}
