package dev.tidemark.catalogue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.plan.rollout.FoundTable;
import dev.tidemark.plan.rollout.TableLook;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.StringLiteral;

/**
 * Looks for tables in the catalogue, and remembers what was asked.
 *
 * @since 0.1.0
 */
public final class LiveTables implements TableLook {

	private static final String DOING = "looking for tables of backfills and contracts";

	private final Session session;

	private final @Nullable String schema;

	private final Set<String> own;

	private final Map<Set<QualifiedName>, Map<QualifiedName, FoundTable>> known = new LinkedHashMap<>();

	private LiveTables(Session session, @Nullable String schema, Collection<String> schemas) {
		this.session = session;
		this.schema = schema;
		this.own = new HashSet<>(schemas);
		if (schema != null) {
			this.own.add(schema);
		}
	}

	/**
	 * Creates a look. Where none is created, not even its type is loaded.
	 * @param session an idle session in auto-commit mode
	 * @param schema the default schema of migrations, or {@code null}
	 * @param schemas further schemas that they fill
	 * @return the look
	 */
	public static TableLook of(Session session, @Nullable String schema, Collection<String> schemas) {
		return new LiveTables(session, schema, schemas);
	}

	@Override
	public Map<QualifiedName, FoundTable> find(Set<QualifiedName> names) {
		return this.known.computeIfAbsent(Set.copyOf(names), this::look);
	}

	private Map<QualifiedName, FoundTable> look(Set<QualifiedName> names) {
		List<QualifiedName> wanted = List.copyOf(names);
		Map<QualifiedName, FoundTable> found = new LinkedHashMap<>();
		try (Statement statement = this.session.connection().createStatement();
				ResultSet results = statement.executeQuery(query(wanted))) {
			while (results.next()) {
				QualifiedName name = wanted.get(results.getInt(1));
				String in = results.getString(2);
				FoundTable before = found.get(name);
				List<QualifiedName> ancestors = new ArrayList<>((before != null) ? before.ancestors() : List.of());
				if (results.getString(4) != null) {
					ancestors.add(new QualifiedName(results.getString(3), results.getString(4)));
				}
				found.put(name, new FoundTable(in, this.own.contains(in), ancestors));
			}
			return found;
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking(this.session, DOING, ex);
		}
	}

	/** A name without a schema is in that of migrations, or else where the path leads. */
	private String query(List<QualifiedName> names) {
		StringJoiner rows = new StringJoiner(", ");
		for (int i = 0; i < names.size(); i++) {
			String in = names.get(i).schema();
			rows.add("(" + i + ", " + ((in != null) ? StringLiteral.quote(in) : "NULL") + "::pg_catalog.name, "
					+ StringLiteral.quote(names.get(i).name()) + "::pg_catalog.name)");
		}
		return Operators.qualified("""
				SELECT w.i, t.nspname, an.nspname, a.relname FROM (VALUES %s) AS w (i, nsp, rel)
				CROSS JOIN LATERAL (SELECT u.oid, u.nspname FROM (
				  SELECT c.oid, n.nspname, pg_catalog.pg_table_is_visible(c.oid) AS visible
				  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				  WHERE c.relname = w.rel AND c.relkind = ANY ('{r,p,f,v,m,S}'::pg_catalog."char"[])
				  UNION ALL SELECT NULL::pg_catalog.oid, n.nspname, pg_catalog.pg_type_is_visible(y.oid)
				  FROM pg_catalog.pg_type y JOIN pg_catalog.pg_namespace n ON n.oid = y.typnamespace
				  WHERE y.typname = w.rel AND y.typtype = ANY ('{d,e,r}'::pg_catalog."char"[])) AS u
				  WHERE u.nspname = w.nsp OR (w.nsp IS NULL AND (u.nspname = %s OR (u.visible
				    AND NOT pg_catalog.starts_with(u.nspname::pg_catalog.text, 'pg_'))))
				  ORDER BY (u.nspname = %s) DESC LIMIT 1) AS t
				LEFT JOIN LATERAL pg_catalog.pg_partition_ancestors(t.oid) AS p (relid)
				  ON p.relid::pg_catalog.oid <> t.oid
				LEFT JOIN pg_catalog.pg_class a ON a.oid = p.relid::pg_catalog.oid
				LEFT JOIN pg_catalog.pg_namespace an ON an.oid = a.relnamespace""".formatted(rows, schema(), schema()));
	}

	private String schema() {
		return StringLiteral.quote((this.schema != null) ? this.schema : "") + "::pg_catalog.name";
	}

	@Override
	public Set<String> findFilled(Set<String> schemas) {
		Set<String> others = new HashSet<>(schemas);
		others.removeAll(this.own);
		if (others.isEmpty()) {
			return Set.of();
		}
		String names = others.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		Set<String> filled = new HashSet<>();
		try (Statement statement = this.session.connection().createStatement();
				ResultSet results = statement.executeQuery(Operators
					.qualified("SELECT DISTINCT n.nspname FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_depend d"
							+ " ON d.refobjid = n.oid AND d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass"
							+ " WHERE n.nspname = ANY (ARRAY[" + names + "]::pg_catalog.name[])"))) {
			while (results.next()) {
				filled.add(results.getString(1));
			}
			return filled;
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking(this.session, DOING, ex);
		}
	}

}
