package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import dev.tidemark.run.Resolution;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * Decision about a migration that was interrupted or failed half-way. It is carried out
 * and recorded once, before the run; after that it does nothing.
 *
 * @param database Name of the database to decide about, if there are several.
 * @param tenant Schema of the tenant to decide about, if there are many.
 * @param migration Version, or name of a repeatable, to decide about.
 * @param rank Rank of the run to decide about, as the message and the history name it.
 * @param as What was decided.
 * @param reason Why, for those who read the history later.
 * @since 0.1.0
 */
public record ResolveProperties(@Nullable String database, @Nullable String tenant, @Nullable String migration,
		@Nullable Integer rank, @Nullable Resolution as, String reason) {

	/** Takes what is set to nothing for not set. */
	public ResolveProperties {
		database = textOrNull(database);
		tenant = textOrNull(tenant);
		migration = textOrNull(migration);
		reason = orElse(textOrNull(reason), "set as tidemark.resolve");
	}

}
