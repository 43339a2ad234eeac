package dev.tidemark.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.tidemark.testkit.TestDatabase;

/**
 * Context runners that several tests begin with.
 */
public final class Runners {

	private Runners() {
	}

	/** A context with Tidemark, and without any database. */
	public static ApplicationContextRunner withoutDatabase() {
		return new ApplicationContextRunner().withConfiguration(
				AutoConfigurations.of(TidemarkAutoConfiguration.class, TidemarkDatabasesAutoConfiguration.class,
						TidemarkTenantsAutoConfiguration.class, UnusedMigrationsAutoConfiguration.class));
	}

	/** A context with Tidemark and Boot's {@code DataSource} of the database. */
	public static ApplicationContextRunner with(TestDatabase database) {
		return withoutDatabase().withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues(dataSource(database));
	}

	public static String[] dataSource(TestDatabase database) {
		return new String[] { "spring.datasource.url=" + database.jdbcUrl(),
				"spring.datasource.username=" + database.user(), "spring.datasource.password=" + database.password(),
				"spring.datasource.hikari.maximum-pool-size=2", "spring.datasource.hikari.minimum-idle=0" };
	}

}
