/**
 * What happens after the start of the application: the contract of backfills.
 */
@NullMarked
package dev.tidemark.rollout;

import org.jspecify.annotations.NullMarked;
