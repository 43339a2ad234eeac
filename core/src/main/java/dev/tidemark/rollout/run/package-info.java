/**
 * The work on backfills: who works, on what, how far it has come, and how it ends.
 */
@NullMarked
package dev.tidemark.rollout.run;

import org.jspecify.annotations.NullMarked;
