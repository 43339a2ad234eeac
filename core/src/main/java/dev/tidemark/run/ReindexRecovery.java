package dev.tidemark.run;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tidemark.run.Verdict.NotDone;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.Subject;
import dev.tidemark.sql.Subject.Reindex.Target;

/**
 * {@code REINDEX} in doubt. To rebuild an index once more is harmless; what a concurrent
 * rebuild leaves is an invalid twin of the index, the new one ({@code _ccnew}) or, after
 * they changed places, the old one ({@code _ccold}).
 */
final class ReindexRecovery {

	private static final Pattern SUFFIX = Pattern.compile("(.*)_cc(?:new|old)[0-9]*", Pattern.DOTALL);

	/** From this length in bytes on the server may have cut a name to add the suffix. */
	private static final int LONG_NAME = 60;

	/** Every invalid index with every other one of its table. */
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

	private final Subject.Reindex statement;

	ReindexRecovery(Catalogue catalogue, Subject.Reindex statement) {
		this.catalogue = catalogue;
		this.statement = statement;
	}

	Verdict examine() throws SQLException {
		String again = "REINDEX may be run again at any time";
		if (!this.statement.concurrently()) {
			return new NotDone(again + ", and leaves nothing behind unless it runs concurrently.");
		}
		Map<Long, Index> leftovers = new LinkedHashMap<>();
		for (Catalogue.Row row : twins()) {
			if (isTwin(row.text(1), row.text(2)) && !leftovers.containsKey(row.number(0))) {
				Index index = Index.find(this.catalogue, row.number(0));
				if (index != null) {
					leftovers.put(index.oid(), index);
				}
			}
		}
		if (leftovers.isEmpty()) {
			return new NotDone(again + ", and has left no invalid index behind.");
		}
		String seen = "REINDEX has left invalid indexes behind: "
				+ String.join(", ", leftovers.values().stream().map(Index::quoted).toList()) + ".";
		for (Index index : leftovers.values()) {
			OtherSession other = OtherSession.on(this.catalogue, index);
			if (other != null) {
				return other.undecided(seen);
			}
		}
		return new NotDone(seen, leftovers.values().stream().map(Index::dropped).toList());
	}

	private List<Catalogue.Row> twins() throws SQLException {
		QualifiedName name = this.statement.name();
		Target target = this.statement.target();
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

	private static boolean isTwin(String leftover, String name) {
		Matcher matcher = SUFFIX.matcher(leftover);
		if (!matcher.matches()) {
			return false;
		}
		String base = matcher.group(1);
		return base.equals(name) || (name.startsWith(base) && isLong(leftover));
	}

	private static boolean isLong(String name) {
		return name.getBytes(StandardCharsets.UTF_8).length >= LONG_NAME;
	}

}
