/**
 * Runs migrations when an application starts, before anything else uses the database.
 */
@NullMarked
package dev.tidemark.autoconfigure.start;

import org.jspecify.annotations.NullMarked;
