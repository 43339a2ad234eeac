package dev.tidemark.benchmark.contestant;

import dev.tidemark.Tidemark;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * Tidemark with its defaults.
 */
final class TidemarkMain {

	private TidemarkMain() {
	}

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		Tidemark.builder(ConnectionSource.of(System.getProperty("benchmark.url"), System.getProperty("benchmark.user"),
				System.getProperty("benchmark.password")))
			.build()
			.migrate();
		probe.finish();
	}

}
