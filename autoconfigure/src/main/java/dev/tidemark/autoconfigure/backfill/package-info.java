/**
 * Backfills while the application is up: the threads that work on them, and the readiness
 * that waits for them.
 */
@NullMarked
package dev.tidemark.autoconfigure.backfill;

import org.jspecify.annotations.NullMarked;
