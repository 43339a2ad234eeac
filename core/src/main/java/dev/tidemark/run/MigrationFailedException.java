package dev.tidemark.run;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;

/**
 * Says that a migration failed. Its problem names the file, the statement and what the
 * server said.
 *
 * @since 0.1.0
 */
public class MigrationFailedException extends TidemarkException {

	private static final long serialVersionUID = 1L;

	private final transient Identity migration;

	private final @Nullable MigrationState state;

	private final String deploymentId;

	private final transient List<MigrationResult> applied;

	public MigrationFailedException(Problem problem, @Nullable Throwable cause, Identity migration,
			@Nullable MigrationState state, String deploymentId, List<MigrationResult> applied) {
		super(problem, cause);
		this.state = state;
		this.deploymentId = deploymentId;
		this.migration = migration;
		this.applied = List.copyOf(applied);
	}

	/**
	 * Returns the migration that failed.
	 * @return the version or name
	 */
	public Identity migration() {
		return this.migration;
	}

	/**
	 * Returns as what the migration counts since it failed.
	 * @return the state as the history has it now, or {@code null} if the failure has
	 * changed nothing of it, or that is not known
	 */
	public @Nullable MigrationState state() {
		return this.state;
	}

	/**
	 * Returns what the history rows of the run share.
	 * @return the id of the deployment
	 */
	public String deploymentId() {
		return this.deploymentId;
	}

	/**
	 * Returns the migrations of the same run that ran before, and stay.
	 * @return the results, possibly none
	 */
	public List<MigrationResult> applied() {
		return this.applied;
	}

}
