package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Which names stand in statements, read by their tokens alone. It does not know what each
 * of them means, so it is asked for a name that is known to be that of a table, a column
 * or a function.
 */
final class Mentions {

	/** What a table follows. */
	private static final Set<String> BEFORE_TABLE = Set.of("FROM", "JOIN", "UPDATE", "INTO", "USING", "TABLE", "ONLY",
			"ON", "REFERENCES", "EXISTS", "VIEW", "INDEX", "SEQUENCE", "TRUNCATE", "COPY", "LIKE", "LATERAL", ",", "::",
			":");

	/** What takes the name of a sequence as a string. */
	private static final Set<String> OF_SEQUENCES = Set.of("nextval", "currval", "setval");

	/** What cannot be the alias of a table. */
	private static final Set<String> NO_ALIAS = Set.of("SET", "WHERE", "ON", "USING", "JOIN", "LEFT", "RIGHT", "INNER",
			"FULL", "CROSS", "NATURAL", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION",
			"EXCEPT", "INTERSECT", "RETURNING", "VALUES", "SELECT", "DEFAULT", "WHEN", "WINDOW", "TABLESAMPLE", "FROM",
			"AND", "OR", "ADD", "DROP", "ALTER", "RENAME", "OWNER", "VALIDATE", "ATTACH", "DETACH", "CASCADE",
			"RESTRICT");

	private final List<Name> names = new ArrayList<>();

	/** What aliases stand for. */
	private final Map<String, Set<QualifiedName>> aliases = new HashMap<>();

	/** The tables into which rows are put, and nothing says in which columns. */
	private final Set<QualifiedName> wholeRows = new HashSet<>();

	private boolean allColumns;

	private Mentions() {
	}

	static Mentions of(Iterable<SqlStatement> statements) {
		Mentions mentions = new Mentions();
		statements.forEach(mentions::read);
		return mentions;
	}

	private void read(SqlStatement statement) {
		TokenReader tokens = statement.tokens();
		String before = "";
		while (!tokens.isAtEnd()) {
			if (tokens.isAtName()) {
				before = name(tokens, before);
			}
			else {
				if (before.equals("(") && tokens.isAtString()) {
					sequence(String.valueOf(new TokenReader(tokens).string()));
				}
				String token = tokens.current();
				if (token.equals("*") && (before.equals("SELECT") || before.equals(",") || before.equals("."))) {
					this.allColumns = true;
				}
				tokens.skip();
				before = token;
			}
		}
	}

	private void sequence(String text) {
		Name function = this.names.isEmpty() ? null : this.names.get(this.names.size() - 1);
		if (function != null && function.called() && OF_SEQUENCES.contains(function.relation().name())) {
			TokenReader tokens = new TokenReader(text, 0, text.length(), true);
			if (tokens.isAtName()) {
				name(tokens, "SEQUENCE");
			}
		}
	}

	/** Reads a name or a keyword, and returns what the next one follows. */
	private String name(TokenReader tokens, String before) {
		String keyword = tokens.keyword();
		List<String> parts = new ArrayList<>();
		String part = tokens.identifier();
		boolean point = false;
		while (part != null) {
			parts.add(part);
			point = tokens.accept('.');
			part = point ? tokens.identifier() : null;
		}
		if (parts.isEmpty()) {
			tokens.skip();
			return keyword;
		}
		boolean written = parts.size() == 1 && tokens.isAtEqualsSign() && (before.equals("SET") || before.equals(","));
		boolean type = before.equals("AS") && tokens.isAt(')');
		Name name = new Name(parts, type ? "::" : before, tokens.isAt('('), written);
		this.names.add(name);
		if (point) {
			return ".";
		}
		if (before.equals("INTO")) {
			columns(tokens, name);
		}
		else if (BEFORE_TABLE.contains(before)) {
			alias(tokens, name);
		}
		return (parts.size() == 1) ? keyword : "";
	}

	/** The columns that an INSERT names are those of its table, and of no other. */
	private void columns(TokenReader tokens, Name name) {
		alias(tokens, name);
		TokenReader ahead = new TokenReader(tokens);
		if (ahead.accept("AS")) {
			ahead.skip();
		}
		if (!ahead.accept('(') || isAtQuery(ahead)) {
			if (isAtQuery(ahead)) {
				this.wholeRows.add(name.relation());
			}
			return;
		}
		while (!ahead.isAtEnd() && !ahead.accept(')')) {
			String column = ahead.isAtName() ? ahead.identifier() : null;
			if (column != null) {
				this.names.add(new Name(List.of(name.relation().name(), column), "", false, true));
			}
			else {
				ahead.skip();
			}
		}
		tokens.backTo(ahead.start());
	}

	private static boolean isAtQuery(TokenReader tokens) {
		return tokens.isAt("SELECT") || tokens.isAt("WITH") || tokens.isAt("VALUES") || tokens.isAt("TABLE")
				|| tokens.isAt('(');
	}

	private void alias(TokenReader tokens, Name name) {
		TokenReader ahead = new TokenReader(tokens);
		boolean said = ahead.accept("AS");
		if (ahead.isAtName() && (said || !NO_ALIAS.contains(ahead.keyword()))) {
			String alias = ahead.identifier();
			if (alias != null) {
				this.aliases.computeIfAbsent(alias, (key) -> new HashSet<>()).add(name.relation());
			}
		}
	}

	/** Tells whether a relation is spoken of. */
	boolean relation(@Nullable String schema, String table) {
		return this.names.stream()
			.anyMatch((name) -> BEFORE_TABLE.contains(name.before()) && isSame(name.relation(), schema, table));
	}

	private static boolean isSame(QualifiedName name, @Nullable String schema, String table) {
		return name.name().equals(table) && ObjectRef.mayBe(name.schema(), schema);
	}

	/** Tells whether a column of a table may be spoken of. */
	boolean column(@Nullable String schema, String table, String column) {
		return relation(schema, table) && (this.allColumns
				|| this.names.stream().anyMatch((name) -> name.isColumn(column) && mayBelongTo(name, schema, table)));
	}

	/** Tells whether the rows of a relation are worked on, other than by adding some. */
	boolean rows(@Nullable String schema, String table) {
		return this.names.stream()
			.anyMatch((name) -> BEFORE_TABLE.contains(name.before()) && !name.before().equals("INTO")
					&& isSame(name.relation(), schema, table));
	}

	/** Tells whether a column of a table may be read, and not only be written. */
	boolean read(@Nullable String schema, String table, String column) {
		return rows(schema, table) && (this.allColumns || this.names.stream()
			.anyMatch((name) -> !name.written() && name.isColumn(column) && mayBelongTo(name, schema, table)));
	}

	/** Tells whether all columns of a table are taken, however many it has. */
	boolean allColumns(@Nullable String schema, String table) {
		return this.allColumns && rows(schema, table);
	}

	/** Tells whether rows are put into a table, and nothing says in which columns. */
	boolean wholeRows(@Nullable String schema, String table) {
		return this.wholeRows.stream().anyMatch((relation) -> isSame(relation, schema, table));
	}

	/** What an alias stands for is known; what else may stand before a column is not. */
	private boolean mayBelongTo(Name name, @Nullable String schema, String table) {
		String qualifier = name.qualifier();
		if (qualifier == null) {
			return true;
		}
		Set<QualifiedName> known = this.aliases.get(qualifier);
		if (known != null) {
			return known.stream().anyMatch((relation) -> isSame(relation, schema, table));
		}
		boolean otherTable = !qualifier.equals(table) && this.names.stream()
			.anyMatch((other) -> BEFORE_TABLE.contains(other.before()) && other.relation().name().equals(qualifier));
		return !otherTable;
	}

	/** Tells whether a function is called. */
	boolean routine(@Nullable String schema, String function) {
		return this.names.stream().anyMatch((name) -> name.called() && isSame(name.relation(), schema, function));
	}

	/** Tells whether something in a schema is spoken of by its whole name. */
	boolean schema(String schema) {
		return this.names.stream().anyMatch((name) -> name.parts().size() > 1 && name.parts().get(0).equals(schema));
	}

	/**
	 * A name that stands somewhere.
	 *
	 * @param parts its parts, such as schema and table
	 * @param before the keyword or symbol before it
	 * @param called whether a parenthesis opens behind it
	 * @param written whether it is a column that gets a value
	 */
	private record Name(List<String> parts, String before, boolean called, boolean written) {

		QualifiedName relation() {
			int last = this.parts.size() - 1;
			return new QualifiedName((last > 0) ? this.parts.get(last - 1) : null, this.parts.get(last));
		}

		/** A name behind AS is one that is given here. */
		boolean isColumn(String column) {
			return !this.called && !this.before.equals("AS") && this.parts.get(this.parts.size() - 1).equals(column);
		}

		@Nullable String qualifier() {
			return (this.parts.size() > 1) ? this.parts.get(this.parts.size() - 2) : null;
		}

	}

}
