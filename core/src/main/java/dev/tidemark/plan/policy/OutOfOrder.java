package dev.tidemark.plan.policy;

/**
 * What happens to a pending version below the newest applied one, as it comes when two
 * branches are merged.
 *
 * @since 0.1.0
 */
public enum OutOfOrder {

	/** The run is refused. */
	FAIL,

	/** It runs, and a warning tells of it. */
	WARN,

	/** It runs as if it were in order. */
	APPLY

}
