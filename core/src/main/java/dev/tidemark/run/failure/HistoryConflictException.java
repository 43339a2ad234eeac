package dev.tidemark.run.failure;

/**
 * Another instance has written the history since it was read.
 *
 * @since 0.1.0
 */
public final class HistoryConflictException extends Exception {

	private static final long serialVersionUID = 1L;

}
