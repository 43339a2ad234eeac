package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

import dev.tidemark.command.Engine;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.session.Session;
import dev.tidemark.source.Sources;

/**
 * The one schema of a database that is not one of many.
 *
 * @param engine what to work with
 * @param files reads the files
 * @param last returns the files that were read last
 * @param settings how to go about it
 */
record OneSchema(Engine engine, Supplier<Sources> files, Supplier<Sources> last,
		RolloutSettings settings) implements Schemas {

	@Override
	public List<Found> look(Session session, boolean freshly) throws SQLException {
		Sources sources = freshly ? this.files.get() : this.last.get();
		return Outlook.isNeeded(sources) ? new Outlook(this.engine, sources, this.settings).look(session) : List.of();
	}

	@Override
	public List<Unlisted> unlisted(Session session) throws SQLException {
		History history = this.engine.table().read(session.connection());
		String schema = history.database().schema();
		if (schema == null || !history.recordsBackfills()) {
			return List.of();
		}
		HistoryTable table = this.engine.table().in(schema);
		return Unlisted.of(table, BackfillTable.of(table).readAll(session), this.last.get());
	}

	@Override
	public void requireKnown(Session session) throws SQLException {
		RequiredVersions required = new RequiredVersions(this.settings, this.last.get());
		if (!required.versions().isEmpty()) {
			History history = this.engine.table().read(session.connection());
			required.requireKnown(Outlook.done(history));
		}
	}

}
