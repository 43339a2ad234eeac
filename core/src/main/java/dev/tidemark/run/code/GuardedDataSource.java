package dev.tidemark.run.code;

import java.sql.Connection;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SmartDataSource;

/**
 * Hands out a connection that is lent to code, and lets Spring close none: after it has
 * streamed a result, Spring would close the one that the driver's statement names.
 */
final class GuardedDataSource extends AbstractDataSource implements SmartDataSource {

	private final Connection connection;

	GuardedDataSource(Connection connection) {
		this.connection = connection;
	}

	@Override
	public Connection getConnection() {
		return this.connection;
	}

	@Override
	public Connection getConnection(String username, String password) {
		return this.connection;
	}

	@Override
	public boolean shouldClose(Connection connection) {
		return false;
	}

}
