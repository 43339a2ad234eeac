package dev.tidemark.rollout;

import java.time.Duration;
import java.time.Instant;

/**
 * One batch that is committed.
 *
 * @param part which worker's range it lies in, from 0
 * @param keys how many keys it walked over
 * @param rows how many rows its statements changed
 * @param walBytes how many bytes of log the server wrote meanwhile, all sessions
 * together; -1 if that is not known
 * @param took how long it took, with its commit
 * @param at when it was committed
 * @since 0.1.0
 */
public record BatchInfo(int part, long keys, long rows, long walBytes, Duration took, Instant at) {

}
