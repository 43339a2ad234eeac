package dev.tidemark.autoconfigure.properties;

import java.time.Duration;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * How the endpoint and the health check look at the database.
 *
 * @param timeout Time that the database may take to answer the endpoint and the health
 * check.
 * @since 0.1.0
 */
public record InspectionProperties(Duration timeout) {

	private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

	/** What is used if nothing is configured. */
	public static final InspectionProperties DEFAULT = new InspectionProperties(DEFAULT_TIMEOUT);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public InspectionProperties {
		timeout = orElse(timeout, DEFAULT_TIMEOUT);
	}

}
