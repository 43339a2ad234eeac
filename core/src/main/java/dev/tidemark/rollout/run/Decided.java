package dev.tidemark.rollout.run;

/**
 * Somebody else has changed what is recorded of a backfill, and decides what follows.
 */
final class Decided extends RuntimeException {

	private static final long serialVersionUID = 1L;

}
