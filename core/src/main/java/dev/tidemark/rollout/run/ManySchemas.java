package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.tidemark.command.Engine;
import dev.tidemark.command.SchemaName;
import dev.tidemark.command.SharedScripts;
import dev.tidemark.history.Histories;
import dev.tidemark.history.History;
import dev.tidemark.history.backfill.BackfillTables;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.session.Session;
import dev.tidemark.source.Sources;

/**
 * The schemas of many tenants, whose histories are read together. They are worked on one
 * after the other, on the same connections.
 *
 * @param engine what to work with; its own schemas count for nothing
 * @param files reads the files
 * @param last returns the files that were read last
 * @param names knows the schemas
 * @param settings how to go about it
 */
record ManySchemas(Engine engine, Supplier<Sources> files, Supplier<Sources> last, Supplier<List<String>> names,
		RolloutSettings settings) implements Schemas {

	@Override
	public List<Found> look(Session session, boolean freshly) throws SQLException {
		Sources sources = freshly ? this.files.get() : this.last.get();
		if (!Outlook.isNeeded(sources)) {
			return List.of();
		}
		List<String> schemas = schemas();
		Histories histories = this.engine.table().readAll(session.connection(), schemas);
		Map<String, List<RecordedBackfill>> recorded = recorded(session, schemas, histories);
		Engine shared = this.engine.sharing(new SharedScripts());
		List<Found> found = new ArrayList<>();
		for (String schema : schemas) {
			Engine tenant = shared.in(schema);
			histories.of(schema)
				.ifPresent((history) -> found.addAll(new Outlook(tenant, sources, this.settings)
					.look(tenant.table().in(schema), history, recorded.getOrDefault(schema, List.of()))));
		}
		return found;
	}

	@Override
	public List<Unlisted> unlisted(Session session) throws SQLException {
		List<String> schemas = schemas();
		Histories histories = this.engine.table().readAll(session.connection(), schemas);
		List<Unlisted> unlisted = new ArrayList<>();
		recorded(session, schemas, histories).forEach((schema, backfills) -> unlisted
			.addAll(Unlisted.of(this.engine.table().in(schema), backfills, this.last.get())));
		return unlisted;
	}

	private Map<String, List<RecordedBackfill>> recorded(Session session, List<String> schemas, Histories histories)
			throws SQLException {
		return new BackfillTables(this.engine.table()).read(session,
				schemas.stream()
					.filter((schema) -> histories.of(schema).filter(History::recordsBackfills).isPresent())
					.toList());
	}

	private List<String> schemas() {
		return this.names.get().stream().filter(SchemaName::isSchema).toList();
	}

	/** A version is known if it is done in any of them. */
	@Override
	public void requireKnown(Session session) throws SQLException {
		RequiredVersions required = new RequiredVersions(this.settings, this.last.get());
		if (required.versions().isEmpty()) {
			return;
		}
		Set<MigrationVersion> done = new HashSet<>();
		List<String> schemas = schemas();
		Histories histories = this.engine.table().readAll(session.connection(), schemas);
		schemas.forEach((schema) -> histories.of(schema).ifPresent((history) -> done.addAll(Outlook.done(history))));
		required.requireKnown(done);
	}

}
