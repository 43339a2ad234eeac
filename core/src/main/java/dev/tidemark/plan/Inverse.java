package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Change;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Statements;

/**
 * Derives from the statements of a migration what would take them back, in the reverse
 * order. What has no inverse that the text alone tells becomes a comment: a guess would
 * be worse than a gap. Used once.
 *
 * @since 0.1.0
 */
public final class Inverse {

	private final List<String> lines = new ArrayList<>();

	/** What is dropped with the tables that the file creates needs no inverse. */
	private final Set<QualifiedName> created = new HashSet<>();

	/** What drops the indexes that the file creates, by their names. */
	private final Map<QualifiedName, String> indexes = new HashMap<>();

	/** What has set the search path for the statements that come now. */
	private @Nullable String searchPath;

	/** How many lines there were then. */
	private int before;

	/** Whether nothing can set the path again that these statements have. */
	private boolean unknownPath;

	private Inverse() {
	}

	/**
	 * Derives the inverse of a migration.
	 * @param migration the migration
	 * @param script what its file holds
	 * @return the suggestion
	 */
	public static UndoSuggestion of(Migration migration, Script script) {
		String sql = "-- Derived from " + PlainText.line(migration.script())
				+ ": read and correct it before you save it.\n" + statements(script);
		return new UndoSuggestion(migration.identity(), migration.undoScript(), sql);
	}

	/**
	 * Derives statements alone.
	 * @param script what a file holds
	 * @return a line or more for each statement that needs an inverse
	 */
	public static String statements(Script script) {
		Inverse inverse = new Inverse();
		inverse.unknownPath = script.statements().stream().anyMatch(Inverse::setsSearchPath);
		script.statements().forEach(inverse::add);
		inverse.endSearchPath();
		Collections.reverse(inverse.lines);
		return inverse.lines.stream().map((line) -> line + "\n").collect(Collectors.joining());
	}

	private void add(SqlStatement statement) {
		boolean plain = statement.source().equals(statement.text()) && !statement.source().contains("${");
		boolean path = setsSearchPath(statement);
		if (path) {
			endSearchPath();
			beginSearchPath(plain ? statement.source() + ";" : null);
		}
		if (!plain) {
			// A file to be saved must not hold the values of placeholders, and what is
			// not replaced yet is no name.
			this.lines.add(withoutInverse(statement));
			return;
		}
		if (path) {
			return;
		}
		List<Change> changes = Statements.of(statement).changes();
		for (Change change : changes) {
			// What a command on rows calls besides is a matter of its rows.
			boolean beside = change instanceof Change.Call && changes.size() > 1;
			if (!beside && !isGone(change)) {
				String sql = (this.unknownPath && needsSearchPath(change)) ? null : inverse(change);
				if (sql == null) {
					this.lines.add(withoutInverse(statement));
				}
				else if (!sql.isEmpty()) {
					this.lines.add(sql);
				}
			}
		}
	}

	private static boolean setsSearchPath(SqlStatement statement) {
		return Statements.of(statement).changes().stream().anyMatch(Change.SetSearchPath.class::isInstance);
	}

	/** In the reverse order what sets a path comes before what needs it. */
	private void endSearchPath() {
		if (this.searchPath != null && this.lines.size() > this.before) {
			this.lines.add(this.searchPath);
		}
	}

	private void beginSearchPath(@Nullable String path) {
		this.searchPath = path;
		this.unknownPath = path == null;
		this.before = this.lines.size();
		this.created.removeIf((name) -> name.schema() == null);
		this.indexes.keySet().removeIf((name) -> name.schema() == null);
	}

	/**
	 * Tells whether a name has no schema. The path that a session begins with cannot be
	 * set again by what a file says.
	 */
	private static boolean needsSearchPath(Change change) {
		if (change instanceof Change.OfTable ofTable && ofTable.table() != null) {
			return ofTable.table().schema() == null;
		}
		if (change instanceof Change.Create create) {
			return create.name() != null && create.name().name().schema() == null && create.kind().isInSchema();
		}
		if (change instanceof Change.Rename rename) {
			return rename.name().name().schema() == null && rename.kind().isInSchema();
		}
		return !(change instanceof Change.Passing);
	}

	private static String withoutInverse(SqlStatement statement) {
		return "-- line " + statement.line() + " has no inverse that could be derived: " + statement.excerpt();
	}

	private boolean isGone(Change change) {
		if (change instanceof Change.Create create && create.kind() == ObjectKind.TABLE && create.name() != null
				&& !create.maybe() && !create.temporary()) {
			this.created.add(create.name().name());
		}
		return change instanceof Change.OfTable ofTable && ofTable.table() != null
				&& this.created.contains(ofTable.table());
	}

	/**
	 * Returns the inverse, an empty text if none is needed, {@code null} if none is
	 * known.
	 */
	private @Nullable String inverse(Change change) {
		if (change instanceof Change.Create create) {
			return drop(create);
		}
		if (change instanceof Change.AddColumn add) {
			return add.maybe() ? null : alter(add.table(), "DROP COLUMN " + Identifiers.quote(add.column()));
		}
		if (change instanceof Change.AddConstraint add) {
			return constraint(add);
		}
		if (change instanceof Change.SetNotNull set) {
			return alter(set.table(), "ALTER COLUMN " + Identifiers.quote(set.column())
					+ (set.required() ? " DROP NOT NULL" : " SET NOT NULL"));
		}
		if (change instanceof Change.AttachPartition attach) {
			return alter(attach.table(), "DETACH PARTITION " + attach.partition().quoted());
		}
		if (change instanceof Change.AttachIndex attach) {
			boolean dropped = this.indexes.containsKey(attach.index());
			return (isTaken(attach.part()) && dropped) ? "" : null;
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
		return (change instanceof Change.Passing) ? "" : null;
	}

	private @Nullable String drop(Change.Create create) {
		String drop = create(create);
		if (create.kind() == ObjectKind.INDEX && create.name() != null && drop != null) {
			this.indexes.put(create.name().name(), drop);
		}
		return drop;
	}

	/** An index that became the constraint's goes with it, and none comes back. */
	private @Nullable String constraint(Change.AddConstraint add) {
		String name = (add.name() != null) ? add.name() : add.index();
		boolean restored = add.index() == null || isTaken(new QualifiedName(add.table().schema(), add.index()));
		return (name != null && restored) ? alter(add.table(), "DROP CONSTRAINT " + Identifiers.quote(name)) : null;
	}

	/**
	 * Takes the index for one that is dropped with something else. Returns whether it is
	 * one of this file.
	 */
	private boolean isTaken(QualifiedName index) {
		String drop = this.indexes.get(index);
		return drop != null && this.lines.remove(drop);
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
