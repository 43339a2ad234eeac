package dev.tidemark.session.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;

/**
 * Connections of a data source, which go back as they came.
 */
final class BorrowedConnections implements ConnectionSource {

	private final DataSource dataSource;

	private final @Nullable ConnectionSource beside;

	BorrowedConnections(DataSource dataSource, @Nullable ConnectionSource beside) {
		this.dataSource = dataSource;
		this.beside = beside;
	}

	@Override
	public Optional<String> database() {
		return Optional.empty();
	}

	@Override
	public Optional<String> address() {
		return (this.beside != null) ? this.beside.address() : Optional.empty();
	}

	@Override
	public boolean leadsWhere(ConnectionSource other) {
		return other instanceof BorrowedConnections borrowed && this.dataSource == borrowed.dataSource;
	}

	@Override
	public Optional<ConnectionSource> on(String database) {
		return Optional.empty();
	}

	@Override
	public Connection open(String applicationName, Duration timeout) throws SQLException {
		return this.dataSource.getConnection();
	}

	/** What a data source needs beyond URL, user and password is known to it only. */
	@Override
	public Connection openBeside(String applicationName, Duration timeout) throws SQLException {
		if (this.beside == null) {
			return open(applicationName, timeout);
		}
		try {
			return this.beside.open(applicationName, timeout);
		}
		catch (SQLException | TidemarkException ex) {
			return open(applicationName, timeout);
		}
	}

	@Override
	public boolean isBorrowed() {
		return true;
	}

	/** Returns the type of the data source. */
	@Override
	public String toString() {
		return "a " + this.dataSource.getClass().getSimpleName();
	}

}
