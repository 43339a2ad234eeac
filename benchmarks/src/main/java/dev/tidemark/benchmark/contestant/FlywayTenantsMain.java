package dev.tidemark.benchmark.contestant;

import org.flywaydb.core.Flyway;

/**
 * Flyway with its defaults, in a loop over many schemas.
 */
final class FlywayTenantsMain {

	private FlywayTenantsMain() {
	}

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		for (String schema : TenantNames.all()) {
			Flyway.configure()
				.dataSource(System.getProperty("benchmark.url"), System.getProperty("benchmark.user"),
						System.getProperty("benchmark.password"))
				.schemas(schema)
				.load()
				.migrate();
		}
		probe.finish();
	}

}
