/**
 * What a backfill file says: which table it walks, how, and at what pace.
 */
@NullMarked
package dev.tidemark.migration.backfill;

import org.jspecify.annotations.NullMarked;
