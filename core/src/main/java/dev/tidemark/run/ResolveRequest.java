package dev.tidemark.run;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;

/**
 * What a person has decided about a migration that was interrupted or failed half-way.
 *
 * @param migration which migration
 * @param rank which of its runs, by the rank of its row, so that a decision is never
 * taken for another one
 * @param resolution what was decided
 * @param reason why, for those who read the history later
 * @param waitTimeout how long to wait for another instance that migrates, or {@code null}
 * for as long as a run waits
 * @since 0.1.0
 */
public record ResolveRequest(Identity migration, int rank, Resolution resolution, String reason,
		@Nullable Duration waitTimeout) {

	/**
	 * Create a request that waits for another instance as long as a run does.
	 * @param migration which migration
	 * @param rank which of its runs
	 * @param resolution what was decided
	 * @param reason why
	 * @return the request
	 */
	public static ResolveRequest of(Identity migration, int rank, Resolution resolution, String reason) {
		return new ResolveRequest(migration, rank, resolution, reason, null);
	}

	/**
	 * Return the same request with a time of its own to wait for another instance.
	 * @param timeout how long to wait
	 * @return the request
	 */
	public ResolveRequest within(Duration timeout) {
		return new ResolveRequest(this.migration, this.rank, this.resolution, this.reason, timeout);
	}

}
