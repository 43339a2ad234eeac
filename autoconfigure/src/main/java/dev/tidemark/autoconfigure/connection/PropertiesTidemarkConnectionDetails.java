package dev.tidemark.autoconfigure.connection;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.autoconfigure.properties.ConnectionProperties;

/**
 * {@link TidemarkConnectionDetails} of {@code tidemark.connection.url},
 * {@code tidemark.connection.user} and {@code tidemark.connection.password}.
 *
 * @since 0.1.0
 */
public final class PropertiesTidemarkConnectionDetails implements TidemarkConnectionDetails {

	private final ConnectionProperties properties;

	public PropertiesTidemarkConnectionDetails(ConnectionProperties properties) {
		this.properties = properties;
	}

	@Override
	public @Nullable String getJdbcUrl() {
		return this.properties.url();
	}

	@Override
	public @Nullable String getUsername() {
		return this.properties.user();
	}

	@Override
	public @Nullable String getPassword() {
		return this.properties.password();
	}

}
