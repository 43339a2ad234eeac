package dev.tidemark.statement.parse;

import java.util.Locale;
import java.util.Set;

import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Reads whether a statement has to do with the values that sequences have given to its
 * session; used once.
 */
final class LastValueReader extends TokenReader {

	private static final Set<String> READING = Set.of("currval", "lastval");

	private LastValueReader(TokenReader tokens) {
		super(tokens);
	}

	/** Tells whether a statement calls a function that reads such a value. */
	static boolean reads(SqlStatement statement) {
		return new LastValueReader(statement.tokens()).reads();
	}

	private boolean reads() {
		boolean named = false;
		while (!isAtEnd()) {
			if (named && isAt('(')) {
				return true;
			}
			named = isAtName() && READING.contains(currentName());
			skip();
		}
		return false;
	}

	private String currentName() {
		String name = current();
		return isAtWord() ? name.toLowerCase(Locale.ROOT) : name.substring(1, name.length() - 1);
	}

}
