package dev.tidemark;

/**
 * Is told what a run or a check of many tenants found. What happens in each of them is
 * told to {@link dev.tidemark.run.RunListener}s, on several threads at once.
 */
@FunctionalInterface
public interface TenantsListener {

	/**
	 * All tenants were migrated or checked, as far as that could be done.
	 * @param result what became of each
	 */
	void tenantsFinished(TenantsResult result);

}
