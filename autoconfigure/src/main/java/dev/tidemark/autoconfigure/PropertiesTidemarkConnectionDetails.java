package dev.tidemark.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * {@link TidemarkConnectionDetails} of {@code tidemark.connection.url},
 * {@code tidemark.connection.user} and {@code tidemark.connection.password}.
 */
final class PropertiesTidemarkConnectionDetails implements TidemarkConnectionDetails {

	private final ConnectionProperties properties;

	PropertiesTidemarkConnectionDetails(ConnectionProperties properties) {
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
