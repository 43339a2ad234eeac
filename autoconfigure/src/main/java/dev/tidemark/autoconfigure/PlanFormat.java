package dev.tidemark.autoconfigure;

/**
 * How a plan is printed.
 */
public enum PlanFormat {

	/** For people. */
	TEXT,

	/** For programs. */
	JSON

}
