package dev.tidemark.autoconfigure.testcontainers;

import org.testcontainers.containers.JdbcDatabaseContainer;

import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;

/**
 * Makes {@link TidemarkConnectionDetails} of a database container with
 * {@link ServiceConnection @ServiceConnection}.
 */
class TidemarkContainerConnectionDetailsFactory
		extends ContainerConnectionDetailsFactory<JdbcDatabaseContainer<?>, TidemarkConnectionDetails> {

	@Override
	protected TidemarkConnectionDetails getContainerConnectionDetails(
			ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
		return new TidemarkContainerConnectionDetails(source);
	}

	private static final class TidemarkContainerConnectionDetails
			extends ContainerConnectionDetails<JdbcDatabaseContainer<?>> implements TidemarkConnectionDetails {

		private TidemarkContainerConnectionDetails(ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
			super(source);
		}

		@Override
		public String getJdbcUrl() {
			return getContainer().getJdbcUrl();
		}

		@Override
		public String getUsername() {
			return getContainer().getUsername();
		}

		@Override
		public String getPassword() {
			return getContainer().getPassword();
		}

	}

}
