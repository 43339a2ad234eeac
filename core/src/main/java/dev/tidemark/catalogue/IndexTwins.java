package dev.tidemark.catalogue;

import java.sql.SQLException;
import java.util.List;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.Reindex;
import dev.tidemark.statement.Reindex.Target;

/**
 * Finds every invalid index together with every other one of its table, where a
 * {@code REINDEX} has been at work.
 *
 * @since 0.1.0
 */
public final class IndexTwins {

	private static final String TWINS = """
			SELECT i.indexrelid, c.relname, b.relname
			FROM pg_catalog.pg_index i
			JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
			JOIN pg_catalog.pg_index j ON j.indrelid = i.indrelid AND j.indexrelid <> i.indexrelid
			JOIN pg_catalog.pg_class b ON b.oid = j.indexrelid
			WHERE NOT i.indisvalid AND\s""";

	/** Of a table the TOAST table's indexes are rebuilt too. */
	private static final String TABLES = """
			i.indrelid IN (SELECT pg_catalog.unnest(ARRAY[t.oid, t.reltoastrelid]) FROM pg_catalog.pg_class t
			  WHERE %s)
			ORDER BY c.relname, b.relname""";

	private final Catalogue catalogue;

	public IndexTwins(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	/** Finds them where a statement has been at work. */
	public List<Twin> of(Reindex statement) throws SQLException {
		return rows(statement).stream().map((row) -> new Twin(row.number(0), row.text(1), row.text(2))).toList();
	}

	private List<Catalogue.Row> rows(Reindex statement) throws SQLException {
		QualifiedName name = statement.name();
		Target target = statement.target();
		if (target == Target.DATABASE || target == Target.SYSTEM || name == null) {
			return this.catalogue.rows(TWINS + TABLES.formatted("t.relkind IN ('r', 'm')"));
		}
		if (target == Target.SCHEMA) {
			return this.catalogue.rows(TWINS + TABLES.formatted(
					"t.relkind IN ('r', 'm') AND t.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ?)"),
					name.name());
		}
		Relation relation = this.catalogue.relation(name);
		if (relation == null) {
			return List.of();
		}
		long oid = relation.oid();
		String itselfOrPart = " = ? OR %1$s IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(?) p)";
		if (target == Target.INDEX) {
			return this.catalogue.rows(TWINS + ("(b.oid" + itselfOrPart.formatted("b.oid") + ") ORDER BY c.relname"),
					oid, oid);
		}
		return this.catalogue.rows(TWINS + TABLES.formatted("t.oid" + itselfOrPart.formatted("t.oid")), oid, oid);
	}

	/**
	 * An invalid index, and another one of its table.
	 *
	 * @param invalid the oid of the invalid index
	 * @param name its name
	 * @param other the name of the other one
	 * @since 0.1.0
	 */
	public record Twin(long invalid, String name, String other) {
	}

}
