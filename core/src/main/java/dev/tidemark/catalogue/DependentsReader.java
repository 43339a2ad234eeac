package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CreateView;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.parse.Statements;

/**
 * Finds in the catalogue what depends on the objects that a statement drops, replaces or
 * changes, whatever language the messages of the server are in.
 *
 * @since 0.1.0
 */
public final class DependentsReader {

	/**
	 * What depends on an object or a column of it, and what depends on that. A view
	 * depends by its rule. What the server drops silently is passed through, not named.
	 */
	private static final String DEPENDENTS = """
			WITH RECURSIVE found (classid, objid, objsubid, deptype) AS (
			  SELECT %s::pg_catalog.regclass::pg_catalog.oid, ?::pg_catalog.oid, %s, ''::pg_catalog."char"
			  UNION
			  SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::pg_catalog.regclass END,
			    coalesce(r.ev_class, d.objid), CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END, d.deptype
			  FROM found f JOIN pg_catalog.pg_depend d ON d.refclassid = f.classid AND d.refobjid = f.objid
			    AND (f.objsubid = 0 OR d.refobjsubid = f.objsubid) AND d.deptype IN ('n', 'a', 'i')
			  LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
			    AND r.oid = d.objid
			)
			SELECT DISTINCT i.type || ' ' || i.identity FROM found f,
			  LATERAL pg_catalog.pg_identify_object(f.classid, f.objid, f.objsubid) i
			WHERE f.deptype = 'n' AND f.objid <> ?::pg_catalog.oid %s ORDER BY 1""";

	private static final String COLUMN = "(SELECT a.attnum::pg_catalog.int4 FROM pg_catalog.pg_attribute a"
			+ " WHERE a.attrelid = ?::pg_catalog.oid AND a.attname = ? AND NOT a.attisdropped)";

	/** A change of type takes constraints and indexes with it. */
	private static final String VIEWS = "AND f.classid = 'pg_catalog.pg_class'::pg_catalog.regclass";

	private final Catalogue catalogue;

	private final List<String> objects = new ArrayList<>();

	private DependentsReader(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	/**
	 * Reads the catalogue.
	 * @param connection an idle connection in auto-commit mode
	 * @param statement a statement that the server has refused
	 * @return the objects, each with its kind and name
	 */
	public static List<String> read(Connection connection, SqlStatement statement) throws SQLException {
		try (Catalogue catalogue = Catalogue.open(connection)) {
			DependentsReader reader = new DependentsReader(catalogue);
			reader.read(Statements.of(statement));
			return reader.objects.stream().distinct().toList();
		}
	}

	private void read(Statement statement) throws SQLException {
		if (statement instanceof Drop drop && !drop.cascade()) {
			for (ObjectName name : drop.names()) {
				read(drop.kind(), name.name());
			}
		}
		else if (statement instanceof CreateView create) {
			read(ObjectKind.VIEW, create.name());
		}
		else if (statement instanceof AlterTable alter) {
			for (TableAction action : alter.actions()) {
				read(alter.name(), action);
			}
		}
	}

	private void read(QualifiedName table, TableAction action) throws SQLException {
		if (action instanceof TableAction.DropColumn drop && !drop.cascade()) {
			read(table, drop.column(), "");
		}
		else if (action instanceof TableAction.AlterColumnType type) {
			read(table, type.column(), VIEWS);
		}
	}

	private void read(ObjectKind kind, QualifiedName name) throws SQLException {
		switch (kind) {
			case TABLE, FOREIGN_TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, INDEX -> {
				Relation relation = this.catalogue.relation(name);
				read("'pg_catalog.pg_class'", (relation != null) ? relation.oid() : null);
			}
			case TYPE, DOMAIN -> read("'pg_catalog.pg_type'", this.catalogue.type(name));
			case FUNCTION, PROCEDURE, AGGREGATE, ROUTINE -> read("'pg_catalog.pg_proc'", this.catalogue.function(name));
			default -> {
				// Nothing that views are made of.
			}
		}
	}

	private void read(String catalogueTable, @Nullable Long oid) throws SQLException {
		if (oid != null) {
			add(this.catalogue.rows(DEPENDENTS.formatted(catalogueTable, "0", ""), oid, oid));
		}
	}

	private void read(QualifiedName table, String column, String condition) throws SQLException {
		Relation relation = this.catalogue.relation(table);
		if (relation != null) {
			long oid = relation.oid();
			add(this.catalogue.rows(DEPENDENTS.formatted("'pg_catalog.pg_class'", COLUMN, condition), oid, oid, column,
					oid));
		}
	}

	private void add(List<Catalogue.Row> rows) {
		rows.forEach((row) -> this.objects.add(row.text(0)));
	}

}
