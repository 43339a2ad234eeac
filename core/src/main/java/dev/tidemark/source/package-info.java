/**
 * Finds migrations: folders, classes and what is registered.
 */
@NullMarked
package dev.tidemark.source;

import org.jspecify.annotations.NullMarked;
