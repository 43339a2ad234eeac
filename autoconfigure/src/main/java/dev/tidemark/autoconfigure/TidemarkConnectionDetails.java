package dev.tidemark.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Which database migrations connect to, where that differs from what the application
 * itself uses.
 *
 * @since 0.1.0
 */
public interface TidemarkConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the JDBC URL of the database.
	 * @return the URL, or {@code null} to use the application's
	 */
	@Nullable String getJdbcUrl();

	/**
	 * Returns the user.
	 * @return the user, or {@code null} to use the application's
	 */
	@Nullable String getUsername();

	/**
	 * Returns the password.
	 * @return the password, or {@code null} for none of its own
	 */
	@Nullable String getPassword();

}
