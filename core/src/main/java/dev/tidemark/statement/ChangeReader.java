package dev.tidemark.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.SqlBuilder;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Reads the {@link Change changes} of one statement that defines something; used once.
 * Errors of grammar are left to the server.
 */
final class ChangeReader extends TokenReader {

	private static final Set<String> OPAQUE = Set.of("CALL", "COMMIT PREPARED", "DO", "DROP OWNED", "EXECUTE", "LOAD",
			"ROLLBACK PREPARED", SqlStatement.UNRECOGNISED);

	private static final Set<String> PASSING = Set.of("ANALYSE", "ANALYZE", "CHECKPOINT", "CLOSE", "CLUSTER",
			"DEALLOCATE", "DISCARD PLANS", "DISCARD SEQUENCES", "DISCARD TEMP", "FETCH", "LISTEN", "LOCK", "MOVE",
			"NOTIFY", "PREPARE", "REFRESH MATERIALIZED VIEW", "REINDEX", "RELEASE", "REPACK", "SAVEPOINT",
			"SET CONSTRAINTS", "SHOW", "UNLISTEN", "VACUUM");

	private static final Set<String> ROWS = Set.of("COPY", "DECLARE", "DELETE", "EXPLAIN", "INSERT", "MERGE", "SELECT",
			"TABLE", "UPDATE", "VALUES", "WITH");

	private static final Set<ObjectKind> FORMER = java.util.EnumSet.of(ObjectKind.AGGREGATE, ObjectKind.COLLATION,
			ObjectKind.DATABASE, ObjectKind.DOMAIN, ObjectKind.EVENT_TRIGGER, ObjectKind.EXTENSION,
			ObjectKind.FOREIGN_TABLE, ObjectKind.FUNCTION, ObjectKind.INDEX, ObjectKind.MATERIALIZED_VIEW,
			ObjectKind.POLICY, ObjectKind.PROCEDURE, ObjectKind.PUBLICATION, ObjectKind.ROUTINE, ObjectKind.RULE,
			ObjectKind.SCHEMA, ObjectKind.SEQUENCE, ObjectKind.SERVER, ObjectKind.STATISTICS, ObjectKind.TABLE,
			ObjectKind.TRIGGER, ObjectKind.TYPE, ObjectKind.VIEW);

	private static final String CASCADE = "CASCADE";

	private final String command;

	private ChangeReader(TokenReader tokens, String command) {
		super(tokens);
		this.command = command;
	}

	/**
	 * Reads a statement.
	 * @param statement the statement
	 * @return what it changes, in order
	 */
	static List<Change> read(SqlStatement statement) {
		String command = statement.command();
		if (OPAQUE.contains(command)) {
			return List.of(new Change.Opaque(command));
		}
		if (PASSING.contains(command)) {
			return List.of(new Change.Passing(command));
		}
		if (ROWS.contains(command)) {
			return new RowChangeReader(statement.tokens()).read();
		}
		List<Change> changes = new ChangeReader(statement.tokens(), command).read();
		return !changes.isEmpty() ? changes : List.of(new Change.Other(command));
	}

	private List<Change> read() {
		Change change = switch (this.command) {
			case "COMMENT" -> comment();
			case "GRANT" -> grant();
			case "TRUNCATE" -> truncate();
			case "SET", "RESET", "DISCARD ALL" -> setting();
			default -> null;
		};
		if (change != null) {
			return List.of(change);
		}
		ObjectKind kind = ObjectKind.of(this.command.replace(" CONCURRENTLY", "")).filter(FORMER::contains).orElse(null);
		if (this.command.startsWith("DROP ")) {
			return List.of((kind != null) ? drop(kind) : new Change.Drop(null, List.of(), endsWithCascade()));
		}
		if (kind == null) {
			return List.of();
		}
		if (this.command.startsWith("CREATE ")) {
			change = create(kind);
			return (change != null) ? withQuery(change, kind) : List.of();
		}
		return this.command.startsWith("ALTER ") ? alter(kind) : List.of();
	}

	private @Nullable Change create(ObjectKind kind) {
		boolean maybe = false;
		boolean temporary = false;
		String first = kind.sql().split(" ")[0];
		while (!isAtEnd() && !isAt(first)) {
			maybe |= isAt("REPLACE");
			temporary |= isAt("TEMP") || isAt("TEMPORARY");
			skip();
		}
		accept(kind.sql().split(" "));
		boolean concurrently = accept("CONCURRENTLY");
		maybe |= accept("IF", "NOT", "EXISTS");
		if (kind == ObjectKind.INDEX) {
			return createIndex(maybe, concurrently);
		}
		if (kind == ObjectKind.SCHEMA) {
			accept("AUTHORIZATION");
		}
		if (kind == ObjectKind.STATISTICS && (isAt("ON") || isAt('('))) {
			return new Change.Create(kind, null, null, maybe, temporary, false);
		}
		QualifiedName name = name();
		if (name == null) {
			return null;
		}
		if (kind.belongsToTable()) {
			skipPast((kind == ObjectKind.RULE) ? "TO" : "ON");
			QualifiedName table = name();
			return (table != null)
					? new Change.Create(kind, new ObjectName(name, table, null), table, maybe, false, false) : null;
		}
		String arguments = kind.hasArguments() ? arguments() : null;
		return new Change.Create(kind, new ObjectName(name, null, arguments), null, maybe, temporary, false);
	}

	/** A table may be made from a query, which may delete rows elsewhere. */
	private List<Change> withQuery(Change create, ObjectKind kind) {
		List<Change> changes = new ArrayList<>();
		changes.add(create);
		if (kind == ObjectKind.TABLE || kind == ObjectKind.MATERIALIZED_VIEW) {
			skipPast("AS");
			changes.addAll(new RowChangeReader(this).read());
		}
		return List.copyOf(changes);
	}

	private @Nullable Change createIndex(boolean maybe, boolean concurrently) {
		String name = isAt("ON") ? null : identifier();
		accept("ON");
		QualifiedName table = relation();
		if (table == null) {
			return null;
		}
		// An index lives in the schema of its table.
		ObjectName index = (name != null) ? ObjectName.of(new QualifiedName(table.schema(), name)) : null;
		return new Change.Create(ObjectKind.INDEX, index, table, maybe, false, concurrently);
	}

	private Change drop(ObjectKind kind) {
		skip("DROP");
		accept(kind.sql().split(" "));
		accept("CONCURRENTLY");
		accept("IF", "EXISTS");
		List<ObjectName> names = new ArrayList<>();
		do {
			QualifiedName name = name();
			if (name == null) {
				return new Change.Opaque(this.command);
			}
			String arguments = kind.hasArguments() ? arguments() : null;
			QualifiedName table = (kind.belongsToTable() && accept("ON")) ? name() : null;
			names.add(new ObjectName(name, table, arguments));
		}
		while (accept(','));
		return new Change.Drop(kind, List.copyOf(names), accept(CASCADE));
	}

	private List<Change> alter(ObjectKind kind) {
		skip("ALTER");
		accept(kind.sql().split(" "));
		accept("IF", "EXISTS");
		QualifiedName name = (kind == ObjectKind.TABLE || kind == ObjectKind.FOREIGN_TABLE) ? relation() : name();
		if (name == null) {
			return List.of();
		}
		String arguments = kind.hasArguments() ? arguments() : null;
		QualifiedName table = (kind.belongsToTable() && accept("ON")) ? name() : null;
		ObjectName object = new ObjectName(name, table, arguments);
		List<Change> changes = new ArrayList<>();
		do {
			Change change = action(kind, object);
			changes.add((change != null) ? change : new Change.Other(this.command));
			skipToComma();
		}
		while (accept(','));
		return changes;
	}

	private @Nullable Change action(ObjectKind kind, ObjectName object) {
		if (accept("RENAME")) {
			return rename(kind, object);
		}
		if (accept("SET", "SCHEMA")) {
			String schema = identifier();
			return (schema != null) ? new Change.SetSchema(kind, object, schema) : null;
		}
		boolean changesTypedTables = kind == ObjectKind.TYPE
				&& (accept("DROP", "ATTRIBUTE") || accept("ALTER", "ATTRIBUTE"));
		if (changesTypedTables || (kind == ObjectKind.EXTENSION && accept("UPDATE"))) {
			return new Change.Opaque(this.command);
		}
		if (kind == ObjectKind.INDEX && accept("ATTACH", "PARTITION")) {
			QualifiedName part = name();
			return (part != null) ? new Change.AttachIndex(object.name(), part) : null;
		}
		if (kind != ObjectKind.TABLE && kind != ObjectKind.FOREIGN_TABLE) {
			return null;
		}
		QualifiedName table = object.name();
		if (accept("ADD")) {
			return add(table);
		}
		if (accept("DROP")) {
			return dropColumn(table);
		}
		if (accept("ALTER")) {
			return alterColumn(table);
		}
		if (accept("ATTACH", "PARTITION")) {
			QualifiedName partition = name();
			return (partition != null) ? new Change.AttachPartition(table, partition) : null;
		}
		if (accept("INHERIT")) {
			QualifiedName parent = name();
			return (parent != null) ? new Change.Inherit(table, parent) : null;
		}
		return rowSecurity(table);
	}

	private @Nullable Change rename(ObjectKind kind, ObjectName object) {
		if (accept("TO")) {
			String to = identifier();
			return (to != null) ? new Change.Rename(kind, object, null, null, to) : null;
		}
		if (accept("VALUE")) {
			String from = string();
			accept("TO");
			String to = string();
			return (from != null && to != null)
					? new Change.Rename(kind, object, "VALUE", StringLiteral.quote(from), to) : null;
		}
		String part = accept("CONSTRAINT") ? "CONSTRAINT" : (kind == ObjectKind.TYPE) ? "ATTRIBUTE" : "COLUMN";
		skip(part);
		String from = identifier();
		accept("TO");
		String to = identifier();
		return (from != null && to != null) ? new Change.Rename(kind, object, part, Identifiers.quote(from), to) : null;
	}

	private @Nullable Change add(QualifiedName table) {
		if (accept("CONSTRAINT")) {
			String name = identifier();
			return new Change.AddConstraint(table, name, ownIndex());
		}
		if (accept("EXCLUDE", "USING") || isAt("CHECK") || isAt("FOREIGN") || isAt("NOT") || isAt("PRIMARY")
				|| isAt("UNIQUE")) {
			return new Change.AddConstraint(table, null, ownIndex());
		}
		skip("COLUMN");
		boolean maybe = accept("IF", "NOT", "EXISTS");
		String column = identifier();
		if (isAt('(')) {
			// EXCLUDE without USING: no type begins with a parenthesis.
			return new Change.AddConstraint(table, null, null);
		}
		return (column != null) ? new Change.AddColumn(table, column, maybe) : null;
	}

	/** Reads which index becomes that of a constraint. */
	private @Nullable String ownIndex() {
		return (accept("UNIQUE", "USING", "INDEX") || accept("PRIMARY", "KEY", "USING", "INDEX")) ? identifier() : null;
	}

	private @Nullable Change dropColumn(QualifiedName table) {
		if (accept("CONSTRAINT")) {
			return null;
		}
		skip("COLUMN");
		accept("IF", "EXISTS");
		String column = identifier();
		return (column != null) ? new Change.DropColumn(table, column, accept(CASCADE)) : null;
	}

	private @Nullable Change alterColumn(QualifiedName table) {
		if (isAt("CONSTRAINT")) {
			return null;
		}
		skip("COLUMN");
		String column = identifier();
		if (column == null) {
			return null;
		}
		boolean required = accept("SET", "NOT", "NULL");
		if (required || accept("DROP", "NOT", "NULL")) {
			return new Change.SetNotNull(table, column, required);
		}
		if (!accept("SET", "DATA", "TYPE") && !accept("TYPE")) {
			return null;
		}
		SqlBuilder type = new SqlBuilder();
		while (!isAtEnd() && !isAt("USING") && !isAt("COLLATE") && !isAt(',')) {
			readInto(type);
		}
		boolean using = false;
		while (!isAtEnd() && !isAt(',')) {
			using |= isAt("USING");
			skipOne();
		}
		return new Change.AlterColumnType(table, column, type.toString(), using);
	}

	private @Nullable Change rowSecurity(QualifiedName table) {
		boolean enable = accept("ENABLE", "ROW");
		if (enable || accept("DISABLE", "ROW")) {
			return new Change.RowSecurity(table, false, enable);
		}
		boolean force = accept("FORCE");
		return (force || accept("NO", "FORCE")) ? new Change.RowSecurity(table, true, force) : null;
	}

	private @Nullable Change comment() {
		if (accept("COMMENT", "ON", "TABLE")) {
			QualifiedName table = name();
			return (table != null) ? new Change.Comment(table) : null;
		}
		if (!accept("COMMENT", "ON", "COLUMN")) {
			return null;
		}
		List<String> names = new ArrayList<>();
		do {
			String name = identifier();
			if (name == null) {
				return null;
			}
			names.add(name);
		}
		while (accept('.'));
		int table = names.size() - 2;
		return (table >= 0)
				? new Change.Comment(new QualifiedName((table > 0) ? names.get(table - 1) : null, names.get(table)))
				: null;
	}

	private @Nullable Change grant() {
		skip("GRANT");
		SqlBuilder what = new SqlBuilder();
		while (!isAtEnd() && !isAt("TO")) {
			readInto(what);
		}
		skip("TO");
		SqlBuilder to = new SqlBuilder();
		while (!isAtEnd() && !isAt("WITH") && !isAt("GRANTED")) {
			readInto(to);
		}
		return (what.isEmpty() || to.isEmpty()) ? null : new Change.Grant(what.toString(), to.toString());
	}

	private Change truncate() {
		skip("TRUNCATE");
		skip("TABLE");
		List<QualifiedName> tables = new ArrayList<>();
		do {
			QualifiedName table = relation();
			if (table == null) {
				return new Change.Opaque(this.command);
			}
			tables.add(table);
		}
		while (accept(','));
		return new Change.Truncate(List.copyOf(tables), endsWithCascade());
	}

	private Change setting() {
		while (!isAtEnd()) {
			if (isAt("SEARCH_PATH") || isAt("SCHEMA") || isAt("ALL")) {
				return new Change.SetSearchPath();
			}
			if (isAtOperator() || isAt("TO")) {
				break;
			}
			skip();
		}
		return new Change.Passing(this.command);
	}

	/**
	 * Reads arguments in parentheses, if they open here, and leaves out their defaults.
	 */
	private @Nullable String arguments() {
		if (!accept('(')) {
			return null;
		}
		SqlBuilder arguments = new SqlBuilder();
		boolean isDefault = false;
		while (!isAtEnd() && !isAt(')')) {
			isDefault = !isAt(',') && (isDefault || isAt("DEFAULT") || isAtEqualsSign());
			if (isDefault) {
				skipOne();
			}
			else {
				readInto(arguments);
			}
		}
		accept(')');
		return arguments.toString();
	}

	/** Moves to the end of one action of several. */
	private void skipToComma() {
		while (!isAtEnd() && !isAt(',')) {
			skipOne();
		}
	}

	private boolean endsWithCascade() {
		boolean cascade = false;
		while (!isAtEnd()) {
			cascade = isAt(CASCADE);
			skip();
		}
		return cascade;
	}

}
