package dev.tidemark.error;

/**
 * Whether a {@link Problem} stops the run.
 *
 * @since 0.1.0
 */
public enum Severity {

	/** Nothing runs until it is solved. */
	ERROR,

	/** It is told, and the run goes on. */
	WARNING

}
