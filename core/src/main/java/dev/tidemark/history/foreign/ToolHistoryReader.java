package dev.tidemark.history.foreign;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.session.Look;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.StringLiteral;

/**
 * Looks for the histories of other tools. Flyway's and Liquibase's are known by their
 * columns, whatever their tables are called.
 *
 * @since 0.1.0
 */
public final class ToolHistoryReader {

	private static final Set<String> FLYWAY = Set.of("installed_rank", "version", "description", "type", "script",
			"checksum", "installed_by", "success");

	private static final Set<String> LIQUIBASE = Set.of("id", "author", "filename", "dateexecuted", "orderexecuted",
			"exectype", "md5sum");

	/** Only this one of those that share the table of Rails has such a column. */
	private static final String DIRTY = "dirty";

	/** Between names of columns: the character 31, which separates units. */
	private static final String SEPARATOR = Character.toString(31);

	private final Statement statement;

	public ToolHistoryReader(Statement statement) {
		this.statement = statement;
	}

	/**
	 * Looks for them.
	 * @param schemas the names of the schemas as SQL, with commas between
	 */
	public List<ToolHistory> read(String schemas) throws SQLException {
		List<Found> found = new ArrayList<>();
		try (ResultSet results = Look.query(this.statement, query(schemas))) {
			while (results.next()) {
				found.add(new Found(results.getString(1), results.getString(2), results.getString(3),
						Set.of(results.getString(4).split(SEPARATOR))));
			}
		}
		List<ToolHistory> histories = new ArrayList<>();
		for (Found table : found) {
			ToolHistory history = read(table);
			if (history != null) {
				histories.add(history);
			}
		}
		return histories;
	}

	/** What depends on a schema is found by an index, as for the content. */
	private static String query(String schemas) {
		String names = KnownTools.toldByName()
			.keySet()
			.stream()
			.sorted()
			.map(StringLiteral::quote)
			.collect(Collectors.joining(", "));
		return Operators.qualified("""
				SELECT n.nspname, c.relname, pg_catalog.format('%%I.%%I', n.nspname, c.relname),
				       pg_catalog.array_to_string(pg_catalog.array_agg(a.attname), pg_catalog.chr(31))
				FROM pg_catalog.pg_namespace n
				JOIN pg_catalog.pg_depend d ON d.refobjid = n.oid
				 AND d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
				 AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
				JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = ANY ('{r,p}'::pg_catalog."char"[])
				JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
				WHERE n.nspname = ANY (ARRAY[%1$s]::pg_catalog.name[])
				  AND (c.relname = ANY (ARRAY[%2$s]::pg_catalog.name[]) OR EXISTS (
				    SELECT 1 FROM pg_catalog.pg_attribute s WHERE s.attrelid = c.oid AND NOT s.attisdropped
				     AND s.attname = ANY (ARRAY['installed_rank', 'orderexecuted']::pg_catalog.name[])))
				GROUP BY n.nspname, c.relname
				ORDER BY n.nspname, c.relname""".formatted(schemas, names));
	}

	private @Nullable ToolHistory read(Found table) throws SQLException {
		if (table.columns().containsAll(FLYWAY)) {
			return readable(table, "Flyway", () -> flyway(table));
		}
		if (table.columns().containsAll(LIQUIBASE)) {
			return readable(table, "Liquibase", () -> liquibase(table));
		}
		String tool = KnownTools.toldByName().get(table.name());
		return (tool != null)
				? new ToolHistory.Named(table.columns().contains(DIRTY) ? "golang-migrate" : tool, table.told()) : null;
	}

	private ToolHistory readable(Found table, String tool, Reading reading) throws SQLException {
		try {
			return reading.read();
		}
		catch (SQLException ex) {
			if (this.statement.getConnection().isClosed()) {
				throw ex;
			}
			return new ToolHistory.Unreadable(tool, table.told(), ServerError.of(ex).message());
		}
	}

	private ToolHistory liquibase(Found table) throws SQLException {
		try (ResultSet results = Look.query(this.statement, "SELECT pg_catalog.count(*) FROM " + table.sql())) {
			results.next();
			return new ToolHistory.Changes("Liquibase", table.told(), results.getLong(1));
		}
	}

	/**
	 * What was undone, and what {@code repair} has struck out as its file was gone,
	 * Flyway counts as not applied. A row of a version that has none is the one of the
	 * schema.
	 */
	private ToolHistory flyway(Found table) throws SQLException {
		Set<MigrationVersion> applied = new TreeSet<>();
		Set<String> failed = new HashSet<>();
		MigrationVersion base = null;
		try (ResultSet results = Look.query(this.statement,
				"SELECT version, type, success, description FROM " + table.sql() + " ORDER BY installed_rank")) {
			while (results.next()) {
				String text = results.getString(1);
				String type = String.valueOf(results.getString(2)).toUpperCase(Locale.ROOT);
				if (!results.getBoolean(3)) {
					failed.add(PlainText.line((text != null) ? "version " + text : "'" + results.getString(4) + "'"));
				}
				else if (text != null) {
					MigrationVersion version = MigrationVersion.of(text);
					if (type.startsWith("UNDO") || type.equals("DELETE")) {
						applied.remove(version);
						continue;
					}
					applied.add(version);
					failed.remove("version " + text);
					if (type.endsWith("BASELINE") && (base == null || base.compareTo(version) < 0)) {
						base = version;
					}
				}
			}
		}
		catch (IllegalArgumentException ex) {
			return new ToolHistory.Unreadable("Flyway", table.told(), PlainText.line(String.valueOf(ex.getMessage())));
		}
		return new ToolHistory.Versions("Flyway", table.told(), new TreeSet<>(applied), base,
				failed.stream().sorted().toList());
	}

	@FunctionalInterface
	private interface Reading {

		ToolHistory read() throws SQLException;

	}

	/**
	 * A table that may be a history.
	 *
	 * @param schema its schema
	 * @param name its name
	 * @param told both, quoted where that is needed
	 * @param columns the names of its columns
	 */
	private record Found(String schema, String name, String told, Set<String> columns) {

		String sql() {
			return Identifiers.quote(this.schema) + "." + Identifiers.quote(this.name);
		}

	}

}
