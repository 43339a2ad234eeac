/**
 * Databases for tests that are migrated once and then cloned.
 */
@NullMarked
package dev.tidemark.test.clone;

import org.jspecify.annotations.NullMarked;
