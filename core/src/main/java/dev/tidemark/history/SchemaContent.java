package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * What schemas hold beside the history: tables, views, sequences, functions and types.
 * What belongs to an extension, or to another object as the sequence of a serial column
 * does, does not count.
 *
 * @param schemas which schemas were looked at
 * @param kinds what they hold, by kind
 */
public record SchemaContent(List<String> schemas, List<Kind> kinds) {

	/** Nothing. */
	public static final SchemaContent EMPTY = new SchemaContent(List.of(), List.of());

	private static final int EXAMPLES = 5;

	/** Between examples: the character 31, which separates units. */
	private static final String SEPARATOR = Character.toString(31);

	/** Copies the lists. */
	public SchemaContent {
		schemas = List.copyOf(schemas);
		kinds = List.copyOf(kinds);
	}

	static SchemaContent read(Connection connection, @Nullable String schema, String historyTable,
			List<String> otherSchemas) throws SQLException {
		Set<String> schemas = new LinkedHashSet<>(otherSchemas);
		if (schema != null) {
			schemas.add(schema);
		}
		if (schemas.isEmpty()) {
			return EMPTY;
		}
		List<Kind> kinds = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(query(schemas, schema, historyTable))) {
			while (results.next()) {
				// Of an array the driver would ask the catalogue in its own way.
				String[] examples = results.getString(3).split(SEPARATOR);
				kinds.add(new Kind(results.getString(1), results.getLong(2), Arrays.asList(examples)));
			}
		}
		return new SchemaContent(List.copyOf(schemas), kinds);
	}

	private static String query(Set<String> schemas, @Nullable String schema, String historyTable) {
		String names = schemas.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		String history = (schema != null) ? "NOT (n.nspname = " + StringLiteral.quote(schema) + " AND o.name = "
				+ StringLiteral.quote(historyTable) + ")" : "true";
		return Operators.qualified(
				"""
						SELECT o.kind, pg_catalog.count(*),
						       pg_catalog.array_to_string((pg_catalog.array_agg(pg_catalog.format('%%I.%%I', n.nspname, o.name)
						         ORDER BY n.nspname, o.name))[1:%d], pg_catalog.chr(31))
						FROM (
						  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, oid, relnamespace AS schema,
						         relname::pg_catalog.text AS name,
						         CASE WHEN relkind = 'v' THEN 'view' WHEN relkind = 'm' THEN 'materialized view'
						              WHEN relkind = 'S' THEN 'sequence' ELSE 'table' END AS kind
						  FROM pg_catalog.pg_class
						  WHERE relkind = ANY ('{r,p,f,v,m,S}'::pg_catalog."char"[])
						  UNION ALL
						  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace, proname::pg_catalog.text,
						         'function'
						  FROM pg_catalog.pg_proc
						  UNION ALL
						  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typnamespace, t.typname::pg_catalog.text,
						         'type'
						  FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
						  WHERE t.typtype = ANY ('{d,e,r}'::pg_catalog."char"[]) OR c.relkind = 'c'
						) AS o
						JOIN pg_catalog.pg_namespace n ON n.oid = o.schema
						WHERE n.nspname = ANY (ARRAY[%s]::pg_catalog.name[]) AND %s AND NOT EXISTS (
						  SELECT 1 FROM pg_catalog.pg_depend d
						  WHERE d.classid = o.class AND d.objid = o.oid AND d.objsubid = 0 AND d.deptype = ANY ('{e,a,i}'::pg_catalog."char"[]))
						GROUP BY o.kind
						ORDER BY pg_catalog.count(*) DESC, o.kind"""
					.formatted(EXAMPLES, names, history));
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
