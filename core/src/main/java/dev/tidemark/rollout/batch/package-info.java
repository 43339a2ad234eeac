/**
 * One batch of a backfill: its transaction, what it runs, and what a failure means.
 */
@NullMarked
package dev.tidemark.rollout.batch;

import org.jspecify.annotations.NullMarked;
