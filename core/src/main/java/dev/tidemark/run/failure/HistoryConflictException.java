package dev.tidemark.run.failure;

/**
 * Another instance has written the history since it was read.
 */
public final class HistoryConflictException extends Exception {

	private static final long serialVersionUID = 1L;

}
