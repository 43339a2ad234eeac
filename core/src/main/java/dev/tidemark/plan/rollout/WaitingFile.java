package dev.tidemark.plan.rollout;

import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;

/**
 * A backfill or contract that waits.
 *
 * @param migration which one
 * @param script its content
 * @param begun whether batches of it may run at any time
 * @since 0.1.0
 */
public record WaitingFile(Migration migration, Script script, boolean begun) {

}
