package dev.tidemark.history.foreign;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Look;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * What schemas hold beside the history: tables, views, sequences, functions and types.
 * What belongs to an extension, or to another object as the sequence of a serial column
 * does, does not count.
 *
 * @param schemas which schemas were looked at
 * @param kinds what they hold, by kind
 * @param tools the histories of other tools among that
 * @param histories the histories of other migrations of Tidemark among that
 * @since 0.1.0
 */
public record SchemaContent(List<String> schemas, List<Kind> kinds, List<ToolHistory> tools,
		List<OtherHistory> histories) {

	/** Nothing. */
	public static final SchemaContent EMPTY = new SchemaContent(List.of(), List.of());

	private static final int EXAMPLES = 5;

	/** Between examples: the character 31, which separates units. */
	private static final String SEPARATOR = Character.toString(31);

	/** Copies the lists. */
	public SchemaContent {
		schemas = List.copyOf(schemas);
		kinds = List.copyOf(kinds);
		tools = List.copyOf(tools);
		histories = List.copyOf(histories);
	}

	/**
	 * Makes a content without any history.
	 * @param schemas which schemas were looked at
	 * @param kinds what they hold, by kind
	 */
	public SchemaContent(List<String> schemas, List<Kind> kinds) {
		this(schemas, kinds, List.of(), List.of());
	}

	public static SchemaContent read(Connection connection, @Nullable String schema, String historyTable,
			Set<String> schemas) throws SQLException {
		if (schemas.isEmpty()) {
			return EMPTY;
		}
		String names = schemas.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		try (Statement statement = connection.createStatement()) {
			if (!holdAnything(statement, names)) {
				return EMPTY;
			}
			List<Kind> kinds = read(statement, query(names, schema, historyTable));
			return new SchemaContent(List.copyOf(schemas), kinds,
					kinds.isEmpty() ? List.of() : new ToolHistoryReader(statement).read(names), List.of());
		}
	}

	/** Most are new and hold nothing, and to look closer costs as much as a migration. */
	private static boolean holdAnything(Statement statement, String names) throws SQLException {
		try (ResultSet results = Look.query(statement, Operators.qualified("""
				SELECT 1 FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_depend d ON d.refobjid = n.oid
				 AND d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
				WHERE n.nspname = ANY (ARRAY[%s]::pg_catalog.name[]) LIMIT 1""".formatted(names)))) {
			return results.next();
		}
	}

	private static List<Kind> read(Statement statement, String query) throws SQLException {
		List<Kind> kinds = new ArrayList<>();
		try (ResultSet results = Look.query(statement, query)) {
			while (results.next()) {
				// Of an array the driver would ask the catalogue in its own way.
				String[] examples = results.getString(3).split(SEPARATOR);
				kinds.add(new Kind(results.getString(1), results.getLong(2), Arrays.asList(examples)));
			}
		}
		return kinds;
	}

	private static String query(String names, @Nullable String schema, String historyTable) {
		String history = (schema != null) ? "NOT (o.nspname = " + StringLiteral.quote(schema) + " AND o.name = "
				+ StringLiteral.quote(historyTable) + ")" : "true";
		// What depends on a schema is found by an index; in the catalogues themselves
		// every object of the database would be looked at.
		return Operators.qualified("""
				WITH members AS (
				  SELECT n.nspname, d.classid, d.objid
				  FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_depend d ON d.refobjid = n.oid
				   AND d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
				  WHERE n.nspname = ANY (ARRAY[%2$s]::pg_catalog.name[]) AND d.objsubid = 0)
				SELECT o.kind, pg_catalog.count(*),
				       pg_catalog.array_to_string((pg_catalog.array_agg(pg_catalog.format('%%I.%%I', o.nspname, o.name)
				         ORDER BY o.nspname, o.name))[1:%1$d], pg_catalog.chr(31))
				FROM (
				  SELECT m.nspname, m.classid, m.objid, c.relname::pg_catalog.text AS name,
				         CASE WHEN c.relkind = 'v' THEN 'view' WHEN c.relkind = 'm' THEN 'materialized view'
				              WHEN c.relkind = 'S' THEN 'sequence' ELSE 'table' END AS kind
				  FROM members m JOIN pg_catalog.pg_class c ON c.oid = m.objid
				  WHERE m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
				    AND c.relkind = ANY ('{r,p,f,v,m,S}'::pg_catalog."char"[])
				  UNION ALL
				  SELECT m.nspname, m.classid, m.objid, p.proname::pg_catalog.text, 'function'
				  FROM members m JOIN pg_catalog.pg_proc p ON p.oid = m.objid
				  WHERE m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
				  UNION ALL
				  SELECT m.nspname, m.classid, m.objid, t.typname::pg_catalog.text, 'type'
				  FROM members m JOIN pg_catalog.pg_type t ON t.oid = m.objid
				  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
				  WHERE m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
				    AND (t.typtype = ANY ('{d,e,r}'::pg_catalog."char"[]) OR c.relkind = 'c')
				) AS o
				WHERE %3$s AND NOT EXISTS (
				  SELECT 1 FROM pg_catalog.pg_depend d
				  WHERE d.classid = o.classid AND d.objid = o.objid AND d.objsubid = 0
				    AND d.deptype = ANY ('{e,a,i}'::pg_catalog."char"[]))
				GROUP BY o.kind
				ORDER BY pg_catalog.count(*) DESC, o.kind""".formatted(EXAMPLES, names, history));
	}

	/** Returns the same content, with those who keep a history in it. */
	public SchemaContent beside(List<OtherHistory> others) {
		return new SchemaContent(this.schemas, this.kinds, this.tools, others);
	}

	/**
	 * Tells whether there is nothing.
	 * @return whether no object counts
	 */
	public boolean isEmpty() {
		return this.kinds.isEmpty();
	}

	/**
	 * Returns the objects in words, such as {@code 2 tables (public.a, public.b)}.
	 */
	@Override
	public String toString() {
		return this.kinds.stream().map(Kind::toString).collect(Collectors.joining(", "));
	}

	/**
	 * The objects of one kind.
	 *
	 * @param name what they are, such as {@code table}
	 * @param count how many there are
	 * @param examples the names of the first ones, with their schemas
	 * @since 0.1.0
	 */
	public record Kind(String name, long count, List<String> examples) {

		/** Copies the list. */
		public Kind {
			examples = List.copyOf(examples);
		}

		/** Returns count and names in words. */
		@Override
		public String toString() {
			return this.count + " " + this.name + ((this.count != 1) ? "s" : "") + " ("
					+ String.join(", ", this.examples) + ((this.count > this.examples.size()) ? ", …)" : ")");
		}

	}

}
