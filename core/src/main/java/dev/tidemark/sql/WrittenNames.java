package dev.tidemark.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names and constants of a statement in which placeholders stand, as the catalogue
 * holds them and as the file writes them. Used once.
 */
final class WrittenNames extends StatementReader {

	private static final Pattern QUOTED = Pattern.compile("(?s)(?:[uU]&|[eEnN])?([\"'])(.*)\\1");

	private final ScriptText script;

	private final Map<String, String> written = new HashMap<>();

	WrittenNames(ScriptText script, int offset, int end, boolean standardStrings) {
		super(script.text(), offset, end, standardStrings);
		this.script = script;
		while (!isAtEnd()) {
			read(lexer().start(), lexer().end());
		}
	}

	private void read(int start, int end) {
		Token token = lexer().token();
		if (token != Token.STRING && token != Token.WORD && token != Token.QUOTED_IDENTIFIER) {
			lexer().next();
			return;
		}
		String name = (token == Token.STRING) ? string() : identifier();
		String text = this.script.text().substring(start, end);
		String source = this.script.source().substring(this.script.sourceStart(start), this.script.sourceEnd(end));
		if (name != null && !source.equals(text)) {
			put(name, source);
			put(name.replace("\"", "\"\""), source);
			put((token == Token.WORD) ? text : "", source);
		}
	}

	private void put(String name, String source) {
		if (!name.isBlank()) {
			Matcher quoted = QUOTED.matcher(source);
			this.written.put(name, quoted.matches() ? quoted.group(2) : source);
		}
	}

	/**
	 * Returns the message with the names and constants as the file writes them. The
	 * server makes other names of them, such as {@code orders_pkey} of {@code orders}.
	 */
	String putInto(String message) {
		if (this.written.isEmpty()) {
			return message;
		}
		return new Occurrences(this.written.keySet(), List.of(), false).replace(message,
				(found) -> this.written.getOrDefault(found, ""));
	}

}
