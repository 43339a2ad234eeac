/**
 * The table that records how far backfills have come: its layout, reads and writes.
 */
@NullMarked
package dev.tidemark.history.backfill;

import org.jspecify.annotations.NullMarked;
