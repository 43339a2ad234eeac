/**
 * The table of a backfill: how it can be walked, and the SQL that walks it.
 */
@NullMarked
package dev.tidemark.catalogue.batch;

import org.jspecify.annotations.NullMarked;
