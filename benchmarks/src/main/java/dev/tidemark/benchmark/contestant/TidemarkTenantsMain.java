package dev.tidemark.benchmark.contestant;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * Tidemark with its defaults, on many schemas.
 */
final class TidemarkTenantsMain {

	private TidemarkTenantsMain() {
	}

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		Tidemark tidemark = Tidemark.builder(ConnectionSource.of(System.getProperty("benchmark.url"),
				System.getProperty("benchmark.user"), System.getProperty("benchmark.password")))
			.build();
		Tenants.builder(tidemark, TenantNames::all).build().migrate();
		probe.finish();
	}

}
