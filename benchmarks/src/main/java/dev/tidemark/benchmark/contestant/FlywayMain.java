package dev.tidemark.benchmark.contestant;

import org.flywaydb.core.Flyway;

/**
 * Flyway with its defaults. {@code group} would be faster, but gives up a transaction for
 * each migration. {@code batch} saves one round trip in two hundred on files like these,
 * and runs out of memory on big ones.
 */
final class FlywayMain {

	private FlywayMain() {
	}

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		Flyway.configure()
			.dataSource(System.getProperty("benchmark.url"), System.getProperty("benchmark.user"),
					System.getProperty("benchmark.password"))
			.load()
			.migrate();
		probe.finish();
	}

}
