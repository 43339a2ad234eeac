package dev.tidemark.history;

import org.jspecify.annotations.Nullable;

/**
 * Which database a session is connected to.
 *
 * @param name the name of the database
 * @param user the user of the session
 * @param schema the schema of the history, or {@code null} if the search path names none
 * that exists
 */
public record DatabaseIdentity(String name, String user, @Nullable String schema) {
}
