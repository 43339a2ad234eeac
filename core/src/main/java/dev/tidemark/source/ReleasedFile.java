package dev.tidemark.source;

/**
 * A migration file as it is released.
 *
 * @param script its path, or what else it is known by
 * @param checksum the checksum of its text, with its algorithm
 */
public record ReleasedFile(String script, String checksum) {
}
