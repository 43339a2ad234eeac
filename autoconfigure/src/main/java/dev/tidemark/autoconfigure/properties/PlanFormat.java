package dev.tidemark.autoconfigure.properties;

/**
 * How a plan or a status is printed.
 */
public enum PlanFormat {

	/** For people. */
	TEXT,

	/** For programs. */
	JSON

}
