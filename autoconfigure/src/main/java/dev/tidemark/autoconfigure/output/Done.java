package dev.tidemark.autoconfigure.output;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.PlannedStep;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.Verification;
import dev.tidemark.tenant.TenantOutcome;
import dev.tidemark.tenant.TenantsFailedException;
import dev.tidemark.tenant.TenantsResult;

/**
 * What a start did in one database, or found there.
 *
 * @since 0.1.0
 */
public sealed interface Done {

	/** Returns it as the report has it, in the words of the endpoint. */
	Map<String, Object> members();

	/**
	 * Return whether there are backfills that have not been finished, so that it is worth
	 * looking at them.
	 * @return {@code false} where there is none
	 */
	default boolean leavesBackfills() {
		return false;
	}

	/**
	 * Migrations ran, or none was pending.
	 *
	 * @param result what was done
	 * @since 0.1.0
	 */
	record Migrated(RunResult result) implements Done {

		@Override
		public Map<String, Object> members() {
			return JsonParts.with(of(this.result.scope().tidemark(), this.result.database()), "currentVersion",
					JsonParts.text(this.result.currentVersion()), "deploymentId", this.result.deploymentId(), "applied",
					results(this.result.applied()), "pending", pending(this.result.migrations()), "problems",
					JsonParts.problems(this.result.warnings()), "lockWaitMillis", this.result.lockWait().toMillis(),
					"durationMillis", this.result.duration().toMillis());
		}

		@Override
		public boolean leavesBackfills() {
			return this.result.leavesBackfills();
		}

	}

	/**
	 * Migrations of tenants ran, or they were verified.
	 *
	 * @param result what was done
	 * @param leavesBackfills whether there may be backfills that have not been finished
	 * @since 0.1.0
	 */
	record OfTenants(TenantsResult result, boolean leavesBackfills) implements Done {

		@Override
		public Map<String, Object> members() {
			return JsonParts.members("tidemark", this.result.tidemark(), "tenants", outcomes(this.result),
					"durationMillis", this.result.duration().toMillis());
		}

	}

	/**
	 * Migrations were undone, or there was nothing to undo.
	 *
	 * @param result what was done
	 * @since 0.1.0
	 */
	record Undone(UndoResult result) implements Done {

		@Override
		public Map<String, Object> members() {
			return JsonParts.with(of(this.result.scope().tidemark(), this.result.database()), "currentVersion",
					JsonParts.text(this.result.currentVersion()), "deploymentId", this.result.deploymentId(), "undone",
					results(this.result.undone()), "pending", pending(this.result.migrations()), "problems",
					JsonParts.problems(this.result.warnings()), "lockWaitMillis", this.result.lockWait().toMillis(),
					"durationMillis", this.result.duration().toMillis());
		}

	}

	/**
	 * The database was found to be what this build expects.
	 *
	 * @param name the name of the database
	 * @param database the database
	 * @param leavesBackfills whether there are backfills that have not been finished
	 * @since 0.1.0
	 */
	record Verified(String name, DatabaseIdentity database, boolean leavesBackfills) implements Done {

		/** Returns what a verification has found. */
		public static Verified found(String name, Verification verification) {
			return new Verified(name, verification.database(), verification.leavesBackfills());
		}

		@Override
		public Map<String, Object> members() {
			return JsonParts.with(of(this.name, this.database), "pending", List.of(), "problems", List.of());
		}

	}

	/**
	 * It was found out what would run.
	 *
	 * @param start what would run
	 * @since 0.1.0
	 */
	record Planned(PlannedStart start) implements Done {

		@Override
		public Map<String, Object> members() {
			return JsonParts.with(of(this.start.database(), this.start.preview().database()), "currentVersion",
					JsonParts.text(this.start.preview().currentVersion()), "pending",
					this.start.preview().steps().stream().map(Planned::step).toList(), "problems",
					JsonParts.problems(this.start.problems()));
		}

		private static Map<String, Object> step(PlannedStep step) {
			return JsonParts.with(JsonParts.identity(step.migration().identity()), "description",
					step.migration().description(), "script", step.migration().script());
		}

	}

	/**
	 * It was looked how far the database is.
	 *
	 * @param status what was seen
	 * @since 0.1.0
	 */
	record Seen(Status status) implements Done {

		@Override
		public Map<String, Object> members() {
			return JsonParts.with(afterwards(this.status), "problems", JsonParts.problems(this.status.problems()));
		}

	}

	/**
	 * Something stood in the way.
	 *
	 * @param name the name of the database
	 * @param failure why
	 * @param afterwards how far the database was seen to be after that, or {@code null}
	 * @since 0.1.0
	 */
	record Failed(String name, TidemarkException failure, @Nullable Status afterwards) implements Done {

		@Override
		public Map<String, Object> members() {
			Map<String, Object> members = (this.afterwards != null) ? Done.afterwards(this.afterwards)
					: JsonParts.members("tidemark", this.name);
			if (this.failure instanceof MigrationFailedException failed) {
				JsonParts.with(members, "deploymentId", failed.deploymentId(), "applied", results(failed.applied()));
			}
			if (this.failure instanceof TenantsFailedException failed) {
				JsonParts.with(members, "tenants", outcomes(failed.result()));
			}
			return JsonParts.with(members, "problems", JsonParts.problems(this.failure.problems()));
		}

	}

	private static Map<String, Object> of(String name, DatabaseIdentity database) {
		return StatusJson.database(JsonParts.members("tidemark", name), database);
	}

	private static Map<String, Object> afterwards(Status status) {
		Map<String, Object> members = JsonParts.members("tidemark", status.database(), "state",
				status.state().toString());
		return status.either((schema) -> JsonParts.with(StatusJson.database(members, schema.inspection().database()),
				"currentVersion", JsonParts.text(schema.inspection().currentVersion()), "pending",
				pending(schema.inspection().migrations())), (tenants) -> members);
	}

	private static List<Map<String, Object>> results(List<MigrationResult> results) {
		return results.stream()
			.map((result) -> JsonParts.with(JsonParts.identity(result.identity()), "description", result.description(),
					"script", result.script(), "statements", result.statements(), "durationMillis",
					result.duration().toMillis()))
			.toList();
	}

	private static List<Map<String, Object>> pending(Collection<MigrationInfo> migrations) {
		return migrations.stream()
			.filter((migration) -> migration.state() == MigrationState.PENDING)
			.map(StatusJson::unseen)
			.toList();
	}

	private static List<Map<String, Object>> outcomes(TenantsResult result) {
		return result.outcomes().stream().map(Done::outcome).toList();
	}

	private static Map<String, Object> outcome(TenantOutcome outcome) {
		List<Problem> problems = (outcome.failure() != null) ? outcome.failure().problems() : List.of();
		return JsonParts.members("schema", outcome.schema(), "state", outcome.state().toString(), "currentVersion",
				JsonParts.text(outcome.currentVersion()), "applied", outcome.applied(), "durationMillis",
				outcome.duration().toMillis(), "problems", JsonParts.problems(problems));
	}

}
