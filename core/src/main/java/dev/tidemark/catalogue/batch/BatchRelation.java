package dev.tidemark.catalogue.batch;

import org.jspecify.annotations.Nullable;

/**
 * A part of a table that has rows of its own: the table itself, a partition or a child.
 *
 * @param oid the number by which the server knows it
 * @param name its name, qualified and quoted
 * @param pages how many blocks it has
 * @param rows how many rows it has, as the server estimates; -1 if it has never counted
 * @param bounds the condition that all of its rows satisfy as a partition, as the server
 * writes it; {@code null} if that tells the server nothing when it plans
 * @since 0.1.0
 */
public record BatchRelation(long oid, String name, long pages, long rows, @Nullable String bounds) {

}
