package dev.tidemark.catalogue.batch;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Session;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Looks what decides where the rows of a table lie.
 */
final class RowPlaceReader {

	/**
	 * The columns of a key of partitioning depend on their table, also where it is an
	 * expression. What a generated column comes from is told by its own dependencies, or
	 * from PostgreSQL 15 on by those of its expression.
	 */
	private static final String FIND = Operators.qualified(
			"""
					WITH RECURSIVE tree AS (SELECT {oid}::pg_catalog.oid AS oid UNION
					  SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON tree.oid = i.inhparent),
					place AS (
					  SELECT pg_catalog.unnest({keys})::pg_catalog.text AS name UNION
					  SELECT a.attname::pg_catalog.text FROM tree
					  JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = tree.oid
					  JOIN pg_catalog.pg_depend d ON (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
					    AND (d.objid = tree.oid) AND (d.objsubid > 0) AND (d.refclassid = d.classid) AND (d.refobjid = d.objid)
					    AND (d.refobjsubid = 0) AND (d.deptype = 'i'::pg_catalog."char")
					  JOIN pg_catalog.pg_attribute a ON (a.attrelid = tree.oid) AND (a.attnum = d.objsubid)),
					source AS (
					  SELECT name FROM place UNION
					  SELECT b.attname::pg_catalog.text FROM place
					  JOIN pg_catalog.pg_attribute a ON (a.attrelid = {oid}::pg_catalog.oid) AND (a.attname = place.name::pg_catalog.name)
					    AND (a.attgenerated <> ''::pg_catalog."char")
					  JOIN pg_catalog.pg_attrdef g ON (g.adrelid = a.attrelid) AND (g.adnum = a.attnum)
					  JOIN pg_catalog.pg_depend d ON (((d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass) AND (d.objid = g.oid))
					      OR ((d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass) AND (d.objid = a.attrelid)
					        AND (d.objsubid = a.attnum)))
					    AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass) AND (d.refobjid = a.attrelid)
					    AND (d.refobjsubid > 0)
					  JOIN pg_catalog.pg_attribute b ON (b.attrelid = d.refobjid) AND (b.attnum = d.refobjsubid))
					SELECT name, (
					  EXISTS (SELECT FROM pg_catalog.pg_trigger t JOIN tree ON tree.oid = t.tgrelid
					    WHERE NOT t.tgisinternal AND (t.tgenabled <> 'D'::pg_catalog."char")
					      AND ((t.tgtype::pg_catalog.int4 & 16) <> 0))
					  OR EXISTS (SELECT FROM pg_catalog.pg_constraint f JOIN tree ON tree.oid = f.conrelid
					    JOIN pg_catalog.pg_attribute a ON (a.attrelid = f.conrelid) AND (a.attnum = ANY (f.conkey))
					    WHERE (f.contype = 'f'::pg_catalog."char") AND (f.confupdtype <> 'a'::pg_catalog."char")
					      AND (f.confupdtype <> 'r'::pg_catalog."char")
					      AND EXISTS (SELECT FROM source s WHERE s.name = a.attname::pg_catalog.text)))
					FROM source ORDER BY 1""");

	private final Session session;

	RowPlaceReader(Session session) {
		this.session = session;
	}

	RowPlace read(long oid, List<KeyColumn> keys) throws SQLException {
		String names = keys.stream().map((key) -> StringLiteral.quote(key.name())).collect(Collectors.joining(", "));
		List<List<@Nullable String>> rows = this.session.ownRows("",
				FIND.replace("{oid}", Long.toString(oid)).replace("{keys}", "ARRAY[" + names + "]::pg_catalog.text[]"));
		return new RowPlace(rows.stream().map((row) -> Objects.requireNonNull(row.get(0))).toList(),
				!rows.isEmpty() && "t".equals(rows.get(0).get(1)));
	}

}
