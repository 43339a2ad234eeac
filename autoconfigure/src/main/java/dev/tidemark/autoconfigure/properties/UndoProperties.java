package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * What the mode undo undoes. Exactly one of to, from and deployment is needed.
 *
 * @param database Name of the database to undo in, if there are several.
 * @param tenant Schema of the tenant to undo in, if there are many.
 * @param to Version that stays as the newest one; all above it is undone. 0 undoes all.
 * Quote it in YAML.
 * @param from Version that was applied last; it is undone. If another one was applied
 * last, nothing is undone. Quote it in YAML.
 * @param count How many migrations to undo, from "tidemark.undo.from" backwards in the
 * order in which they were applied; 1 if not set.
 * @param deployment Deployment id of the run whose migrations are undone, as the history
 * and the endpoint name it.
 * @param reason Why, for those who read the history later.
 * @param allowDataLoss Why data may be lost, for those who read the history later.
 * Without it an undo that would lose data is refused.
 * @since 0.1.0
 */
public record UndoProperties(@Nullable String database, @Nullable String tenant, @Nullable MigrationVersion to,
		@Nullable MigrationVersion from, @Nullable Integer count, @Nullable String deployment, String reason,
		@Nullable String allowDataLoss) {

	/** Takes what is set to nothing for not set. */
	public UndoProperties {
		database = textOrNull(database);
		tenant = textOrNull(tenant);
		deployment = textOrNull(deployment);
		reason = orElse(textOrNull(reason), "set as tidemark.undo");
		allowDataLoss = textOrNull(allowDataLoss);
	}

}
