package dev.tidemark.catalogue;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.tidemark.history.HistoryTable;
import dev.tidemark.sql.QualifiedName;

/**
 * Empties the schemas of a database that may be thrown away, so that the next run makes
 * them from nothing. The schemas themselves stay, with their owners and rights; and so do
 * extensions that were there before the history was.
 *
 * @since 0.1.0
 */
public final class SchemaDrops {

	/**
	 * Everything that lies in a schema depends on it in the server's catalogue. What
	 * belongs to something else goes with that, but a partitioned table to its own key;
	 * tables come before what they use.
	 */
	private static final String CONTENT = """
			SELECT i.type, i.identity
			FROM pg_catalog.pg_depend d
			JOIN pg_catalog.pg_namespace n ON n.oid = d.refobjid AND n.nspname = ANY (?)
			LEFT JOIN pg_catalog.pg_class c ON c.oid = d.objid
			  AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
			CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i
			WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.deptype = 'n'
			  AND d.classid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass,
			    'pg_catalog.pg_type'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass,
			    'pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass,
			    'pg_catalog.pg_collation'::pg_catalog.regclass, 'pg_catalog.pg_conversion'::pg_catalog.regclass,
			    'pg_catalog.pg_ts_config'::pg_catalog.regclass, 'pg_catalog.pg_ts_dict'::pg_catalog.regclass,
			    'pg_catalog.pg_ts_parser'::pg_catalog.regclass, 'pg_catalog.pg_ts_template'::pg_catalog.regclass,
			    'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, 'pg_catalog.pg_extension'::pg_catalog.regclass)
			  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend o
			    WHERE o.classid = d.classid AND o.objid = d.objid AND o.deptype IN ('e', 'i')
			      AND (o.refclassid <> o.classid OR o.refobjid <> o.objid))
			  AND (d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
			    OR d.objid::pg_catalog.int8 > ?::pg_catalog.int8)
			ORDER BY c.relkind IN ('r', 'p', 'f', 'v', 'm') DESC NULLS LAST, d.objid""";

	/**
	 * What goes with the content because it depends on it, and lies elsewhere, or in no
	 * schema. A part of something, such as the rule of a view, takes the whole with it.
	 */
	private static final String BEYOND = """
			WITH RECURSIVE gone (classid, objid, objsubid) AS (
			  SELECT d.classid, d.objid, d.objsubid
			  FROM pg_catalog.pg_depend d
			  JOIN pg_catalog.pg_namespace n ON n.oid = d.refobjid AND n.nspname = ANY (?)
			  WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.deptype = 'n'
			    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend o
			      WHERE o.classid = d.classid AND o.objid = d.objid AND o.deptype = 'e')
			    AND (d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
			      OR d.objid::pg_catalog.int8 > ?::pg_catalog.int8)
			  UNION
			  SELECT x.* FROM gone g CROSS JOIN LATERAL (
			    SELECT d.classid, d.objid, d.objsubid FROM pg_catalog.pg_depend d
			    WHERE d.refclassid = g.classid AND d.refobjid = g.objid
			      AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
			    UNION ALL
			    SELECT d.refclassid, d.refobjid, d.refobjsubid FROM pg_catalog.pg_depend d
			    WHERE d.classid = g.classid AND d.objid = g.objid AND d.objsubid = g.objsubid AND d.deptype = 'i') x),
			placed AS (
			  SELECT g.*, c.relnamespace AS namespace FROM gone g JOIN pg_catalog.pg_class c ON c.oid = g.objid
			  WHERE g.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
			  UNION ALL
			  SELECT g.*, p.pronamespace FROM gone g JOIN pg_catalog.pg_proc p ON p.oid = g.objid
			  WHERE g.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
			  UNION ALL
			  SELECT g.*, t.typnamespace FROM gone g JOIN pg_catalog.pg_type t ON t.oid = g.objid
			  WHERE g.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
			    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend o
			      WHERE o.classid = g.classid AND o.objid = g.objid AND o.deptype = 'i')
			  UNION ALL
			  SELECT g.*, k.connamespace FROM gone g JOIN pg_catalog.pg_constraint k ON k.oid = g.objid
			  WHERE g.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
			  UNION ALL
			  SELECT g.*, c.relnamespace FROM gone g JOIN pg_catalog.pg_attrdef a ON a.oid = g.objid
			  JOIN pg_catalog.pg_class c ON c.oid = a.adrelid
			  WHERE g.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
			  UNION ALL
			  SELECT g.*, c.relnamespace FROM gone g JOIN pg_catalog.pg_trigger t ON t.oid = g.objid
			  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
			  WHERE g.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND NOT t.tgisinternal
			  UNION ALL
			  SELECT g.*, c.relnamespace FROM gone g JOIN pg_catalog.pg_policy p ON p.oid = g.objid
			  JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
			  WHERE g.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass)
			SELECT DISTINCT i.type, i.identity COLLATE "C"
			FROM (
			  SELECT p.classid, p.objid, p.objsubid FROM placed p
			  JOIN pg_catalog.pg_namespace n ON n.oid = p.namespace AND n.nspname <> ALL (?)
			    AND n.nspname !~ '^pg_(toast|temp)'
			  UNION ALL
			  SELECT g.* FROM gone g WHERE g.classid IN ('pg_catalog.pg_event_trigger'::pg_catalog.regclass,
			    'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass,
			    'pg_catalog.pg_foreign_server'::pg_catalog.regclass)) p
			CROSS JOIN LATERAL pg_catalog.pg_identify_object(p.classid, p.objid, p.objsubid) i
			WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend o
			  WHERE o.classid = p.classid AND o.objid = p.objid AND o.deptype = 'e')
			ORDER BY 2, 1""";

	/** What the catalogue calls in another way than the command that drops it. */
	private static final Map<String, String> KINDS = Map.of("composite type", "TYPE", "statistics object",
			"STATISTICS");

	private SchemaDrops() {
	}

	/**
	 * Returns the statements that drop what schemas hold.
	 * @param table the history, which lies in one of them
	 */
	public static List<String> drops(Catalogue catalogue, Set<String> schemas, HistoryTable table) throws SQLException {
		return catalogue.rows(CONTENT, schemas.toArray(String[]::new), oid(catalogue, table))
			.stream()
			.map((row) -> "DROP " + KINDS.getOrDefault(row.text(0), row.text(0)) + " IF EXISTS " + row.text(1)
					+ " CASCADE")
			.toList();
	}

	/**
	 * Returns what lies in other schemas and would go with the content.
	 * @param table the history, which lies in one of them
	 */
	public static List<String> beyond(Catalogue catalogue, Set<String> schemas, HistoryTable table)
			throws SQLException {
		String[] names = schemas.toArray(String[]::new);
		return catalogue.rows(BEYOND, names, oid(catalogue, table), names)
			.stream()
			.map((row) -> row.text(0) + " " + row.text(1))
			.toList();
	}

	private static long oid(Catalogue catalogue, HistoryTable table) throws SQLException {
		Relation history = catalogue.relation(new QualifiedName(table.schema(), table.name()));
		return (history != null) ? history.oid() : Long.MAX_VALUE;
	}

}
