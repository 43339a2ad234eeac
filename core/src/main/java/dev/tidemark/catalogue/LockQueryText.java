package dev.tidemark.catalogue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Reach;

/**
 * The text of the query for locks. It goes from the names to what they mean
 * ({@code seed}), from there to the first relations of each reach ({@code first}), and
 * from these to all others ({@code locked}). How it goes on from a relation is told by
 * its {@code spread}: {@code n} not at all; {@code d} down to its children; {@code t} to
 * tables that refer to it too; {@code v} to what a view reads too; {@code x} to the
 * indexes of its partitions, {@code X} to its own; {@code y} to the tables of its parts.
 */
final class LockQueryText {

	/** The schemas of each search path, that of the session being number 0. */
	static final String PATH = """
			path (path, rank, namespace) AS MATERIALIZED (
			  SELECT p.path, p.rank, s.oid
			  FROM ROWS FROM (pg_catalog.unnest(%s), pg_catalog.unnest(%s)) WITH ORDINALITY AS p (path, schema, rank)
			  JOIN pg_catalog.pg_namespace s ON s.nspname = CASE WHEN p.schema = '$user' THEN current_user
			    WHEN p.schema = 'pg_temp' THEN (SELECT t.nspname FROM pg_catalog.pg_namespace t
			      WHERE t.oid = pg_catalog.pg_my_temp_schema()) ELSE p.schema END
			  UNION ALL
			  SELECT 0, p.rank, s.oid
			  FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS p (schema, rank)
			  JOIN pg_catalog.pg_namespace s ON s.nspname = p.schema)""";

	private static final String SEED = """
			SELECT n.part_kind, n.part, n.mode, n.reach, c.oid, c.relkind
			FROM named n CROSS JOIN LATERAL (SELECT r.oid, r.relkind FROM path p
			  JOIN pg_catalog.pg_class r ON r.relname = n.name AND r.relnamespace = p.namespace
			  WHERE p.path = n.path ORDER BY p.rank LIMIT 1) c
			WHERE n.kind = 'TABLE'""";

	private static final String CONTENT = """
			SELECT n.part_kind, n.part, n.mode, n.reach, r.oid, r.relkind
			FROM named n JOIN pg_catalog.pg_namespace s
			  ON s.nspname = n.name AND n.kind = 'SCHEMA' AND n.reach <> 'DEPENDANTS'
			  OR s.nspname <> ALL ('{pg_catalog,pg_toast,information_schema}'::pg_catalog.name[]) AND n.kind = 'DATABASE'
			JOIN pg_catalog.pg_class r ON r.relnamespace = s.oid AND r.relkind = ANY ('{r,m}'::pg_catalog."char"[])""";

	private static final String TYPES = """
			typ (mode, reach, oid) AS (
			  SELECT n.mode, n.reach, c.oid
			  FROM named n CROSS JOIN LATERAL (SELECT t.oid FROM path p
			    JOIN pg_catalog.pg_type t ON t.typname = n.name AND t.typnamespace = p.namespace
			    WHERE p.path = n.path ORDER BY p.rank LIMIT 1) c
			  WHERE n.kind = 'TYPE')""";

	private static final String DOMAINS = """
			domain (mode, oid) AS (
			  SELECT t.mode, t.oid FROM typ t WHERE t.reach = 'DOMAIN_TABLES'
			  UNION
			  SELECT d.mode, t.oid FROM domain d
			  JOIN pg_catalog.pg_type t ON t.typbasetype = d.oid AND t.typtype = 'd')""";

	/** What is dropped; a view depends by its rule, and goes with it. */
	private static final String GONE = """
			gone (mode, classid, objid, objsubid) AS (
			  (%s)
			  UNION
			  SELECT g.mode, CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::pg_catalog.regclass END,
			    COALESCE(r.ev_class, d.objid), CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END FROM gone g
			  JOIN pg_catalog.pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid
			    AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
			  LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
			    AND r.oid = d.objid AND r.rulename = '_RETURN')""";

	private static final Map<ObjectKind, String> DROPPED = new EnumMap<>(ObjectKind.class);

	private static final Map<Reach, String> FIRST = new EnumMap<>(Reach.class);

	/** To the children, or the parts of an index. */
	private static final String DOWN = """
			SELECT i.inhrelid FROM pg_catalog.pg_inherits i
			WHERE i.inhparent = l.oid AND l.spread = ANY ('{d,t,v,x,y}'::pg_catalog.text[])""";

	private static final Map<Reach, String> FURTHER = Map.of(Reach.REFERRING, """
			SELECT k.conrelid FROM pg_catalog.pg_depend d
			JOIN pg_catalog.pg_constraint k ON k.oid = d.objid AND k.contype = 'f' AND k.confrelid = l.oid
			WHERE l.spread = 't' AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = l.oid
			  AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass""", Reach.VIEWED, """
			SELECT c.oid FROM pg_catalog.pg_rewrite r
			JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
			  AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
			JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
			  AND c.relkind = ANY ('{r,p,v}'::pg_catalog."char"[])
			WHERE l.spread = 'v' AND r.ev_class = l.oid AND r.rulename = '_RETURN'""");

	private static final String LOCKED = """
			locked (mode, oid, spread) AS (
			  SELECT f.mode, f.oid, f.spread FROM (%s) AS f (mode, oid, spread)
			  UNION
			  SELECT l.mode, e.oid, l.spread FROM locked l CROSS JOIN LATERAL (%s) AS e (oid))""";

	private static final String WANTED = """
			SELECT l.mode, l.oid FROM locked l WHERE l.spread <> ALL ('{x,X,y}'::pg_catalog.text[])""";

	private static final String INDEXES = """
			SELECT l.mode, i.indexrelid FROM locked l JOIN pg_catalog.pg_index i ON i.indrelid = l.oid
			WHERE l.spread = ANY ('{x,X}'::pg_catalog.text[])
			UNION ALL
			SELECT l.mode, i.indrelid FROM locked l JOIN pg_catalog.pg_index i ON i.indexrelid = l.oid
			WHERE l.spread = 'y'""";

	/**
	 * Own temporary tables are in nobody's way. Each relation is looked up by itself, as
	 * the server guesses too many of them and would read the whole catalogue.
	 */
	private static final String RELATIONS = """
			SELECT w.oid, c.name, w.mode, c.indrelid
			FROM (SELECT l.oid, pg_catalog.max(l.mode) FROM (%s) AS l (mode, oid) GROUP BY l.oid) AS w (oid, mode)
			CROSS JOIN LATERAL (
			  SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(r.relname), i.indrelid
			  FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
			  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = r.oid
			  WHERE r.oid = w.oid AND r.relpersistence <> 't'
			    AND n.nspname <> ALL ('{pg_catalog,pg_toast,information_schema}'::pg_catalog.name[])
			  LIMIT 1) AS c (name, indrelid)
			ORDER BY w.oid""";

	static {
		String dropped = """
				SELECT s.mode, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, s.oid, 0 FROM seed s
				WHERE s.reach = 'DEPENDANTS' AND s.part IS NULL
				UNION ALL
				SELECT s.mode, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, s.oid, a.attnum FROM seed s
				JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attname = s.part AND NOT a.attisdropped
				WHERE s.reach = 'DEPENDANTS' AND s.part_kind = 'COLUMN'
				UNION ALL
				SELECT s.mode, 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, k.oid, 0 FROM seed s
				JOIN pg_catalog.pg_constraint k ON k.conrelid = s.oid AND k.conname = s.part
				WHERE s.reach = 'DEPENDANTS' AND s.part_kind = 'CONSTRAINT'""";
		DROPPED.put(ObjectKind.TABLE, dropped);
		DROPPED.put(ObjectKind.TYPE, """
				SELECT t.mode, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 0 FROM typ t
				WHERE t.reach = 'DEPENDANTS'""");
		DROPPED.put(ObjectKind.FUNCTION, inSchema("pg_proc", "proname", "pronamespace", ObjectKind.FUNCTION));
		DROPPED.put(ObjectKind.STATISTICS,
				inSchema("pg_statistic_ext", "stxname", "stxnamespace", ObjectKind.STATISTICS));
		DROPPED.put(ObjectKind.EXTENSION, plain("pg_extension", "extname", ObjectKind.EXTENSION));
		DROPPED.put(ObjectKind.SCHEMA, plain("pg_namespace", "nspname", ObjectKind.SCHEMA));
		FIRST.put(Reach.PARENT, """
				SELECT s.mode, x.oid, 'n' FROM seed s
				JOIN pg_catalog.pg_class c ON c.oid = s.oid AND c.relispartition
				JOIN pg_catalog.pg_inherits i ON i.inhrelid = s.oid
				LEFT JOIN pg_catalog.pg_partitioned_table t ON t.partrelid = i.inhparent
				CROSS JOIN LATERAL (VALUES (i.inhparent), (t.partdefid)) AS x (oid)
				WHERE s.reach = 'PARENT'""");
		FIRST.put(Reach.DEFAULT_PARTITION, """
				SELECT s.mode, t.partdefid, 'd' FROM seed s
				JOIN pg_catalog.pg_partitioned_table t ON t.partrelid = s.oid
				WHERE s.reach = 'DEFAULT_PARTITION'""");
		FIRST.put(Reach.REFERRED, """
				SELECT s.mode, k.confrelid, 'd' FROM seed s
				JOIN pg_catalog.pg_constraint k ON k.conrelid = s.oid AND k.contype = 'f'
				WHERE s.reach = 'REFERRED' AND (s.part IS NULL OR k.conname = s.part)""");
		FIRST.put(Reach.REFERRERS, """
				SELECT s.mode, k.conrelid, 'n' FROM seed s
				JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
				  AND d.refobjid = s.oid AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
				JOIN pg_catalog.pg_constraint k ON k.oid = d.objid AND k.contype = 'f' AND k.confrelid = s.oid
				  AND k.conparentid = '0'
				WHERE s.reach = 'REFERRERS'""");
		FIRST.put(Reach.KEYS, """
				SELECT s.mode, CASE WHEN k.conrelid = s.oid THEN k.confrelid ELSE k.conrelid END, 'd' FROM seed s
				JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attname = s.part AND NOT a.attisdropped
				JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
				  AND d.refobjid = s.oid AND d.refobjsubid = a.attnum
				  AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
				JOIN pg_catalog.pg_constraint k ON k.oid = d.objid AND k.contype = 'f'
				WHERE s.reach = 'KEYS'""");
		FIRST.put(Reach.SEQUENCES, """
				SELECT s.mode, q.oid, 'n' FROM seed s
				JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
				  AND d.refobjid = s.oid AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
				  AND d.deptype = ANY ('{a,i}'::pg_catalog."char"[])
				JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
				LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attnum = d.refobjsubid
				WHERE s.reach = 'SEQUENCES' AND (s.part IS NULL OR d.deptype = 'i' AND a.attname = s.part)""");
		FIRST.put(Reach.TYPED, """
				SELECT t.mode, c.oid, 'd' FROM typ t
				JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
				  AND d.refobjid = t.oid AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
				JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.reloftype = t.oid
				WHERE t.reach = 'TYPED'""");
		FIRST.put(Reach.DOMAIN_TABLES, """
				SELECT t.mode, c.oid, 'n' FROM domain t
				JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
				  AND d.refobjid = t.oid AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid > 0
				JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = ANY ('{r,m,p}'::pg_catalog."char"[])""");
		FIRST.put(Reach.DEPENDANTS, """
				SELECT g.mode, g.objid, 'n' FROM gone g
				WHERE g.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
				UNION ALL
				SELECT g.mode, i.indrelid, 'n' FROM gone g JOIN pg_catalog.pg_index i ON i.indexrelid = g.objid
				WHERE g.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
				UNION ALL
				""" + String.join("\nUNION ALL\n", ofGone("pg_constraint", "conrelid"), ofGone("pg_trigger", "tgrelid"),
				ofGone("pg_rewrite", "ev_class"), ofGone("pg_policy", "polrelid"), ofGone("pg_attrdef", "adrelid"),
				ofGone("pg_statistic_ext", "stxrelid")));
	}

	private static final String SPREAD = """
			SELECT s.mode, s.oid, CASE WHEN s.reach = 'CHILDREN' THEN 'd' WHEN s.reach = 'VIEWED' THEN 'v'
			  WHEN s.reach = 'REFERRING' THEN 't' WHEN s.reach = 'TABLE' THEN 'y'
			  WHEN s.reach = 'PARTITIONS' AND s.relkind = ANY ('{p,I}'::pg_catalog."char"[]) THEN 'd'
			  WHEN s.reach = 'INDEXES' AND s.relkind = 'p' THEN 'x' WHEN s.reach = 'INDEXES' THEN 'X' ELSE 'n' END
			FROM seed s WHERE s.reach = ANY (
			  '{RELATION,PARTITIONS,CHILDREN,VIEWED,REFERRING,INDEXES,TABLE}'::pg_catalog.text[])""";

	private LockQueryText() {
	}

	/** Returns the query behind {@code path} and {@code named}. */
	static String of(Set<ObjectKind> kinds, Set<Reach> reaches) {
		List<String> parts = new ArrayList<>();
		boolean content = kinds.contains(ObjectKind.SCHEMA) || kinds.contains(ObjectKind.DATABASE);
		parts.add("seed (part_kind, part, mode, reach, oid, relkind) AS ((" + SEED + ")"
				+ (content ? "\nUNION ALL\n" + CONTENT : "") + ")");
		if (kinds.contains(ObjectKind.TYPE)) {
			parts.add(TYPES);
		}
		if (reaches.contains(Reach.DOMAIN_TABLES)) {
			parts.add(DOMAINS);
		}
		if (reaches.contains(Reach.DEPENDANTS)) {
			List<String> dropped = DROPPED.keySet().stream().filter(kinds::contains).map(DROPPED::get).toList();
			parts.add(GONE.formatted(union(dropped)));
		}
		List<String> first = new ArrayList<>();
		first.add(SPREAD);
		FIRST.forEach((reach, text) -> {
			if (reaches.contains(reach)) {
				first.add(text);
			}
		});
		List<String> further = new ArrayList<>(List.of(DOWN));
		FURTHER.forEach((reach, text) -> {
			if (reaches.contains(reach)) {
				further.add(text);
			}
		});
		parts.add(LOCKED.formatted(union(first), union(further)));
		boolean indexes = reaches.contains(Reach.INDEXES) || reaches.contains(Reach.TABLE);
		return String.join(",\n", parts) + "\n"
				+ RELATIONS.formatted(indexes ? union(List.of(WANTED, INDEXES)) : WANTED);
	}

	private static String union(List<String> selects) {
		return String.join("\nUNION ALL\n", selects);
	}

	private static String inSchema(String catalogue, String name, String namespace, ObjectKind kind) {
		return """
				SELECT n.mode, 'pg_catalog.%1$s'::pg_catalog.regclass::pg_catalog.oid, o.oid, 0 FROM named n
				JOIN path p ON p.path = n.path
				JOIN pg_catalog.%1$s o ON o.%2$s = n.name AND o.%3$s = p.namespace
				WHERE n.kind = '%4$s' AND n.reach = 'DEPENDANTS'""".formatted(catalogue, name, namespace, kind.name());
	}

	private static String plain(String catalogue, String name, ObjectKind kind) {
		return """
				SELECT n.mode, 'pg_catalog.%1$s'::pg_catalog.regclass::pg_catalog.oid, o.oid, 0 FROM named n
				JOIN pg_catalog.%1$s o ON o.%2$s = n.name
				WHERE n.kind = '%3$s' AND n.reach = 'DEPENDANTS'""".formatted(catalogue, name, kind.name());
	}

	private static String ofGone(String catalogue, String relation) {
		return """
				SELECT g.mode, o.%2$s, 'n' FROM gone g JOIN pg_catalog.%1$s o ON o.oid = g.objid
				WHERE g.classid = 'pg_catalog.%1$s'::pg_catalog.regclass""".formatted(catalogue, relation);
	}

}
