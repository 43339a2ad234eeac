package dev.tidemark.sql;

import java.util.Locale;
import java.util.Set;

/**
 * Reads whether a statement has to do with the values that sequences have given to its
 * session.
 */
final class LastValueReader {

	private static final Set<String> READING = Set.of("currval", "lastval");

	/** Commands that may write rows, or call functions, and so advance sequences. */
	private static final Set<String> ADVANCING = Set.of("INSERT", "COPY", "MERGE", "UPDATE", "SELECT", "VALUES", "WITH",
			"TABLE", "CALL", "DO", "EXECUTE", "ALTER TABLE", "UNRECOGNISED");

	private LastValueReader() {
	}

	/** Tells whether a statement calls a function that reads such a value. */
	static boolean reads(Lexer lexer, String text) {
		boolean named = false;
		while (lexer.next() != Token.END) {
			if (named && lexer.isSymbol('(')) {
				return true;
			}
			named = isName(lexer, text);
		}
		return false;
	}

	private static boolean isName(Lexer lexer, String text) {
		return switch (lexer.token()) {
			case WORD -> READING.contains(text.substring(lexer.start(), lexer.end()).toLowerCase(Locale.ROOT));
			case QUOTED_IDENTIFIER ->
				lexer.end() - lexer.start() > 2 && READING.contains(text.substring(lexer.start() + 1, lexer.end() - 1));
			default -> false;
		};
	}

	/** Tells whether a statement may have got such a value. */
	static boolean mayGet(String command, String text) {
		return ADVANCING.contains(command) || text.toLowerCase(Locale.ROOT).contains("nextval");
	}

}
