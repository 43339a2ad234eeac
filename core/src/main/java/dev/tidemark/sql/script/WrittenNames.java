package dev.tidemark.sql.script;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tidemark.sql.Occurrences;
import dev.tidemark.sql.TokenReader;

/**
 * The names and constants of a statement in which placeholders stand, as the catalogue
 * holds them and as the file writes them. Used once.
 */
final class WrittenNames extends TokenReader {

	private static final Pattern QUOTED = Pattern.compile("(?s)(?:[uU]&|[eEnN])?([\"'])(.*)\\1");

	private final ScriptText script;

	private final Map<String, String> written = new HashMap<>();

	/**
	 * Reads a statement.
	 * @param script the script that it stands in
	 * @param tokens the tokens of the statement
	 */
	WrittenNames(ScriptText script, TokenReader tokens) {
		super(tokens);
		this.script = script;
		while (!isAtEnd()) {
			read(start(), end());
		}
	}

	private void read(int start, int end) {
		boolean string = isAtString();
		boolean word = isAtWord();
		if ((!string && !isAtName()) || isAt("TRUE")) {
			skip();
			return;
		}
		String name = string ? string() : identifier();
		String text = this.script.text().substring(start, end);
		String source = this.script.source().substring(this.script.sourceStart(start), this.script.sourceEnd(end));
		if (name != null && !source.equals(text)) {
			put(name, source);
			put(name.replace("\"", "\"\""), source);
			put(word ? text : "", source);
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
