/**
 * Tells Tidemark which database a test has started in a container.
 */
@NullMarked
package dev.tidemark.autoconfigure.testcontainers;

import org.jspecify.annotations.NullMarked;
