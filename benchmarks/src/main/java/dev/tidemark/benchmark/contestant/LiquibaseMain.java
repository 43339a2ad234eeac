package dev.tidemark.benchmark.contestant;

import java.sql.Connection;
import java.sql.DriverManager;

import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;

/**
 * Liquibase as its Spring integration calls it: what it would print goes to its log.
 */
final class LiquibaseMain {

	private static final String CHANGE_LOG = "db/changelog/db.changelog-master.yaml";

	private LiquibaseMain() {
	}

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		System.setProperty("liquibase.uiService", "LOGGER");
		try (Connection connection = DriverManager.getConnection(System.getProperty("benchmark.url"),
				System.getProperty("benchmark.user"), System.getProperty("benchmark.password"))) {
			Database database = DatabaseFactory.getInstance()
				.findCorrectDatabaseImplementation(new JdbcConnection(connection));
			try (Liquibase liquibase = new Liquibase(CHANGE_LOG, new ClassLoaderResourceAccessor(), database)) {
				liquibase.update(new Contexts(), new LabelExpression());
			}
		}
		probe.finish();
	}

}
