package dev.tidemark.autoconfigure.docker;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;

/**
 * Makes {@link TidemarkConnectionDetails} of the {@link JdbcConnectionDetails} of a
 * service, such as one of a Docker Compose file.
 */
class JdbcAdaptingTidemarkConnectionDetailsFactory
		implements ConnectionDetailsFactory<JdbcConnectionDetails, TidemarkConnectionDetails> {

	@Override
	public TidemarkConnectionDetails getConnectionDetails(JdbcConnectionDetails source) {
		return new TidemarkConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				return source.getJdbcUrl();
			}

			@Override
			public @Nullable String getUsername() {
				return source.getUsername();
			}

			@Override
			public @Nullable String getPassword() {
				return source.getPassword();
			}

		};
	}

}
