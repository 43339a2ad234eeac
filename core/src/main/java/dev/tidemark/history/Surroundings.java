package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.foreign.KnownTools;
import dev.tidemark.history.foreign.OtherHistory;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.session.Look;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * The histories that lie where one looks for ours. A sibling, which the same application
 * has beside us, accounts for what is in its schemas if it began with empty ones: its
 * migrations have made that. Where it was told to begin beside what was there, or where
 * somebody unknown keeps a history too, nobody knows what is whose.
 */
final class Surroundings {

	private final Connection connection;

	private final List<Sibling> siblings;

	private final List<Place> places;

	private Surroundings(Connection connection, List<Sibling> siblings, List<Place> places) {
		this.connection = connection;
		this.siblings = siblings;
		this.places = places;
	}

	/**
	 * Looks around.
	 * @param connection an idle connection in auto-commit mode
	 * @param schemas where to look
	 * @param own the table that is not looked for
	 * @param siblings the tables of siblings
	 */
	static Surroundings read(Connection connection, Collection<String> schemas, HistoryName own, List<Sibling> siblings)
			throws SQLException {
		List<Place> places = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = Look.query(statement, query(schemas))) {
			while (results.next()) {
				Place place = new Place(results.getString(1), results.getString(2), results.getBoolean(3));
				if (!place.isOf(own)) {
					places.add(place);
				}
			}
		}
		return new Surroundings(connection, siblings, places);
	}

	private static String query(Collection<String> schemas) {
		String names = schemas.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		return Operators.qualified("""
				SELECT t.nspname, t.relname, t.ours FROM (
				  SELECT n.nspname, c.relname, coalesce(pg_catalog.starts_with(
				    pg_catalog.obj_description(c.oid, 'pg_class'), %s), false) AS ours
				  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				  WHERE n.nspname = ANY (ARRAY[%s]::pg_catalog.name[])
				    AND c.relkind = ANY ('{r,p}'::pg_catalog."char"[])) AS t
				WHERE t.ours OR (pg_catalog.lower(t.relname::pg_catalog.text)
				  = ANY ('{%s}'::pg_catalog.text[]))
				ORDER BY t.nspname, t.relname""".formatted(StringLiteral.quote(HistoryLayout.COMMENT), names,
				String.join(",", KnownTools.toldByColumns())));
	}

	/**
	 * Returns those of some schemas whose content nobody accounts for.
	 * @param schemas the schemas
	 */
	Set<String> unaccounted(Collection<String> schemas) throws SQLException {
		Set<String> accounted = new HashSet<>();
		for (Sibling sibling : this.siblings) {
			String named = sibling.name().schema();
			for (String schema : (named != null) ? List.of(named) : schemas) {
				if (hasBegunEmpty(sibling.name().in(schema))) {
					accounted.add(schema);
					accounted.addAll(sibling.schemas());
				}
			}
		}
		this.places.stream().filter((place) -> !isKnown(place)).forEach((place) -> accounted.remove(place.schema()));
		Set<String> unaccounted = new LinkedHashSet<>(schemas);
		unaccounted.removeAll(accounted);
		return unaccounted;
	}

	private boolean isKnown(Place place) {
		return this.siblings.stream().map(Sibling::name).anyMatch(place::isOf);
	}

	/** One that may not be read may have begun beside anything. */
	private boolean hasBegunEmpty(HistoryName sibling) throws SQLException {
		try {
			History history = new HistoryReads(sibling).readAlone(this.connection, new ArrayList<>());
			return !history.isUntouched()
					&& history.last().stream().noneMatch((entry) -> entry.state() == MigrationState.BASELINE);
		}
		catch (TidemarkException ex) {
			return false;
		}
	}

	/** Returns whose histories of Tidemark lie in a schema. */
	List<OtherHistory> histories(Set<String> schemas) throws SQLException {
		List<OtherHistory> histories = new ArrayList<>();
		for (Place place : this.places) {
			if (place.ours() && schemas.contains(place.schema())) {
				histories.add(describe(place));
			}
		}
		return histories;
	}

	private OtherHistory describe(Place place) throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		try {
			History history = new HistoryReads(new HistoryName(place.schema(), place.table()))
				.readAlone(this.connection, rows);
			@Nullable MigrationVersion version = history.currentVersion().orElse(null);
			@Nullable String application = rows.isEmpty() ? null : rows.get(rows.size() - 1).author().application();
			return new OtherHistory(place.schema(), place.table(), true, application, version);
		}
		catch (TidemarkException ex) {
			return new OtherHistory(place.schema(), place.table(), false, null, null);
		}
	}

	/**
	 * Where a history lies.
	 *
	 * @param ours whether Tidemark has made it, rather than another tool
	 */
	private record Place(String schema, String table, boolean ours) {

		boolean isOf(HistoryName history) {
			return this.table.equals(history.name())
					&& (history.schema() == null || this.schema.equals(history.schema()));
		}

	}

}
