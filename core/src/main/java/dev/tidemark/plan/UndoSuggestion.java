package dev.tidemark.plan;

import dev.tidemark.migration.Identity;

/**
 * What an undo file could look like, derived from the statements of its migration. It is
 * for a person to read, correct and save; it never runs by itself.
 *
 * @param migration which migration it would undo
 * @param script the path that the file could have
 * @param sql its text, with comments where no inverse could be derived
 * @since 0.1.0
 */
public record UndoSuggestion(Identity migration, String script, String sql) {
}
