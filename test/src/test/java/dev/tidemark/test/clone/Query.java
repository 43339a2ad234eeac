package dev.tidemark.test.clone;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

/**
 * Asks a database, as a test does it.
 */
final class Query {

	private Query() {
	}

	static String value(DatabaseClone database, String sql) {
		return value(database.dataSource(), sql);
	}

	static String value(DataSource dataSource, String sql) {
		try (Connection connection = dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			results.next();
			return String.valueOf(results.getString(1));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	static void execute(DatabaseClone database, String sql) {
		try (Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
