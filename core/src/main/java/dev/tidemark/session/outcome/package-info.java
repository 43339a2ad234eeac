/**
 * Asks the server what has become of a commit, a session or a statement.
 */
@NullMarked
package dev.tidemark.session.outcome;

import org.jspecify.annotations.NullMarked;
