package dev.tidemark.tenant;

/**
 * What happens to the other tenants when one cannot be migrated.
 *
 * @since 0.1.0
 */
public enum OnTenantFailure {

	/** All others are migrated; then the run fails and names those that failed. */
	CONTINUE,

	/**
	 * No other is begun, and the run fails. Those that other connections are just
	 * migrating come to their end.
	 */
	STOP,

	/**
	 * All others are migrated, and the run succeeds. Log, result and endpoint name those
	 * that failed.
	 */
	TOLERATE

}
