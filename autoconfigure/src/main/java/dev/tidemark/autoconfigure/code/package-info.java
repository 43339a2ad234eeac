/**
 * Finds migrations in Java among the beans, and those that are none.
 */
@NullMarked
package dev.tidemark.autoconfigure.code;

import org.jspecify.annotations.NullMarked;
