package dev.tidemark.autoconfigure.output;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.output.Status.Seen;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.tenant.TenantsInspection;

/**
 * Writes as JSON how far a database is, in the words of the endpoint.
 */
final class StatusJson {

	private StatusJson() {
	}

	static Map<String, Object> of(Status status) {
		Map<String, Object> members = JsonParts.members("tidemark", status.database(), "state",
				status.state().toString());
		return status.either((schema) -> ofSchema(members, schema), (tenants) -> ofTenants(members, tenants));
	}

	private static Map<String, Object> ofSchema(Map<String, Object> members, Status.OfSchema schema) {
		Inspection inspection = schema.inspection();
		return JsonParts.with(database(members, inspection.database()), "historyTable", inspection.historyTable(),
				"currentVersion", JsonParts.text(inspection.currentVersion()), "lockHolder",
				JsonParts.text(inspection.lockHolder()), "current",
				(inspection.current() != null) ? current(inspection.current()) : null, "migrations",
				schema.migrations().stream().map(StatusJson::migration).toList(), "problems",
				JsonParts.problems(inspection.problems()));
	}

	private static Map<String, Object> current(Current current) {
		Identity migration = current.migration();
		MigrationVersion version = (migration != null) ? migration.version() : null;
		return JsonParts.members("state", current.state().toString(), "here", current.here(), "pid", current.pid(),
				"version", JsonParts.text(version), "name", (version == null) ? JsonParts.text(migration) : null,
				"undo", current.undo() ? true : null, "script", current.script(), "statement", current.statement(),
				"statements", current.statements(), "line", current.line(), "excerpt", current.excerpt(), "since",
				JsonParts.text(current.since()), "sinceMillis", JsonParts.millis(current.elapsed()), "attempt",
				current.attempt(), "lock", (current.lock() != null) ? lock(current.lock()) : null, "nextOn",
				JsonParts.text(current.nextAttempt()), "blockers",
				current.inTheWay().isEmpty() ? null : current.inTheWay().stream().map(Blocker::toString).toList());
	}

	private static Map<String, Object> lock(AwaitedLock lock) {
		return JsonParts.members("kind", lock.kind(), "mode", lock.mode(), "relation", lock.relation());
	}

	private static Map<String, Object> ofTenants(Map<String, Object> members, Status.OfTenants tenants) {
		TenantsInspection inspection = tenants.inspection();
		return JsonParts.with(members, "tenants", inspection.tenants().stream().map(StatusJson::tenant).toList(),
				"problems", JsonParts.problems(inspection.problems()));
	}

	/** Adds which database it is, if it has answered. */
	static Map<String, Object> database(Map<String, Object> members, @Nullable DatabaseIdentity database) {
		return (database != null) ? JsonParts.with(members, "database", database.name(), "schema", database.schema(),
				"user", database.user()) : members;
	}

	private static Map<String, Object> tenant(TenantsInspection.Tenant tenant) {
		return JsonParts.members("schema", tenant.schema(), "state", tenant.state().toString(), "currentVersion",
				JsonParts.text(tenant.currentVersion()), "pending", tenant.pending(), "problems",
				JsonParts.problems(tenant.problems()));
	}

	/** Describes a migration without what only a run can tell. */
	static Map<String, Object> unseen(MigrationInfo migration) {
		return JsonParts.with(JsonParts.identity(migration.identity()), "description", migration.description(),
				"script", migration.script(), "checksum", migration.checksum(), "state", migration.state().toString(),
				"reason", migration.reason());
	}

	private static Map<String, Object> migration(Seen seen) {
		Map<String, Object> members = unseen(seen.migration());
		MigrationRun run = seen.lastRun();
		if (run == null) {
			return members;
		}
		if (seen.migration().state() == MigrationState.SKIPPED && seen.migration().reason() == null) {
			JsonParts.with(members, "reason", run.note());
		}
		HistoryRow.Author author = run.author();
		return JsonParts.with(members, "rank", run.rank(), "startedOn", run.started().toString(), "installedOn",
				JsonParts.text(installedOn(run)), "durationMillis", JsonParts.millis(run.duration()), "installedBy",
				author.installedBy(), "application", author.application(), "applicationVersion",
				author.applicationVersion(), "instance", author.instance(), "deploymentId", author.deploymentId(),
				"tag", author.tag(), "failure", (run.failure() != null) ? failure(run.failure()) : null);
	}

	private static Map<String, Object> failure(HistoryRow.Failure failure) {
		return JsonParts.members("code", failure.code(), "message", failure.message(), "sqlState", failure.sqlState(),
				"line", failure.line(), "statement", failure.statement());
	}

	/** Returns when a run ended well. */
	static @Nullable Instant installedOn(MigrationRun run) {
		return run.migration().state().isDone() ? run.finished() : null;
	}

}
