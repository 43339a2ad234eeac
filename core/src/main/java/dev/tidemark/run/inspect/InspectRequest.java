package dev.tidemark.run.inspect;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;

/**
 * What to look at, and how long the answer may take. What decides about states is read of
 * every run anyway; a request says of which runs all is read that the history says, so
 * that a long one costs little.
 *
 * @param page a page of each {@link Group}, or {@code null} for all of it
 * @param migration one migration with all its runs, or {@code null} for all of them
 * @param timeout how long the database may take to answer
 * @since 0.1.0
 */
public record InspectRequest(@Nullable Page page, @Nullable Identity migration, Duration timeout) {

	/** How long a database may take to answer by default. */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * Requires a page or a migration, but not both.
	 * @throws IllegalArgumentException if both are given
	 */
	public InspectRequest {
		if (page != null && migration != null) {
			throw new IllegalArgumentException("A look is about a page or about a migration");
		}
	}

	/**
	 * Create a request for all runs.
	 * @return the request
	 */
	public static InspectRequest everything() {
		return new InspectRequest(null, null, DEFAULT_TIMEOUT);
	}

	/**
	 * Create a request for the last runs of one page of each {@link Group}, besides those
	 * that have yet to come to their end.
	 * @param page the page
	 * @return the request
	 */
	public static InspectRequest of(Page page) {
		return new InspectRequest(page, null, DEFAULT_TIMEOUT);
	}

	/**
	 * Create a request for all runs of one migration, besides those that have yet to come
	 * to their end.
	 * @param migration the migration
	 * @return the request
	 */
	public static InspectRequest of(Identity migration) {
		return new InspectRequest(null, migration, DEFAULT_TIMEOUT);
	}

	/**
	 * Return the same request with another time to answer.
	 * @param time how long the database may take
	 * @return the request
	 */
	public InspectRequest within(Duration time) {
		return new InspectRequest(this.page, this.migration, time);
	}

}
