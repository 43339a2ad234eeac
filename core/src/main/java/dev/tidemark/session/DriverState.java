package dev.tidemark.session;

import java.sql.SQLException;

import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PgConnection;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;

/**
 * What the driver of a borrowed connection does of itself, for the short statements of an
 * application: it must not cut off a migration, nor put savepoints between its
 * statements.
 *
 * @param networkTimeout how long an answer may take, in milliseconds; 0 for no limit
 * @param queryTimeout how long a statement may take, in seconds; 0 for no limit
 * @param autosave when it sets savepoints
 */
record DriverState(int networkTimeout, int queryTimeout, AutoSave autosave) {

	private static final DriverState SUSPENDED = new DriverState(0, 0, AutoSave.NEVER);

	/**
	 * Lets the driver do nothing of itself any more.
	 * @return what it did before
	 */
	static DriverState suspend(BaseConnection driver) throws SQLException {
		DriverState before = new DriverState(driver.getNetworkTimeout(), queryTimeout(driver), driver.getAutosave());
		try {
			SUSPENDED.restore(driver);
		}
		catch (SQLException | RuntimeException ex) {
			boolean waits = driver.getNetworkTimeout() != 0;
			before.putBack(driver, ex);
			if (waits) {
				throw new TidemarkException(Problem
					.error(ErrorCode.SETTING, null, "The connections of the DataSource wait no longer than "
							+ before.networkTimeout
							+ " ms for an answer (socketTimeout), and their driver does not let go of that, so that it"
							+ " would cut off a migration that takes longer.",
							"Remove socketTimeout from the URL or the pool, or set "
									+ SettingNames.name("connection.url") + ", and migrations get connections"
									+ " of their own."),
						Thrown.of(ex).withoutSecrets());
			}
			throw ex;
		}
		return before;
	}

	/** What was changed before something could not be goes back as it came. */
	private void putBack(BaseConnection driver, Exception failure) throws SQLException {
		try {
			restore(driver);
		}
		catch (SQLException | RuntimeException ex) {
			// Whoever gets the connection next would not know what it does.
			driver.abort(Runnable::run);
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Lets the driver do again what it did. By its own connection: a pool that sees the
	 * change would take it back when it likes.
	 */
	void restore(BaseConnection driver) throws SQLException {
		if (driver.getNetworkTimeout() != this.networkTimeout) {
			driver.setNetworkTimeout(Runnable::run, this.networkTimeout);
		}
		if (driver.getAutosave() != this.autosave) {
			driver.setAutosave(this.autosave);
		}
		if (queryTimeout(driver) != this.queryTimeout) {
			driver.unwrap(PgConnection.class).setQueryTimeout(this.queryTimeout);
		}
	}

	private static int queryTimeout(BaseConnection driver) throws SQLException {
		return driver.isWrapperFor(PgConnection.class) ? driver.unwrap(PgConnection.class).getQueryTimeout() : 0;
	}

}
