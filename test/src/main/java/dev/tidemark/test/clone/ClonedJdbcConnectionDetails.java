package dev.tidemark.test.clone;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * Connection details that lead to a clone, and are the given ones in all other respects.
 */
final class ClonedJdbcConnectionDetails implements JdbcConnectionDetails {

	private final JdbcConnectionDetails details;

	private final UnaryOperator<String> urlOfClone;

	ClonedJdbcConnectionDetails(JdbcConnectionDetails details, UnaryOperator<String> urlOfClone) {
		this.details = details;
		this.urlOfClone = urlOfClone;
	}

	@Override
	public String getJdbcUrl() {
		return this.urlOfClone.apply(this.details.getJdbcUrl());
	}

	@Override
	public @Nullable String getUsername() {
		return this.details.getUsername();
	}

	@Override
	public @Nullable String getPassword() {
		return this.details.getPassword();
	}

	@Override
	public String getDriverClassName() {
		return this.details.getDriverClassName();
	}

	@Override
	public @Nullable String getXaDataSourceClassName() {
		return this.details.getXaDataSourceClassName();
	}

}
