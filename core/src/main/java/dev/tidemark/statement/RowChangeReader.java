package dev.tidemark.statement;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.TokenReader;

/**
 * Reads what a query changes, or a command that works on rows; used once. A query may
 * hold such commands at any depth, so all of it is read.
 */
final class RowChangeReader extends TokenReader {

	/** What stands before parentheses and is no function. */
	private static final Set<String> KEYWORDS = Set.of("all", "and", "any", "as", "by", "exists", "filter", "from",
			"in", "not", "on", "or", "over", "select", "some", "using", "values", "where");

	private final List<Change> changes = new ArrayList<>();

	private final Set<String> functions = new LinkedHashSet<>();

	private boolean setsSearchPath;

	RowChangeReader(TokenReader tokens) {
		super(tokens);
	}

	List<Change> read() {
		if (accept("COPY")) {
			copy();
		}
		while (!isAtEnd()) {
			readOne();
		}
		if (this.setsSearchPath) {
			this.changes.add(new Change.SetSearchPath());
		}
		if (!this.functions.isEmpty()) {
			this.changes.add(new Change.Call(Set.copyOf(this.functions)));
		}
		return List.copyOf(this.changes);
	}

	private void copy() {
		QualifiedName table = name();
		if (table == null) {
			return;
		}
		skipParentheses();
		if (isAt("FROM")) {
			this.changes.add(new Change.Insert(table, false));
		}
	}

	private void readOne() {
		if (accept("FOR")) {
			// A lock of rows, which changes nothing.
			accept("NO", "KEY");
			skip("UPDATE");
		}
		else if (accept("DO", "UPDATE")) {
			this.changes.replaceAll((change) -> (change instanceof Change.Insert insert)
					? new Change.Insert(insert.table(), true) : change);
		}
		else if (accept("EXECUTE")) {
			if (isAtName()) {
				this.changes.add(new Change.Opaque("EXECUTE"));
			}
		}
		else if (!acceptTarget()) {
			readToken();
		}
	}

	private void readToken() {
		if (isAtName()) {
			String name = identifier();
			if (name != null && isAt('(') && !KEYWORDS.contains(name)) {
				this.functions.add(name);
			}
		}
		else if (isAtString()) {
			this.setsSearchPath |= "search_path".equalsIgnoreCase(string());
		}
		else {
			skip();
		}
	}

	/** Reads what a command writes to, if one begins here. */
	private boolean acceptTarget() {
		if (accept("DELETE", "FROM")) {
			add(relation(), "DELETE");
			return true;
		}
		if (accept("INSERT", "INTO")) {
			add(name(), "INSERT");
			return true;
		}
		if (accept("MERGE", "INTO")) {
			add(relation(), "MERGE");
			return true;
		}
		if (accept("UPDATE")) {
			if (!isAt("SET")) {
				add(relation(), "UPDATE");
			}
			return true;
		}
		return false;
	}

	private void add(@Nullable QualifiedName table, String command) {
		if (table == null) {
			this.changes.add(new Change.Opaque(command));
			return;
		}
		this.changes.add(switch (command) {
			case "DELETE" -> new Change.Delete(table);
			case "INSERT" -> new Change.Insert(table, false);
			case "MERGE" -> new Change.Merge(table);
			default -> new Change.Update(table, columns());
		});
	}

	/** Looks ahead: the values are still to be read, as they may hold queries. */
	private List<String> columns() {
		int start = start();
		List<String> columns = new ArrayList<>();
		while (!isAtEnd() && !isAt("SET")) {
			skip();
		}
		accept("SET");
		do {
			if (!assigned(columns)) {
				columns.clear();
				break;
			}
			while (!isAtEnd() && !isAt(',') && !isAt(')') && !isAt("FROM") && !isAt("WHERE") && !isAt("RETURNING")) {
				skipOne();
			}
		}
		while (accept(','));
		backTo(start);
		return List.copyOf(columns);
	}

	/** Reads what stands before one equals sign: a column, or some in parentheses. */
	private boolean assigned(List<String> columns) {
		boolean several = accept('(');
		do {
			String column = identifier();
			if (column == null) {
				return false;
			}
			columns.add(column);
		}
		while (several && accept(','));
		return !several || accept(')');
	}

}
