/**
 * What the database says of backfills, as values.
 */
@NullMarked
package dev.tidemark.history.rollout;

import org.jspecify.annotations.NullMarked;
