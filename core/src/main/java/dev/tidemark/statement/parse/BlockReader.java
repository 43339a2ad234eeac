package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Unknown;

/**
 * Reads the statements in a block of PL/pgSQL; used once. Which of them run, and how
 * often, is decided when the block does; what it makes of strings is not known.
 */
final class BlockReader {

	private static final String[] ROWS = { "DELETE", "INSERT", "MERGE", "SELECT", "TABLE", "UPDATE", "VALUES", "WITH" };

	private final String body;

	private final boolean standardStrings;

	private final int depth;

	private final List<Statement> statements = new ArrayList<>();

	private boolean complete = true;

	/** Whether declarations come, as they do up to the next BEGIN. */
	private boolean declares;

	private BlockReader(String body, boolean standardStrings, int depth) {
		this.body = body;
		this.standardStrings = standardStrings;
		this.depth = depth;
	}

	static DoBlock read(String language, String body, boolean standardStrings, int depth) {
		if (!language.equals("plpgsql")) {
			return new DoBlock(language, List.of(), false);
		}
		BlockReader reader = new BlockReader(body, standardStrings, depth);
		try {
			reader.read();
		}
		catch (SqlSyntaxException ex) {
			// The server will say so.
			reader.complete = false;
		}
		return new DoBlock(language, reader.statements, reader.complete);
	}

	private void read() {
		TokenReader tokens = new TokenReader(this.body, 0, this.body.length(), this.standardStrings);
		while (!tokens.isAtEnd()) {
			int start = tokens.start();
			while (!tokens.isAtEnd() && !tokens.isAt(';')) {
				tokens.skipOne();
			}
			int end = tokens.isAtEnd() ? this.body.length() : tokens.start();
			part(between(start, end));
			tokens.skip();
		}
	}

	/** Reads what stands between two semicolons. */
	private void part(SqlReader sql) {
		try {
			while (acceptControl(sql)) {
				// One statement may stand behind several words of control.
			}
			if (!sql.isAtEnd()) {
				statement(sql);
			}
		}
		catch (NotUnderstoodException ex) {
			this.complete = false;
		}
	}

	private boolean acceptControl(SqlReader sql) {
		if (sql.isAtEnd()) {
			return false;
		}
		if (sql.isAtOperator()) {
			// A label.
			sql.skip();
			sql.requireIdentifier();
			sql.skip();
			return true;
		}
		if (sql.accept("DECLARE")) {
			this.declares = true;
			return true;
		}
		if (sql.accept("BEGIN")) {
			this.declares = false;
			return true;
		}
		if (this.declares) {
			declaration(sql);
			return false;
		}
		if (sql.acceptAny("IF", "ELSIF", "ELSEIF", "WHEN", "CASE")) {
			upTo(sql, "THEN");
			return true;
		}
		if (sql.accept("WHILE")) {
			upTo(sql, "LOOP");
			return true;
		}
		if (sql.acceptAny("FOR", "FOREACH")) {
			loop(sql);
			return true;
		}
		if (sql.accept("END")) {
			sql.skipRest();
			return false;
		}
		return sql.acceptAny("EXCEPTION", "ELSE", "LOOP");
	}

	/** Reads a variable, or a cursor, whose query may write what it returns. */
	private void declaration(SqlReader sql) {
		int start = sql.start();
		sql.identifier();
		skipScroll(sql);
		if (!sql.accept("CURSOR")) {
			sql.backTo(start);
			expressions(sql);
			return;
		}
		sql.skipParentheses();
		if (!sql.acceptAny("FOR", "IS")) {
			throw sql.notUnderstood();
		}
		query(sql);
	}

	private static void skipScroll(SqlReader sql) {
		sql.accept("NO");
		sql.accept("SCROLL");
	}

	/** Reads an expression up to a keyword of control, and passes over that. */
	private void upTo(SqlReader sql, String keyword) {
		int start = sql.start();
		int end = endOf(sql, keyword);
		expressions(between(start, end));
	}

	private SqlReader between(int start, int end) {
		return new SqlReader(new TokenReader(this.body, start, end, this.standardStrings), this.standardStrings,
				this.depth);
	}

	/** Finds a keyword outside of parentheses and CASE, and moves behind it. */
	private static int endOf(SqlReader sql, String keyword) {
		int cases = 0;
		while (!sql.isAtEnd()) {
			if (cases == 0 && sql.isAt(keyword)) {
				int end = sql.start();
				sql.skip();
				return end;
			}
			cases += sql.isAt("CASE") ? 1 : (sql.isAt("END") && cases > 0) ? -1 : 0;
			sql.skipOne();
		}
		throw sql.notUnderstood();
	}

	private void loop(SqlReader sql) {
		endOf(sql, "IN");
		sql.accept("ARRAY");
		sql.accept("REVERSE");
		int start = sql.start();
		SqlReader over = between(start, endOf(sql, "LOOP"));
		if (over.isAt("EXECUTE") || isAtQuery(over)) {
			source(over);
		}
		else {
			expressions(over);
		}
	}

	private void statement(SqlReader sql) {
		if (sql.isAt("EXECUTE")) {
			execute(sql);
		}
		else if (sql.accept("RETURN")) {
			returned(sql);
		}
		else if (sql.accept("OPEN")) {
			open(sql);
		}
		else if (sql.acceptAny("PERFORM", "RAISE", "ASSERT", "EXIT", "CONTINUE", "NULL", "GET", "FETCH", "MOVE",
				"CLOSE") || isAssignment(sql)) {
			expressions(sql);
		}
		else if (isAtQuery(sql)) {
			query(sql);
		}
		else {
			plain(sql);
		}
	}

	private static boolean isAtQuery(SqlReader sql) {
		return sql.isAtAny(ROWS) || sql.isAt('(');
	}

	private void open(SqlReader sql) {
		sql.acceptName();
		skipScroll(sql);
		if (!sql.accept("FOR")) {
			expressions(sql);
		}
		else {
			source(sql);
		}
	}

	private void returned(SqlReader sql) {
		if (!sql.accept("QUERY")) {
			expressions(sql);
		}
		else {
			source(sql);
		}
	}

	/** Reads where rows come from: a query, or one that is made from a string. */
	private void source(SqlReader sql) {
		if (sql.isAt("EXECUTE")) {
			execute(sql);
		}
		else {
			query(sql);
		}
	}

	private static boolean isAssignment(SqlReader sql) {
		int start = sql.start();
		boolean named = sql.acceptName();
		while (named && (sql.isAt('[') || sql.isAt('.'))) {
			char end = sql.isAt('[') ? ']' : '.';
			while (!sql.isAtEnd() && !sql.isAt(end)) {
				sql.skip();
			}
			sql.skip();
			named = end == ']' || sql.acceptName();
		}
		boolean assignment = named && (sql.isAt(':') || sql.isAtEqualsSign());
		sql.backTo(start);
		return assignment;
	}

	/**
	 * Reads a statement that is made from a string, if that is constant, and its values.
	 */
	private void execute(SqlReader sql) {
		sql.expect("EXECUTE");
		String made = sql.string();
		if (made == null || !(sql.isAtEnd() || sql.isAtAny("INTO", "USING"))) {
			this.complete = false;
			this.statements.add(new Unknown("EXECUTE"));
			return;
		}
		String one = made.strip();
		int end = one.endsWith(";") ? one.length() - 1 : one.length();
		add(StatementParser.parse(new TokenReader(one, 0, end, this.standardStrings), this.standardStrings,
				this.depth));
		expressions(sql);
	}

	private void plain(SqlReader sql) {
		add(StatementParser.parse(sql, this.standardStrings, this.depth));
	}

	/** What is selected into is a variable here, and no table. */
	private void query(SqlReader sql) {
		Statement query = new RowsParser(sql).read();
		this.complete &= sql.isAtEnd();
		add((query instanceof CreateTableAs into) ? into.query() : query);
	}

	private void add(Statement statement) {
		this.complete &= !(statement instanceof Unknown);
		this.statements.add(statement);
	}

	/** Notes what is called. */
	private void expressions(SqlReader sql) {
		Rows rows = new RowsParser(sql).readExpressions();
		if (!rows.functions().isEmpty()) {
			this.statements.add(rows);
		}
	}

}
