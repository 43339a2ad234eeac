package dev.tidemark.sql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads one statement token by token, names and constants as the catalogue would hold
 * them. Nothing is read before it is asked for, so that recognising a long statement by
 * its first words costs no more than those. What a statement means say those that extend
 * it.
 *
 * @since 0.1.0
 */
public class TokenReader {

	private static final int LONGEST_KEYWORD = 24;

	private final String text;

	private final int end;

	private final boolean standardStrings;

	private final Lexer lexer;

	public TokenReader(String text, int offset, int end, boolean standardStrings) {
		this.text = text;
		this.end = end;
		this.standardStrings = standardStrings;
		this.lexer = new Lexer(text, offset, end, standardStrings);
		this.lexer.next();
	}

	/** Goes on where another one is. */
	public TokenReader(TokenReader other) {
		this(other.text, other.lexer.start(), other.end, other.standardStrings);
	}

	public final int start() {
		return this.lexer.start();
	}

	public final int end() {
		return this.lexer.end();
	}

	/** Returns to a token whose {@link #start() start} is known. */
	public final void backTo(int start) {
		this.lexer.continueAt(start);
		this.lexer.next();
	}

	/** Returns the text from the current token to the end of the statement. */
	public final String rest() {
		return this.text.substring(this.lexer.start(), this.end);
	}

	public final boolean isAtEnd() {
		return isAt(Token.END);
	}

	public final boolean isAtWord() {
		return isAt(Token.WORD);
	}

	/** Tells whether a name comes next, or a keyword. */
	public final boolean isAtName() {
		return isAt(Token.WORD) || isAt(Token.QUOTED_IDENTIFIER);
	}

	public final boolean isAtString() {
		return isAt(Token.STRING);
	}

	public final boolean isAtNumber() {
		return isAt(Token.NUMBER);
	}

	public final boolean isAtOperator() {
		return isAt(Token.OPERATOR);
	}

	public final boolean isAtEqualsSign() {
		return isAtOperator() && isCharacter('=');
	}

	public final boolean isAt(String keyword) {
		return this.lexer.isWord(keyword);
	}

	public final boolean isAt(char symbol) {
		return this.lexer.isSymbol(symbol);
	}

	private boolean isAt(Token token) {
		return this.lexer.token() == token;
	}

	private boolean isCharacter(char character) {
		return this.lexer.start() + 1 == this.lexer.end() && this.text.charAt(this.lexer.start()) == character;
	}

	public final void skip() {
		this.lexer.next();
	}

	public final void skip(String keyword) {
		if (isAt(keyword)) {
			skip();
		}
	}

	public final boolean accept(String keyword) {
		boolean accepted = isAt(keyword);
		if (accepted) {
			skip();
		}
		return accepted;
	}

	/** Accepts all of the keywords or none: the first one may be a name. */
	public final boolean accept(String... keywords) {
		int start = start();
		for (String keyword : keywords) {
			if (!accept(keyword)) {
				backTo(start);
				return false;
			}
		}
		return true;
	}

	/** Accepts a character, be it a symbol or an operator. */
	public final boolean accept(char character) {
		boolean accepted = isCharacter(character);
		if (accepted) {
			skip();
		}
		return accepted;
	}

	public final boolean acceptEqualsSign() {
		boolean accepted = isAtEqualsSign();
		if (accepted) {
			skip();
		}
		return accepted;
	}

	/**
	 * Passes over a name, qualified or not. After a point any word is a name.
	 * @return whether there was one
	 */
	public final boolean acceptName() {
		if (!isAtName()) {
			return false;
		}
		skip();
		while (isAt('.')) {
			skip();
			if (isAtName()) {
				skip();
			}
		}
		return true;
	}

	/** A table as ALTER TABLE and CREATE INDEX take it: with or without its children. */
	public final @Nullable QualifiedName relation() {
		boolean only = accept("ONLY");
		boolean parenthesis = only && accept('(');
		QualifiedName name = name();
		if (parenthesis) {
			accept(')');
		}
		accept('*');
		return name;
	}

	public final @Nullable QualifiedName name() {
		String schema = null;
		String name = identifier();
		while (name != null && accept('.')) {
			schema = name;
			name = identifier();
		}
		return (name != null) ? new QualifiedName(schema, name) : null;
	}

	public final @Nullable String identifier() {
		if (!isAtName()) {
			return null;
		}
		String token = next();
		String identifier = Literals.identifier(token, Literals.isUnicode(token) ? escape() : '\\');
		return !identifier.isEmpty() ? identifier : null;
	}

	/** Reads the name of a setting, with the points in it. */
	public final @Nullable String dottedName() {
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

	public final @Nullable String string() {
		if (!isAtString()) {
			return null;
		}
		String token = next();
		return Literals.string(token, this.standardStrings, Literals.isUnicode(token) ? escape() : '\\');
	}

	private char escape() {
		if (!accept("UESCAPE") || !isAtString()) {
			return '\\';
		}
		String escape = Literals.string(next(), this.standardStrings, '\\');
		return (escape.length() == 1) ? escape.charAt(0) : '\\';
	}

	/**
	 * Reads a list of options in parentheses, such as {@code (verbose, connect = off)}.
	 * @return the values by name, without quotes and in lower case, empty for an option
	 * without value; empty if no parenthesis opens here. Of several options of one name
	 * the last one counts
	 */
	public final Map<String, String> options() {
		Map<String, String> options = new HashMap<>();
		if (!isAt('(')) {
			return options;
		}
		skip();
		while (!isAtEnd() && !isAt(')')) {
			String name = plainValue();
			skip();
			acceptEqualsSign();
			StringBuilder value = new StringBuilder();
			while (!isAtEnd() && !isAt(',') && !isAt(')')) {
				value.append(plainValue());
				skip();
			}
			options.put(name, value.toString());
			accept(',');
		}
		accept(')');
		return options;
	}

	/** Returns the current token as it is written. */
	public final String current() {
		return this.text.substring(this.lexer.start(), this.lexer.end());
	}

	/** Returns the current token as it is written, and moves on. */
	final String next() {
		String token = current();
		skip();
		return token;
	}

	/**
	 * Returns what the current token says, without its quotes and in lower case.
	 * @return the value; only plain quotes are removed, for no other notation is worth it
	 */
	public final String plainValue() {
		String value = current();
		boolean quoted = value.length() > 1 && (value.startsWith("'") || value.startsWith("\""));
		return (quoted ? value.substring(1, value.length() - 1) : value).toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns the current token as a keyword.
	 * @return the word in upper case, or an empty string if it cannot be a keyword
	 */
	public final String keyword() {
		int length = this.lexer.end() - this.lexer.start();
		if (!isAtWord() || length > LONGEST_KEYWORD) {
			return "";
		}
		StringBuilder keyword = new StringBuilder(length);
		for (int i = this.lexer.start(); i < this.lexer.end(); i++) {
			char c = this.text.charAt(i);
			keyword.append((c >= 'a' && c <= 'z') ? (char) (c - 'a' + 'A') : c);
		}
		return keyword.toString();
	}

	/** Moves on by one token, or by all that a pair of parentheses encloses. */
	public final void skipOne() {
		if (isAt('(')) {
			skipParentheses();
		}
		else {
			skip();
		}
	}

	/** Passes over a pair of parentheses, if one opens here, and all that it encloses. */
	public final void skipParentheses() {
		int depth = 0;
		while (!isAtEnd() && (depth > 0 || isAt('('))) {
			depth += nesting();
			skip();
			if (depth == 0) {
				return;
			}
		}
	}

	/**
	 * Moves behind the next occurrence of a keyword outside of parentheses.
	 * @return whether there was one
	 */
	public final boolean skipPast(String keyword) {
		while (!isAtEnd()) {
			if (accept(keyword)) {
				return true;
			}
			skipOne();
		}
		return false;
	}

	/** Reads one token, or all that a pair of parentheses encloses, as SQL. */
	public final void readInto(SqlBuilder sql) {
		int depth = 0;
		do {
			depth += nesting();
			sql.append(next());
		}
		while (depth > 0 && !isAtEnd());
	}

	/** Reads the current token alone, as SQL. */
	public final void takeInto(SqlBuilder sql) {
		sql.append(next());
	}

	private int nesting() {
		return isAt('(') ? 1 : isAt(')') ? -1 : 0;
	}

}
