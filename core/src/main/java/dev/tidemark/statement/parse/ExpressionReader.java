package dev.tidemark.statement.parse;

import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.SqlBuilder;
import dev.tidemark.statement.Expression;

/**
 * Reads one expression exactly to its end, and what it calls; used once. Whether a word
 * goes on with it depends on whether a value or an operator is due: {@code NOT} after a
 * value may begin {@code NOT NULL}, after {@code IS} it may not.
 */
final class ExpressionReader {

	/** After these a value is due. */
	private static final Set<String> INFIX = Set.of("AND", "BETWEEN", "BY", "CASE", "COLLATE", "DISTINCT", "ELSE",
			"FROM", "ILIKE", "IN", "IS", "LIKE", "NOT", "OR", "SIMILAR", "SYMMETRIC", "THEN", "TO", "WHEN", "ZONE");

	/** What stands before parentheses and is no function. */
	static final Set<String> KEYWORDS = Set.of("all", "and", "any", "as", "between", "by", "case", "conflict",
			"distinct", "else", "except", "exists", "filter", "for", "from", "full", "group", "having", "ilike", "in",
			"inner", "insert", "intersect", "interval", "is", "join", "lateral", "like", "limit", "materialized", "not",
			"offset", "on", "only", "operator", "or", "order", "over", "returning", "select", "similar", "some", "then",
			"to", "union", "using", "values", "when", "where", "window", "with");

	/** What is called without parentheses. */
	private static final Set<String> VALUES = Set.of("current_catalog", "current_date", "current_role",
			"current_schema", "current_time", "current_timestamp", "current_user", "localtime", "localtimestamp",
			"session_user", "system_user", "user");

	private final SqlReader sql;

	private final SqlBuilder text = new SqlBuilder();

	private final Set<QualifiedName> functions = new LinkedHashSet<>();

	private int parentheses;

	private int brackets;

	private int cases;

	private boolean valueDue = true;

	private boolean afterPoint;

	private boolean afterColon;

	/** Whether what comes is a type, whose modifiers stand in parentheses as well. */
	private boolean typeDue;

	ExpressionReader(SqlReader sql) {
		this.sql = sql;
	}

	/**
	 * Reads up to a comma, a parenthesis that closes, or a keyword.
	 * @param ends the keywords
	 */
	Expression read(Set<String> ends) {
		while (!this.sql.isAtEnd() && !isEnd(ends)) {
			readOne();
		}
		return result();
	}

	Expression readEnclosed() {
		do {
			readOne();
		}
		while (!this.sql.isAtEnd() && this.parentheses > 0);
		return result();
	}

	private Expression result() {
		if (this.text.isEmpty() || this.parentheses != 0) {
			throw this.sql.notUnderstood();
		}
		return new Expression(this.text.toString(), this.functions);
	}

	private boolean isEnd(Set<String> ends) {
		if (this.parentheses > 0 || this.brackets > 0) {
			return false;
		}
		if (this.sql.isAt(',') || this.sql.isAt(')')) {
			return true;
		}
		return this.cases == 0 && !this.valueDue && !this.afterPoint && this.sql.isAtWord()
				&& ends.contains(this.sql.keyword());
	}

	private void readOne() {
		boolean point = this.sql.isAt('.');
		if (this.sql.isAtWord() && !this.afterPoint) {
			word();
		}
		else if (this.sql.isAtName()) {
			name();
		}
		else {
			if (this.sql.isAt('(')) {
				this.parentheses++;
			}
			else if (this.sql.isAt(')')) {
				this.parentheses--;
			}
			else if (this.sql.isAt('[')) {
				this.brackets++;
			}
			else if (this.sql.isAt(']')) {
				this.brackets--;
			}
			boolean colon = this.sql.isAt(':');
			this.typeDue = (colon && this.afterColon) || (this.typeDue && this.sql.isAt('.'));
			this.afterColon = colon;
			this.valueDue = this.sql.isAtOperator() || this.sql.isAt('(') || this.sql.isAt('[') || this.sql.isAt(',')
					|| this.sql.isAt(':');
			this.sql.takeInto(this.text);
		}
		this.afterPoint = point;
	}

	private void word() {
		String keyword = this.sql.keyword();
		if (keyword.equals("CASE")) {
			this.cases++;
		}
		else if (keyword.equals("END") && this.cases > 0) {
			this.cases--;
		}
		if (INFIX.contains(keyword)) {
			this.typeDue = false;
			this.valueDue = true;
			this.sql.takeInto(this.text);
			return;
		}
		this.typeDue |= keyword.equals("AS");
		name();
	}

	/** Reads a name to its end, so that its last part may be found to be called. */
	private void name() {
		String schema = null;
		boolean quoted = !this.sql.isAtWord();
		String last = takeName();
		while (last != null && this.sql.isAt('.')) {
			schema = last;
			this.sql.takeInto(this.text);
			if (!this.sql.isAtName()) {
				// An asterisk.
				this.valueDue = false;
				return;
			}
			quoted |= !this.sql.isAtWord();
			last = takeName();
		}
		this.valueDue = false;
		if (last == null || this.typeDue) {
			return;
		}
		boolean plain = schema == null && !quoted;
		if (this.sql.isAt('(') ? !(plain && KEYWORDS.contains(last)) : (plain && VALUES.contains(last))) {
			this.functions.add(new QualifiedName(schema, last));
		}
	}

	private @Nullable String takeName() {
		int start = this.sql.start();
		String name = this.sql.identifier();
		this.sql.backTo(start);
		this.sql.takeInto(this.text);
		return name;
	}

}
