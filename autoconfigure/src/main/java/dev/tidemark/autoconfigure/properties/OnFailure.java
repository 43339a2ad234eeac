package dev.tidemark.autoconfigure.properties;

/**
 * What happens when migrations that run in the background have failed.
 *
 * @since 0.1.0
 */
public enum OnFailure {

	/** The application stays up and not ready, so that it can be asked what is wrong. */
	STAY_DOWN,

	/** The start fails, and with it the process. */
	EXIT,

	/** The migrations are tried again, with longer and longer pauses. */
	RETRY

}
