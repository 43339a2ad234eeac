package dev.tidemark.autoconfigure.properties;

/**
 * How a plan or a status is printed.
 *
 * @since 0.1.0
 */
public enum PlanFormat {

	/** For people. */
	TEXT,

	/** For programs. */
	JSON

}
