package dev.tidemark.history;

/**
 * What a row says in words that this version does not know. A newer version has written
 * it, or somebody has edited it.
 *
 * @param words what is not known, such as {@code the state 'paused'}
 * @param done whether the row says all the same that the effects of the migration are in
 * the database as a whole
 * @since 0.1.0
 */
public record NewerRecord(String words, boolean done) {
}
