package dev.tidemark.sql;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Substitution.Surroundings;

/**
 * Puts values in the place of the placeholders of one script; used once. What a
 * placeholder stands in is read from the script as it is before: no value can turn what
 * follows it into something else.
 */
final class Substitutor {

	private final String source;

	private final Substitution substitution;

	private final ScriptText.Builder result;

	private final LineCounter position;

	/** Where the next prefix stands, -1 if there is none any more. */
	private int next;

	Substitutor(String source, Substitution substitution) {
		this.source = source;
		this.substitution = substitution;
		this.result = new ScriptText.Builder(source);
		this.position = new LineCounter(source);
		this.next = source.indexOf(substitution.prefix());
	}

	/** Replaces the placeholders. */
	ScriptText substitute() {
		for (SqlStatement statement : SqlScript.parse(outline()).statements()) {
			if (this.next < 0) {
				break;
			}
			substitute(statement.lexer());
			CopyData rows = statement.copyData();
			if (rows != null) {
				substitute(rows.offset(), rows.end(), rows.end(), Surroundings.LITERAL);
			}
		}
		return this.result.build();
	}

	/**
	 * Returns the source with a word of the same length in the place of each name, for to
	 * the server's scanner a placeholder is not even the name of a table. Behind another
	 * dollar it may be the end of a tag, and stays.
	 */
	private String outline() {
		StringBuilder outline = new StringBuilder(this.source);
		int prefix = this.next;
		while (prefix >= 0) {
			int end = prefix + this.substitution.prefix().length();
			while (end < this.source.length() && isPartOfName(this.source.charAt(end))
					&& !this.source.startsWith(this.substitution.suffix(), end)) {
				end++;
			}
			boolean name = this.source.startsWith(this.substitution.suffix(), end)
					&& (prefix == 0 || this.source.charAt(prefix - 1) != '$');
			for (int i = prefix; name && i < end + this.substitution.suffix().length(); i++) {
				outline.setCharAt(i, '_');
			}
			prefix = this.source.indexOf(this.substitution.prefix(), end);
		}
		return outline.toString();
	}

	private static boolean isPartOfName(char c) {
		return Character.isLetterOrDigit(c) || "_.:-".indexOf(c) >= 0;
	}

	private void substitute(Lexer lexer) {
		while (this.next >= 0 && lexer.next() != Token.END) {
			int start = lexer.start();
			int end = lexer.end();
			if (this.next >= end) {
				continue;
			}
			switch (lexer.token()) {
				case STRING -> {
					int delimiter = (this.source.charAt(start) == '$') ? this.source.indexOf('$', start + 1) + 1 - start
							: 0;
					substitute(start + delimiter, end - delimiter, end - delimiter,
							(delimiter > 0) ? Surroundings.BODY : Surroundings.LITERAL);
				}
				case QUOTED_IDENTIFIER -> substitute(start, end, end, Surroundings.LITERAL);
				default ->
					lexer.continueAt(Math.max(end, substitute(start, end, this.source.length(), Surroundings.SQL)));
			}
		}
	}

	/**
	 * Replaces the placeholders that begin in a part of the source.
	 * @param limit where the last one has to end
	 * @return where the last one ends
	 */
	private int substitute(int start, int end, int limit, Surroundings surroundings) {
		int passed = start;
		seek(start);
		while (this.next >= 0 && this.next < end) {
			int prefix = this.next;
			int content = prefix + this.substitution.prefix().length();
			int suffix = endOfContent(content, limit);
			String value = (suffix >= 0) ? value(prefix, content, suffix, surroundings) : null;
			if (value != null) {
				passed = suffix + this.substitution.suffix().length();
				this.result.replace(prefix, passed, value);
				seek(passed);
			}
			else {
				seek(content);
			}
		}
		return passed;
	}

	private void seek(int offset) {
		if (this.next >= 0 && this.next < offset) {
			this.next = this.source.indexOf(this.substitution.prefix(), offset);
		}
	}

	private @Nullable String value(int prefix, int content, int suffix, Surroundings surroundings) {
		this.position.advanceTo(prefix);
		return this.substitution.replace(this.source.substring(content, suffix), surroundings, this.position.line(),
				this.position.column());
	}

	/** Returns where the suffix stands, or -1 if the line or the part ends before it. */
	private int endOfContent(int content, int limit) {
		int last = limit - this.substitution.suffix().length();
		for (int i = content; i <= last; i++) {
			if (this.source.startsWith(this.substitution.suffix(), i)) {
				return i;
			}
			if (Lexer.isLineBreak(this.source.charAt(i))) {
				return -1;
			}
		}
		return -1;
	}

}
