package dev.tidemark.benchmark.contestant;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The schemas of the tenants.
 */
final class TenantNames {

	private TenantNames() {
	}

	static List<String> all() {
		return IntStream.rangeClosed(1, Integer.getInteger("benchmark.tenants"))
			.mapToObj("tenant_%04d"::formatted)
			.toList();
	}

}
