/**
 * How fast a backfill goes: how large its batches are, how long it rests between them,
 * and what slows it down.
 */
@NullMarked
package dev.tidemark.rollout.pace;

import org.jspecify.annotations.NullMarked;
