package dev.tidemark.catalogue.batch;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Session;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Looks at the table of a backfill: whether and how it can be walked.
 *
 * @since 0.1.0
 */
public final class BatchTableReader {

	private static final String FIND = Operators.qualified("""
			SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relkind,
			  pg_catalog.has_table_privilege(c.oid, 'SELECT'), pg_catalog.row_security_active(c.oid), CURRENT_USER,
			  pg_catalog.quote_ident(c.relname)
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.oid = pg_catalog.to_regclass(""");

	/**
	 * By its bounds the server tells a partition from the others when it plans: where
	 * they are lists or ranges of columns in the server's own order, on all levels from
	 * the table on. By a remainder it does not, nor that of a default partition.
	 */
	private static final String RELATIONS = Operators.qualified("""
			WITH RECURSIVE tree AS (
			  SELECT {oid}::pg_catalog.oid AS oid, true AS told, NULL::pg_catalog.oid AS bounded UNION
			  SELECT i.inhrelid, k.told, CASE WHEN k.told THEN i.inhrelid ELSE tree.bounded END
			  FROM pg_catalog.pg_inherits i JOIN tree ON tree.oid = i.inhparent
			  JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid
			  CROSS JOIN LATERAL (SELECT tree.told
			    AND (pg_catalog.pg_get_expr(p.relpartbound, p.oid) IS DISTINCT FROM 'DEFAULT'::pg_catalog.text)
			    AND EXISTS (SELECT FROM pg_catalog.pg_partitioned_table t WHERE (t.partrelid = i.inhparent)
			      AND (t.partstrat <> 'h'::pg_catalog."char") AND (t.partexprs IS NULL)
			      AND NOT EXISTS (SELECT FROM pg_catalog.pg_opclass o
			        JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
			        WHERE (o.oid = ANY (t.partclass)) AND (n.nspname <> 'pg_catalog'::pg_catalog.name))) AS told) AS k)
			SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relkind,
			  c.relpages, c.reltuples::pg_catalog.int8, pg_catalog.has_table_privilege(c.oid, 'SELECT'),
			  pg_catalog.row_security_active(c.oid), pg_catalog.pg_get_partition_constraintdef(tree.bounded)
			FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			ORDER BY pg_catalog.pg_get_expr(c.relpartbound, c.oid) COLLATE "C", c.oid""");

	/**
	 * The columns of the indexes by which the rows can be told apart, index by index.
	 * Those whose order is not that of a walk would be sorted for each batch; a column
	 * may hold nulls as long as nobody has validated that it does not.
	 */
	private static final String KEYS = Operators.qualified("""
			SELECT x.relname, i.indisprimary, a.attname,
			  pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.typname),
			  a.attnotnull AND (i.indcollation[k.n - 1] = a.attcollation)
			    AND (i.indoption[k.n - 1] = i.indoption[0]) AND ((i.indoption[0] = 0) OR (i.indoption[0] = 3))
			    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint nn WHERE (nn.conrelid = i.indrelid)
			      AND (nn.contype = 'n') AND NOT nn.convalidated AND (nn.conkey[1] = a.attnum)), op.nspname, op.names
			FROM pg_catalog.pg_index i
			JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
			CROSS JOIN LATERAL pg_catalog.generate_series(1, i.indnkeyatts) AS k (n)
			JOIN pg_catalog.pg_attribute a ON (a.attrelid = i.indrelid) AND (a.attnum = i.indkey[k.n - 1])
			JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
			JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
			JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[k.n - 1]
			CROSS JOIN LATERAL (
			  SELECT pg_catalog.min(n.nspname::pg_catalog.text) AS nspname,
			    pg_catalog.string_agg(o.oprname, ' ' ORDER BY m.amopstrategy) AS names
			  FROM pg_catalog.pg_amop m JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr
			  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
			  WHERE (m.amopfamily = oc.opcfamily) AND (m.amoplefttype = oc.opcintype)
			    AND (m.amoprighttype = oc.opcintype) AND (m.amoppurpose = 's'::pg_catalog."char")) AS op
			WHERE (i.indrelid = {oid}::pg_catalog.oid) AND i.indisunique AND i.indisvalid AND i.indimmediate
			  AND i.indpred IS NULL AND i.indexprs IS NULL
			ORDER BY i.indisprimary DESC, x.relname, k.n""");

	private final Session session;

	private final String name;

	private final @Nullable List<String> wanted;

	/**
	 * Makes a reader.
	 * @param session the session that asks
	 * @param name the name of the table as SQL, quoted where it has to be
	 * @param keys the columns to walk by, none for blocks; {@code null} to take what is
	 * there
	 */
	public BatchTableReader(Session session, String name, @Nullable List<String> keys) {
		this.session = session;
		this.name = name;
		this.wanted = (keys != null) ? List.copyOf(keys) : null;
	}

	/**
	 * Looks at the table.
	 * @return the table as it is now
	 * @throws TidemarkException if it is not there, cannot be walked, or not all of its
	 * rows would be seen
	 */
	public BatchTable read() throws SQLException {
		List<@Nullable String> found = this.session.ownRows("", FIND + StringLiteral.quote(this.name) + ")")
			.stream()
			.findFirst()
			.orElseThrow(() -> refused("There is no table " + this.name + "."));
		String table = text(found, 1);
		if (!Set.of("r", "p").contains(text(found, 2))) {
			throw refused(table + " is not a table.");
		}
		String role = Identifiers.quote(text(found, 5));
		requireRights(text(found, 3).equals("t"), table, role);
		requireAllRows(text(found, 4).equals("f"), table, role);
		long oid = Long.parseLong(text(found, 0));
		List<BatchRelation> relations = relations(oid, role);
		List<KeyColumn> keys = keys(oid, table, relations);
		return new BatchTable(oid, table, text(found, 6), relations, keys,
				new RowPlaceReader(this.session).read(oid, keys));
	}

	private static void requireRights(boolean granted, String table, String role) {
		if (!granted) {
			throw new TidemarkException(Problem.error(ErrorCode.BACKFILL_RIGHTS, null,
					"The role " + role + " may not read " + table + ", which it has to walk.",
					"Grant the right: GRANT SELECT ON TABLE " + table + " TO " + role + ";"));
		}
	}

	private static void requireAllRows(boolean seen, String table, String role) {
		if (!seen) {
			throw new TidemarkException(Problem.error(ErrorCode.BACKFILL_RIGHTS, null,
					"Row security of " + table + " may hide rows from the role " + role + ".",
					"Let the backfill run as a role that bypasses it: ALTER ROLE " + role
							+ " BYPASSRLS; or as the owner of the table, without FORCE ROW LEVEL SECURITY."));
		}
	}

	private List<BatchRelation> relations(long oid, String role) throws SQLException {
		List<BatchRelation> relations = new ArrayList<>();
		for (List<@Nullable String> row : this.session.ownRows("", RELATIONS.replace("{oid}", Long.toString(oid)))) {
			String kind = text(row, 2);
			if (kind.equals("f")) {
				throw refused(text(row, 1) + " lies on another server, which cannot be walked.");
			}
			if (kind.equals("r")) {
				requireRights(text(row, 5).equals("t"), text(row, 1), role);
				requireAllRows(text(row, 6).equals("f"), text(row, 1), role);
				relations.add(new BatchRelation(Long.parseLong(text(row, 0)), text(row, 1),
						Long.parseLong(text(row, 3)), Long.parseLong(text(row, 4)), row.get(7)));
			}
		}
		return relations;
	}

	/**
	 * Finds a key that all parts of the table have an index for, or else blocks.
	 */
	private List<KeyColumn> keys(long oid, String table, List<BatchRelation> relations) throws SQLException {
		List<KeyColumn> first = relations.isEmpty() ? choose(candidates(oid), table)
				: choose(candidates(relations.get(0).oid()), table);
		for (BatchRelation relation : relations.subList(Math.min(1, relations.size()), relations.size())) {
			if (candidates(relation.oid()).stream().noneMatch((candidate) -> candidate.columns().equals(first))
					&& !first.isEmpty()) {
				throw refused(relation.name() + ", a part of " + table + ", has no unique index over "
						+ first.stream().map(KeyColumn::name).toList() + " as " + relations.get(0).name() + " has.");
			}
		}
		return first;
	}

	private List<KeyColumn> choose(List<Candidate> candidates, String table) {
		List<Candidate> usable = candidates.stream().filter(Candidate::usable).toList();
		List<String> by = this.wanted;
		if (by == null) {
			return usable.stream()
				.filter(Candidate::primary)
				.findFirst()
				.or(() -> (usable.size() == 1) ? usable.stream().findFirst() : Optional.empty())
				.map(Candidate::columns)
				.orElse(List.of());
		}
		return by.isEmpty() ? List.of()
				: usable.stream()
					.filter((candidate) -> candidate.isOver(by))
					.findFirst()
					.map(Candidate::columns)
					.orElseThrow(() -> refused(reason(candidates, by, table)));
	}

	private static String reason(List<Candidate> candidates, List<String> keys, String table) {
		String by = String.join(", ", keys);
		return candidates.stream().anyMatch((candidate) -> candidate.isOver(keys)) ? "A column of " + by
				+ " may be NULL in " + table
				+ ", or is indexed in another collation than its own, or in an order that cannot be walked (NULLS"
				+ " FIRST, or ascending beside descending)."
				: table + " has no unique index over " + by
						+ " that is valid, not deferrable, and for all of its rows.";
	}

	private List<Candidate> candidates(long oid) throws SQLException {
		Map<String, Candidate> candidates = new LinkedHashMap<>();
		for (List<@Nullable String> row : this.session.ownRows("", KEYS.replace("{oid}", Long.toString(oid)))) {
			String[] names = text(row, 6).split(" ");
			KeyColumn column = new KeyColumn(text(row, 2), text(row, 3),
					new KeyColumn.Order(text(row, 5), names[0], names[1], names[2], names[3], names[4]));
			candidates.merge(text(row, 0),
					new Candidate(text(row, 1).equals("t"), text(row, 4).equals("t"), List.of(column)), Candidate::and);
		}
		return List.copyOf(candidates.values());
	}

	private TidemarkException refused(String what) {
		return new TidemarkException(Problem.error(ErrorCode.BACKFILL_TABLE, null, what,
				"Name a table and a unique key of it in the directive batch; without by, a table that has no such key is"
						+ " walked block by block."));
	}

	private static String text(List<@Nullable String> row, int column) {
		return Objects.requireNonNull(row.get(column));
	}

	/**
	 * An index by which rows can be told apart.
	 *
	 * @param primary whether it is that of the primary key
	 * @param usable whether no column may be null, and all are in their own collation
	 * @param columns its columns
	 */
	private record Candidate(boolean primary, boolean usable, List<KeyColumn> columns) {

		Candidate and(Candidate next) {
			List<KeyColumn> all = new ArrayList<>(this.columns);
			all.addAll(next.columns);
			return new Candidate(this.primary, this.usable && next.usable, all);
		}

		boolean isOver(List<String> names) {
			return names.size() == this.columns.size()
					&& Set.copyOf(names).equals(Set.copyOf(this.columns.stream().map(KeyColumn::name).toList()));
		}

	}

}
