/**
 * Tells Tidemark which database a Docker Compose file has started.
 */
@NullMarked
package dev.tidemark.autoconfigure.docker;

import org.jspecify.annotations.NullMarked;
