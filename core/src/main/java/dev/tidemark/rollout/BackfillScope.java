package dev.tidemark.rollout;

/**
 * Which backfills are worked on, and how.
 *
 * @since 0.1.0
 */
public enum BackfillScope {

	/** All that are left, at the pace that they say: beside a running application. */
	ALL,

	/**
	 * Those that the build reads, to their end: a job before a roll-out. Windows do not
	 * hold it up; the pace and the signals of the throttle do.
	 */
	REQUIRED

}
