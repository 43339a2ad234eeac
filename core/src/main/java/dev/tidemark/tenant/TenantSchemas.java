package dev.tidemark.tenant;

import java.util.Collection;
import java.util.List;

/**
 * Knows the schemas of the tenants of one database. It is asked anew for every run and
 * every inspection.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TenantSchemas {

	/**
	 * Returns the names of the schemas as the server's catalogue has them, without
	 * quotes.
	 * @return the names, in the order in which to begin with them; possibly none. A name
	 * that comes twice counts once.
	 */
	Collection<String> names();

	/**
	 * Returns schemas that are known beforehand.
	 * @param names their names
	 * @return always these
	 */
	static TenantSchemas of(Collection<String> names) {
		List<String> all = List.copyOf(names);
		return () -> all;
	}

}
