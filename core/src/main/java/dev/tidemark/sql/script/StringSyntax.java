package dev.tidemark.sql.script;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.TokenReader;

/**
 * Follows the parameter {@code standard_conforming_strings} through a script: it decides
 * whether a backslash in a plain string is an escape. As for any parameter, a rollback
 * takes a change back, and {@code SET LOCAL} lasts until the end of the transaction.
 */
final class StringSyntax {

	private static final String PARAMETER = "standard_conforming_strings";

	private boolean current = true;

	private boolean session = true;

	/** The value to go back to, while the script has a transaction block open. */
	private @Nullable Boolean beforeTransaction;

	boolean isStandard() {
		return this.current;
	}

	/**
	 * Takes notice of a statement.
	 * @param command what it is
	 * @param tokens its tokens
	 */
	void follow(String command, TokenReader tokens) {
		switch (command) {
			case "SET" -> set(tokens);
			case "RESET" -> reset(tokens);
			case "DISCARD ALL" -> change(true, false);
			case "BEGIN", "START TRANSACTION" ->
				this.beforeTransaction = (this.beforeTransaction != null) ? this.beforeTransaction : this.session;
			case "COMMIT", "END", "PREPARE TRANSACTION" -> endTransaction(this.session);
			case "ROLLBACK", "ABORT" -> {
				if (!isToSavepoint(tokens)) {
					endTransaction((this.beforeTransaction != null) ? this.beforeTransaction : this.session);
				}
			}
			default -> {
				// No other command changes parameters.
			}
		}
	}

	private static boolean isToSavepoint(TokenReader tokens) {
		tokens.skip();
		if (!tokens.accept("WORK")) {
			tokens.accept("TRANSACTION");
		}
		return tokens.isAt("TO");
	}

	private void set(TokenReader tokens) {
		tokens.skip();
		boolean local = tokens.accept("LOCAL");
		if (!local) {
			tokens.accept("SESSION");
		}
		if (!tokens.plainValue().equals(PARAMETER)) {
			return;
		}
		tokens.skip();
		if (!tokens.acceptEqualsSign() && !tokens.accept("TO")) {
			return;
		}
		if (tokens.isAt("DEFAULT")) {
			change(true, local);
			return;
		}
		String value = tokens.plainValue();
		if (isPrefix(value, "true", 1) || isPrefix(value, "yes", 1) || isPrefix(value, "on", 2) || value.equals("1")) {
			change(true, local);
		}
		else if (isPrefix(value, "false", 1) || isPrefix(value, "no", 1) || isPrefix(value, "off", 2)
				|| value.equals("0")) {
			change(false, local);
		}
	}

	private void reset(TokenReader tokens) {
		tokens.skip();
		if (tokens.isAt("ALL") || tokens.plainValue().equals(PARAMETER)) {
			change(true, false);
		}
	}

	private void change(boolean standard, boolean local) {
		this.current = standard;
		if (!local) {
			this.session = standard;
		}
	}

	private void endTransaction(boolean standard) {
		this.beforeTransaction = null;
		this.session = standard;
		this.current = standard;
	}

	/** The server takes any unambiguous abbreviation of a boolean. */
	private static boolean isPrefix(String value, String word, int atLeast) {
		return value.length() >= atLeast && word.startsWith(value);
	}

}
