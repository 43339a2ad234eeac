package dev.tidemark.session;

import java.sql.Connection;
import java.sql.SQLException;

import org.postgresql.core.BaseConnection;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * What a connection has to lead to: a PostgreSQL that is not too old, by its own driver.
 */
final class SupportedServer {

	/** The oldest major version of PostgreSQL that is supported. */
	static final int OLDEST = 14;

	private SupportedServer() {
	}

	/**
	 * Refuses a connection to anything else.
	 * @param source where the connection comes from
	 * @throws TidemarkException if it leads elsewhere
	 */
	static void require(Connection connection, ConnectionSource source) throws SQLException {
		String product = connection.getMetaData().getDatabaseProductName();
		if (!product.equals("PostgreSQL")) {
			throw new TidemarkException(
					Problem.error(ErrorCode.NOT_POSTGRESQL, null, "The database is " + product + ", not PostgreSQL.",
							"Tidemark migrates PostgreSQL only: point it at one, or set " + SettingNames.name("enabled")
									+ "=false."));
		}
		if (!connection.isWrapperFor(BaseConnection.class)) {
			throw new TidemarkException(Problem.error(ErrorCode.NOT_POSTGRESQL, null,
					"The connections of " + source + " are of type " + connection.getClass().getName()
							+ ", which does not lead to a connection of the PostgreSQL driver.",
					"Set " + SettingNames.name("connection.url") + " to a URL that begins with jdbc:postgresql:, or "
							+ SettingNames.name("connection.data-source") + " to a DataSource"
							+ " whose connections unwrap to org.postgresql.PGConnection."));
		}
		int major = connection.getMetaData().getDatabaseMajorVersion();
		if (major < OLDEST) {
			throw new TidemarkException(Problem.error(ErrorCode.SERVER_TOO_OLD, null,
					"The server is PostgreSQL " + major + "; the oldest supported version is " + OLDEST + ".",
					"Upgrade the server; versions before " + OLDEST + " get no fixes any more."));
		}
	}

}
