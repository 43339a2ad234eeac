package dev.tidemark.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Change;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.ObjectKind;
import dev.tidemark.sql.ObjectName;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.StringLiteral;

/**
 * Derives from the statements of a migration what would take them back, in the reverse
 * order. What has no inverse that the text alone tells becomes a comment: a guess would
 * be worse than a gap. Used once.
 */
public final class Inverse {

	private final List<String> lines = new ArrayList<>();

	/** What is dropped with the tables that the file creates needs no inverse. */
	private final Set<QualifiedName> created = new HashSet<>();

	private Inverse() {
	}

	/**
	 * Derives the inverse of a migration.
	 * @param migration the migration
	 * @param script what its file holds
	 * @return the suggestion
	 */
	public static UndoSuggestion of(Migration migration, Script script) {
		String sql = "-- Derived from " + migration.script() + ": read and correct it before you save it.\n"
				+ statements(script);
		return new UndoSuggestion(migration.identity(), migration.undoScript(), sql);
	}

	/**
	 * Derives statements alone.
	 * @param script what a file holds
	 * @return a line or more for each statement that needs an inverse
	 */
	static String statements(Script script) {
		Inverse inverse = new Inverse();
		script.statements().forEach(inverse::add);
		Collections.reverse(inverse.lines);
		return inverse.lines.stream().map((line) -> line + "\n").collect(Collectors.joining());
	}

	private void add(SqlStatement statement) {
		if (!statement.source().equals(statement.text()) || statement.source().contains("${")) {
			// A file to be saved must not hold the values of placeholders, and what is
			// not replaced yet is no name.
			this.lines.add(withoutInverse(statement));
			return;
		}
		List<Change> changes = statement.changes();
		for (Change change : changes) {
			// What a command on rows calls besides is a matter of its rows.
			boolean beside = change instanceof Change.Call && changes.size() > 1;
			if (!beside && !isGone(change)) {
				String sql = inverse(change);
				if (sql == null) {
					this.lines.add(withoutInverse(statement));
				}
				else if (!sql.isEmpty()) {
					this.lines.add(sql);
				}
			}
		}
	}

	private static String withoutInverse(SqlStatement statement) {
		return "-- line " + statement.line() + " has no inverse that could be derived: " + statement.excerpt();
	}

	private boolean isGone(Change change) {
		QualifiedName table = null;
		if (change instanceof Change.Create create) {
			table = create.table();
			if (create.kind() == ObjectKind.TABLE && create.name() != null && !create.maybe() && !create.temporary()) {
				this.created.add(create.name().name());
			}
		}
		else if (change instanceof Change.AddColumn add) {
			table = add.table();
		}
		else if (change instanceof Change.SetNotNull set) {
			table = set.table();
		}
		else if (change instanceof Change.AddConstraint add) {
			table = add.table();
		}
		else if (change instanceof Change.RowSecurity security) {
			table = security.table();
		}
		else if (change instanceof Change.Inherit inherit) {
			table = inherit.table();
		}
		else if (change instanceof Change.Comment comment) {
			table = comment.table();
		}
		else if (change instanceof Change.Insert insert) {
			table = insert.table();
		}
		else if (change instanceof Change.Update update) {
			table = update.table();
		}
		return table != null && this.created.contains(table);
	}

	/**
	 * Returns the inverse, an empty text if none is needed, {@code null} if none is
	 * known.
	 */
	private static @Nullable String inverse(Change change) {
		if (change instanceof Change.Create create) {
			return create(create);
		}
		if (change instanceof Change.AddColumn add) {
			return add.maybe() ? null : alter(add.table(), "DROP COLUMN " + Identifiers.quote(add.column()));
		}
		if (change instanceof Change.AddConstraint add) {
			return (add.name() != null) ? alter(add.table(), "DROP CONSTRAINT " + Identifiers.quote(add.name())) : null;
		}
		if (change instanceof Change.SetNotNull set) {
			return alter(set.table(), "ALTER COLUMN " + Identifiers.quote(set.column())
					+ (set.required() ? " DROP NOT NULL" : " SET NOT NULL"));
		}
		if (change instanceof Change.AttachPartition attach) {
			return alter(attach.table(), "DETACH PARTITION " + attach.partition().quoted());
		}
		if (change instanceof Change.Inherit inherit) {
			return alter(inherit.table(), "NO INHERIT " + inherit.parent().quoted());
		}
		if (change instanceof Change.RowSecurity security) {
			return alter(security.table(), rowSecurity(security) + " ROW LEVEL SECURITY");
		}
		if (change instanceof Change.Rename rename) {
			return rename(rename);
		}
		if (change instanceof Change.SetSchema set) {
			return setSchema(set);
		}
		if (change instanceof Change.Grant grant) {
			return "REVOKE " + grant.what() + " FROM " + grant.to() + ";";
		}
		return (change instanceof Change.Passing || change instanceof Change.SetSearchPath) ? "" : null;
	}

	private static @Nullable String create(Change.Create create) {
		if (create.temporary()) {
			return "";
		}
		if (create.maybe() || create.name() == null) {
			return null;
		}
		return "DROP " + create.kind().sql() + (create.concurrently() ? " CONCURRENTLY " : " ") + create.name().sql()
				+ ";";
	}

	private static String alter(QualifiedName table, String action) {
		return "ALTER TABLE " + table.quoted() + " " + action + ";";
	}

	private static String rowSecurity(Change.RowSecurity security) {
		if (security.forced()) {
			return security.on() ? "NO FORCE" : "FORCE";
		}
		return security.on() ? "DISABLE" : "ENABLE";
	}

	private static String rename(Change.Rename rename) {
		ObjectName name = rename.name();
		if (rename.part() != null && rename.from() != null) {
			boolean value = rename.part().equals("VALUE");
			return "ALTER " + rename.kind().sql() + " " + name.sql() + " RENAME " + rename.part() + " "
					+ (value ? StringLiteral.quote(rename.to()) : Identifiers.quote(rename.to())) + " TO "
					+ rename.from() + ";";
		}
		ObjectName renamed = new ObjectName(new QualifiedName(name.name().schema(), rename.to()), name.table(),
				name.arguments());
		return "ALTER " + rename.kind().sql() + " " + renamed.sql() + " RENAME TO "
				+ Identifiers.quote(name.name().name()) + ";";
	}

	private static @Nullable String setSchema(Change.SetSchema set) {
		String before = set.name().name().schema();
		if (before == null) {
			return null;
		}
		ObjectName moved = new ObjectName(new QualifiedName(set.schema(), set.name().name().name()), set.name().table(),
				set.name().arguments());
		return "ALTER " + set.kind().sql() + " " + moved.sql() + " SET SCHEMA " + Identifiers.quote(before) + ";";
	}

}
