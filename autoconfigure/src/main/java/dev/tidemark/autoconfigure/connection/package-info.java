/**
 * Chooses the connection that migrations use.
 */
@NullMarked
package dev.tidemark.autoconfigure.connection;

import org.jspecify.annotations.NullMarked;
