package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Persistence;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.Statement;

/**
 * Reads what reads or writes rows; used once. Only the commands themselves are followed:
 * expressions are passed over, but for what they call.
 */
final class RowsParser {

	/** What lies deeper no person has written. */
	private static final int DEEPEST = 100;

	private static final Set<String> CLAUSES = Set.of("FROM", "WHERE", "RETURNING");

	private final SqlReader sql;

	private final List<RowChange> changes = new ArrayList<>();

	private final Set<QualifiedName> functions = new LinkedHashSet<>();

	private final List<SetParameter> settings = new ArrayList<>();

	private @Nullable QualifiedName into;

	private Persistence intoPersistence = Persistence.PERMANENT;

	private boolean locksRows;

	/** How many queries this one is in. */
	private int depth;

	RowsParser(SqlReader sql) {
		this.sql = sql;
	}

	/** Reads a command up to its end, or to what encloses it. */
	Statement read() {
		command();
		Rows rows = rows();
		return (this.into == null) ? rows
				: new CreateTableAs(ObjectKind.TABLE, this.into, this.intoPersistence, false, rows, true);
	}

	private Rows rows() {
		return new Rows(this.changes, this.functions, this.settings, this.locksRows);
	}

	/** Passes over an expression for what it calls. */
	Rows readExpressions() {
		scan();
		return rows();
	}

	/** Passes over arguments in parentheses, if they come, for what they call. */
	Rows readArguments() {
		if (this.sql.isAt('(')) {
			scanOne();
		}
		return rows();
	}

	private void command() {
		if (++this.depth > DEEPEST) {
			throw this.sql.notUnderstood();
		}
		with();
		plainCommand();
		this.depth--;
	}

	private void with() {
		if (this.sql.accept("WITH")) {
			this.sql.accept("RECURSIVE");
			do {
				commonTable();
			}
			while (this.sql.accept(','));
		}
	}

	private void plainCommand() {
		int opened = 0;
		while (this.sql.accept('(')) {
			opened++;
			if (this.sql.isAt("WITH")) {
				command();
				close(opened);
				return;
			}
		}
		if (this.sql.accept("INSERT", "INTO")) {
			insert();
		}
		else if (this.sql.accept("UPDATE")) {
			update();
		}
		else if (this.sql.accept("DELETE", "FROM")) {
			delete();
		}
		else if (this.sql.accept("MERGE", "INTO")) {
			merge();
		}
		else if (this.sql.isAtAny("SELECT", "VALUES", "TABLE")) {
			scan();
		}
		else {
			throw this.sql.notUnderstood();
		}
		close(opened);
	}

	/** What stands in parentheses may go on behind them, as with UNION. */
	private void close(int opened) {
		for (int i = 0; i < opened; i++) {
			this.sql.expect(')');
			scan();
		}
	}

	private void commonTable() {
		this.sql.requireIdentifier();
		if (this.sql.isAt('(')) {
			this.sql.skipParentheses();
		}
		this.sql.expect("AS");
		if (!this.sql.accept("NOT", "MATERIALIZED")) {
			this.sql.accept("MATERIALIZED");
		}
		this.sql.expect('(');
		command();
		this.sql.expect(')');
		if (this.sql.accept("SEARCH")) {
			this.sql.skip();
			this.sql.expect("FIRST", "BY");
			this.sql.list(this.sql::requireIdentifier);
			this.sql.expect("SET");
			this.sql.requireIdentifier();
		}
		if (this.sql.accept("CYCLE")) {
			cycle();
		}
	}

	private void cycle() {
		this.sql.list(this.sql::requireIdentifier);
		this.sql.expect("SET");
		this.sql.requireIdentifier();
		if (this.sql.accept("TO")) {
			this.sql.expression("DEFAULT");
			this.sql.expect("DEFAULT");
			this.sql.expression("USING");
		}
		this.sql.expect("USING");
		this.sql.requireIdentifier();
	}

	private void insert() {
		QualifiedName table = this.sql.requireName();
		if (this.sql.accept("AS")) {
			this.sql.requireIdentifier();
		}
		int position = this.changes.size();
		this.changes.add(new RowChange.Insert(table, false, List.of()));
		if (this.sql.isAt("WITH")) {
			command();
		}
		List<String> overwritten = scanForOverwrite();
		if (!overwritten.isEmpty()) {
			this.changes.set(position, new RowChange.Insert(table, true, overwritten));
		}
	}

	/** Passes over an insertion for what it changes in rows that are there. */
	private List<String> scanForOverwrite() {
		List<String> overwritten = new ArrayList<>();
		while (!isAtEnd()) {
			if (this.sql.accept("DO", "UPDATE", "SET")) {
				overwritten.addAll(assignments());
			}
			else if (this.sql.isAt("WITH") && isQueryAhead()) {
				command();
			}
			else {
				scanOne();
			}
		}
		return overwritten;
	}

	private boolean isQueryAhead() {
		int start = this.sql.start();
		this.sql.skip();
		this.sql.accept("RECURSIVE");
		boolean named = this.sql.identifier() != null;
		if (this.sql.isAt('(')) {
			this.sql.skipParentheses();
		}
		boolean query = named && this.sql.accept("AS")
				&& (!this.sql.isAtName() || this.sql.isAtAny("NOT", "MATERIALIZED"));
		this.sql.backTo(start);
		return query;
	}

	private void update() {
		QualifiedName table = this.sql.requireRelation();
		portion();
		if (this.sql.accept("AS") || !this.sql.isAt("SET")) {
			this.sql.requireIdentifier();
		}
		this.sql.expect("SET");
		int position = this.changes.size();
		List<String> columns = assignments();
		boolean where = scanForCondition();
		this.changes.add(position, new RowChange.Update(table, columns, where));
	}

	/** Passes over FOR PORTION OF, which some builds of PostgreSQL 19 have. */
	private void portion() {
		if (this.sql.accept("FOR", "PORTION", "OF")) {
			this.sql.requireIdentifier();
			if (this.sql.isAt('(')) {
				this.sql.skipParentheses();
				return;
			}
			this.sql.expect("FROM");
			this.sql.expression("TO");
			this.sql.expect("TO");
			this.sql.expression("AS", "SET", "USING", "WHERE", "RETURNING");
		}
	}

	private List<String> assignments() {
		List<String> columns = new ArrayList<>();
		do {
			if (this.sql.accept('(')) {
				columns.addAll(this.sql.list(this::target));
				this.sql.expect(')');
			}
			else {
				columns.add(target());
			}
			if (!this.sql.acceptEqualsSign()) {
				throw this.sql.notUnderstood();
			}
			value();
		}
		while (this.sql.accept(','));
		return columns;
	}

	/** Reads a column, and passes over the field or element of it that is meant. */
	private String target() {
		String column = this.sql.requireIdentifier();
		while (this.sql.isAt('.') || this.sql.isAt('[')) {
			if (this.sql.accept('.')) {
				this.sql.requireIdentifier();
			}
			else {
				brackets();
			}
		}
		return column;
	}

	private void brackets() {
		int depth = 0;
		do {
			depth += this.sql.isAt('[') ? 1 : this.sql.isAt(']') ? -1 : 0;
			scanOne();
		}
		while (depth > 0 && !this.sql.isAtEnd());
	}

	private void value() {
		boolean distinct = false;
		int cases = 0;
		while (!isAtEnd() && !this.sql.isAt(',')) {
			if (!distinct && this.sql.isAtWord() && CLAUSES.contains(this.sql.keyword())) {
				return;
			}
			if (cases == 0 && this.sql.isAt("WHEN")) {
				return;
			}
			cases += this.sql.isAt("CASE") ? 1 : this.sql.isAt("END") ? -1 : 0;
			distinct = this.sql.isAt("DISTINCT");
			if (this.sql.isAt('[')) {
				brackets();
			}
			else {
				scanOne();
			}
		}
	}

	private void delete() {
		QualifiedName table = this.sql.requireRelation();
		int position = this.changes.size();
		boolean where = scanForCondition();
		this.changes.add(position, new RowChange.Delete(table, where));
	}

	private boolean scanForCondition() {
		boolean where = false;
		while (!isAtEnd()) {
			where |= this.sql.isAt("WHERE");
			scanOne();
		}
		return where;
	}

	private void merge() {
		QualifiedName table = this.sql.requireRelation();
		int position = this.changes.size();
		boolean deletes = false;
		boolean then = false;
		List<String> columns = new ArrayList<>();
		while (!isAtEnd()) {
			deletes |= then && this.sql.isAt("DELETE");
			if (then && this.sql.accept("UPDATE", "SET")) {
				columns.addAll(assignments());
				then = false;
				continue;
			}
			then = this.sql.isAt("THEN");
			scanOne();
		}
		this.changes.add(position, new RowChange.Merge(table, deletes, columns));
	}

	/** Whether the command is over: only what encloses it closes here. */
	private boolean isAtEnd() {
		return this.sql.isAtEnd() || this.sql.isAt(')') || this.sql.isAtNextElement()
				|| (this.sql.isAt("WITH") && isAtDataClause());
	}

	/** Whether a table that is made from the query gets its rows. */
	private boolean isAtDataClause() {
		int start = this.sql.start();
		this.sql.skip();
		this.sql.accept("NO");
		boolean data = this.sql.accept("DATA") && this.sql.isAtEnd();
		this.sql.backTo(start);
		return data;
	}

	private void scan() {
		while (!isAtEnd()) {
			if (this.sql.accept("INTO")) {
				into();
			}
			else {
				scanOne();
			}
		}
	}

	private void into() {
		if (this.sql.acceptAny("TEMP", "TEMPORARY")) {
			this.intoPersistence = Persistence.TEMPORARY;
		}
		else if (this.sql.accept("UNLOGGED")) {
			this.intoPersistence = Persistence.UNLOGGED;
		}
		this.sql.accept("TABLE");
		this.into = this.sql.requireName();
	}

	/** Passes over one token, a name with all of its parts, or all in parentheses. */
	private void scanOne() {
		if (this.sql.isAt('(')) {
			int depth = 0;
			do {
				depth += this.sql.isAt('(') ? 1 : this.sql.isAt(')') ? -1 : 0;
				scanToken();
			}
			while (depth > 0 && !this.sql.isAtEnd());
			if (depth > 0) {
				throw this.sql.notUnderstood();
			}
			return;
		}
		scanToken();
	}

	private void scanToken() {
		if (!this.sql.isAtName()) {
			this.sql.skip();
			return;
		}
		if (this.sql.isAt("FOR")) {
			this.sql.skip();
			boolean noKey = this.sql.accept("NO", "KEY");
			this.locksRows |= this.sql.isAtAny("UPDATE", "SHARE") || this.sql.isAt("KEY") || noKey;
			return;
		}
		boolean quoted = !this.sql.isAtWord();
		String schema = null;
		String name = this.sql.identifier();
		while (this.sql.isAt('.')) {
			this.sql.skip();
			schema = name;
			if (!this.sql.isAtName()) {
				return;
			}
			quoted |= !this.sql.isAtWord();
			name = this.sql.identifier();
		}
		if (name == null || !this.sql.isAt('(')) {
			return;
		}
		if (schema != null || quoted || !ExpressionReader.KEYWORDS.contains(name)) {
			this.functions.add(new QualifiedName(schema, name));
			if (name.equals("set_config")) {
				SetParameter set = new SetConfigReader(this.sql).read();
				if (set != null) {
					this.settings.add(set);
				}
			}
		}
	}

}
