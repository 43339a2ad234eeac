package dev.tidemark.autoconfigure.backfill;

import dev.tidemark.rollout.Backfills;

/**
 * A database that had backfills left when the application started.
 *
 * @param name the name of the database
 * @param backfills its backfills
 * @param works whether this instance works on them; otherwise it only waits for those
 * that it reads
 * @since 0.1.0
 */
public record BackfillTarget(String name, Backfills backfills, boolean works) {

}
