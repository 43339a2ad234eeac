package dev.tidemark.run;

/**
 * Another instance has written the history since it was read.
 */
final class HistoryConflictException extends Exception {

	private static final long serialVersionUID = 1L;

}
