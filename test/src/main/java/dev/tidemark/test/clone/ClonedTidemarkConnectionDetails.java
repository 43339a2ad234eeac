package dev.tidemark.test.clone;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.TidemarkConnectionDetails;

/**
 * Connection details that lead to a clone, and are the given ones in all other respects.
 */
final class ClonedTidemarkConnectionDetails implements TidemarkConnectionDetails {

	private final TidemarkConnectionDetails details;

	private final UnaryOperator<String> urlOfClone;

	ClonedTidemarkConnectionDetails(TidemarkConnectionDetails details, UnaryOperator<String> urlOfClone) {
		this.details = details;
		this.urlOfClone = urlOfClone;
	}

	@Override
	public @Nullable String getJdbcUrl() {
		String url = this.details.getJdbcUrl();
		return (url != null) ? this.urlOfClone.apply(url) : null;
	}

	@Override
	public @Nullable String getUsername() {
		return this.details.getUsername();
	}

	@Override
	public @Nullable String getPassword() {
		return this.details.getPassword();
	}

}
