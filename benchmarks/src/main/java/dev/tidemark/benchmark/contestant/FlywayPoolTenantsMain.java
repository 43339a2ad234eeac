package dev.tidemark.benchmark.contestant;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;

/**
 * Flyway in a loop over many schemas, on the pool of the application, as it is most often
 * done.
 */
final class FlywayPoolTenantsMain {

	private FlywayPoolTenantsMain() {
	}

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(System.getProperty("benchmark.url"));
			pool.setUsername(System.getProperty("benchmark.user"));
			pool.setPassword(System.getProperty("benchmark.password"));
			for (String schema : TenantNames.all()) {
				Flyway.configure().dataSource(pool).schemas(schema).load().migrate();
			}
		}
		probe.finish();
	}

}
