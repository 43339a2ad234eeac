package dev.tidemark.autoconfigure.properties;

import java.time.Duration;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * How the mode "background" goes about failures and shutdowns.
 *
 * @param onFailure What happens when the migrations have failed.
 * @param retryDelay Time until they are tried again; it doubles with each attempt, up to
 * ten minutes unless it is longer itself.
 * @param shutdownTimeout Time that a migration has to come to its end when the
 * application shuts down; then it is cancelled.
 * @since 0.1.0
 */
public record BackgroundProperties(OnFailure onFailure, Duration retryDelay, Duration shutdownTimeout) {

	private static final Duration DEFAULT_RETRY_DELAY = Duration.ofSeconds(10);

	private static final Duration DEFAULT_SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);

	/** What is used if nothing is configured. */
	static final BackgroundProperties DEFAULT = new BackgroundProperties(OnFailure.STAY_DOWN, DEFAULT_RETRY_DELAY,
			DEFAULT_SHUTDOWN_TIMEOUT);

	/** Takes the default for what is not set. */
	public BackgroundProperties {
		onFailure = orElse(onFailure, OnFailure.STAY_DOWN);
		retryDelay = orElse(retryDelay, DEFAULT_RETRY_DELAY);
		shutdownTimeout = orElse(shutdownTimeout, DEFAULT_SHUTDOWN_TIMEOUT);
	}

}
