package dev.tidemark.test.clone;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of its own for a test: a copy of a {@link TemplateDatabase}, which a test
 * may change as it likes. Its name is unique on the server. It exists until it is closed;
 * if the process dies before, the next test run drops it.
 *
 * @since 0.1.0
 */
public final class DatabaseClone implements AutoCloseable {

	private final KeptClone kept;

	private final String url;

	private final @Nullable String user;

	private final @Nullable String password;

	DatabaseClone(KeptClone kept, String url, @Nullable String user, @Nullable String password) {
		this.kept = kept;
		this.url = url;
		this.user = user;
		this.password = password;
	}

	/**
	 * Returns the name of the database.
	 * @return the name
	 */
	public String name() {
		return this.kept.name();
	}

	/**
	 * Returns the JDBC URL: that of the template's server, leading to this database.
	 * @return the URL
	 */
	public String url() {
		return this.url;
	}

	/**
	 * Returns a data source without a pool, with the user that has migrated.
	 * @return the data source
	 */
	public DataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.url);
		if (this.user != null) {
			dataSource.setUser(this.user);
		}
		if (this.password != null) {
			dataSource.setPassword(this.password);
		}
		return dataSource;
	}

	/** Drops the database, whoever is still connected to it. */
	@Override
	public void close() {
		this.kept.close();
	}

	/** Returns the name of the database. */
	@Override
	public String toString() {
		return name();
	}

}
