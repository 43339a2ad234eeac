package dev.tidemark.tenant;

/**
 * Is told what a run or a check of many tenants found. What happens in each of them is
 * told to {@link dev.tidemark.run.RunListener}s, on several threads at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TenantsListener {

	/**
	 * A run or a check of all tenants begins, before anybody knows which there are.
	 * @param tidemark the name of the {@code Tidemark} whose migrations these are
	 */
	default void tenantsStarted(String tidemark) {
	}

	/**
	 * All tenants were migrated or checked, as far as that could be done.
	 * @param result what became of each
	 */
	void tenantsFinished(TenantsResult result);

}
