package dev.tidemark.safety;

/**
 * What the live database answers to whether it holds something.
 *
 * @since 0.1.0
 */
public enum Presence {

	/** It does. */
	YES,

	/** It does not. */
	NO,

	/** What was asked about is not there. */
	ABSENT,

	/** It could not be found out, as in a big table without an index that tells. */
	UNKNOWN

}
