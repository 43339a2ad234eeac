package dev.tidemark.sql;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads one statement token by token, names and constants as the catalogue would hold
 * them. For {@link SubjectReader} and {@link ChangeReader}, which say what it means.
 */
abstract class StatementReader {

	private final String text;

	private final int end;

	private final boolean standardStrings;

	private final Lexer lexer;

	StatementReader(String text, int offset, int end, boolean standardStrings) {
		this.text = text;
		this.end = end;
		this.standardStrings = standardStrings;
		this.lexer = new Lexer(text, offset, end, standardStrings);
		this.lexer.next();
	}

	/** Goes on where another one is. */
	StatementReader(StatementReader other) {
		this(other.text, other.lexer.start(), other.end, other.standardStrings);
	}

	Lexer lexer() {
		return this.lexer;
	}

	/** Returns the text from the current token to the end of the statement. */
	String rest() {
		return this.text.substring(this.lexer.start(), this.end);
	}

	boolean isAtEnd() {
		return this.lexer.token() == Token.END;
	}

	boolean isEqualsSign() {
		return this.lexer.token() == Token.OPERATOR && this.lexer.end() - this.lexer.start() == 1
				&& this.text.charAt(this.lexer.start()) == '=';
	}

	void skip(String keyword) {
		if (isAt(keyword)) {
			this.lexer.next();
		}
	}

	boolean isAt(String keyword) {
		return this.lexer.isWord(keyword);
	}

	/** Accepts all of the keywords or none: the first one may be a name. */
	boolean accept(String... keywords) {
		int start = this.lexer.start();
		for (String keyword : keywords) {
			if (!isAt(keyword)) {
				this.lexer.continueAt(start);
				this.lexer.next();
				return false;
			}
			this.lexer.next();
		}
		return true;
	}

	boolean accept(char character) {
		boolean accepted = this.lexer.start() + 1 == this.lexer.end()
				&& this.text.charAt(this.lexer.start()) == character;
		if (accepted) {
			this.lexer.next();
		}
		return accepted;
	}

	/** A table as ALTER TABLE and CREATE INDEX take it: with or without its children. */
	@Nullable QualifiedName relation() {
		boolean only = accept("ONLY");
		boolean parenthesis = only && accept('(');
		QualifiedName name = name();
		if (parenthesis) {
			accept(')');
		}
		accept('*');
		return name;
	}

	@Nullable QualifiedName name() {
		String schema = null;
		String name = identifier();
		while (name != null && accept('.')) {
			schema = name;
			name = identifier();
		}
		return (name != null) ? new QualifiedName(schema, name) : null;
	}

	@Nullable String identifier() {
		if (this.lexer.token() != Token.WORD && this.lexer.token() != Token.QUOTED_IDENTIFIER) {
			return null;
		}
		String token = next();
		String identifier = Literals.identifier(token, Literals.isUnicode(token) ? escape() : '\\');
		return !identifier.isEmpty() ? identifier : null;
	}

	/** Reads the name of a setting, with the points in it. */
	@Nullable String dottedName() {
		String first = identifier();
		if (first == null) {
			return null;
		}
		StringBuilder name = new StringBuilder(first);
		while (accept('.')) {
			name.append('.').append(identifier());
		}
		return name.toString();
	}

	@Nullable String string() {
		if (this.lexer.token() != Token.STRING) {
			return null;
		}
		String token = next();
		return Literals.string(token, this.standardStrings, Literals.isUnicode(token) ? escape() : '\\');
	}

	char escape() {
		if (!accept("UESCAPE") || this.lexer.token() != Token.STRING) {
			return '\\';
		}
		String escape = Literals.string(next(), this.standardStrings, '\\');
		return (escape.length() == 1) ? escape.charAt(0) : '\\';
	}

	String next() {
		String token = this.text.substring(this.lexer.start(), this.lexer.end());
		this.lexer.next();
		return token;
	}

	Map<String, String> options() {
		if (!this.lexer.isSymbol('(')) {
			return Map.of();
		}
		Map<String, String> options = new Cursor(this.text, this.lexer.start(), this.end, this.standardStrings)
			.options();
		while (this.lexer.token() != Token.END && !accept(')')) {
			this.lexer.next();
		}
		return options;
	}

	/** Moves on by one token, or by all that a pair of parentheses encloses. */
	void skipOne() {
		if (this.lexer.isSymbol('(')) {
			skipParentheses();
		}
		else {
			this.lexer.next();
		}
	}

	/** Passes over a pair of parentheses, if one opens here, and all that it encloses. */
	void skipParentheses() {
		readParentheses(new SqlText());
	}

	/** Moves behind the next occurrence of a keyword outside of parentheses. */
	void skipPast(String keyword) {
		while (!isAtEnd() && !accept(keyword)) {
			skipOne();
		}
	}

	/** Reads one token, or all that a pair of parentheses encloses, as SQL. */
	void readInto(SqlText sql) {
		if (this.lexer.isSymbol('(')) {
			readParentheses(sql);
		}
		else {
			sql.append(next());
		}
	}

	private void readParentheses(SqlText sql) {
		int depth = 0;
		while (!isAtEnd() && (depth > 0 || this.lexer.isSymbol('('))) {
			depth += this.lexer.isSymbol('(') ? 1 : this.lexer.isSymbol(')') ? -1 : 0;
			sql.append(next());
		}
	}

}
