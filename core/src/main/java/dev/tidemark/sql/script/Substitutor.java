package dev.tidemark.sql.script;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.LineCounter;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault;
import dev.tidemark.sql.Token;
import dev.tidemark.sql.script.Substitution.Surroundings;

/**
 * Puts values in the place of the placeholders of one script; used once. What a
 * placeholder stands in is read from the script as it is before: no value can turn what
 * follows it into something else.
 */
final class Substitutor {

	/**
	 * How long the name of a placeholder is at most, with its default: without a limit,
	 * many that do not end would all be read up to the same far place.
	 */
	private static final int LONGEST_CONTENT = 4000;

	private final String source;

	private final Substitution substitution;

	private final ScriptText.Builder result;

	private final LineCounter position;

	/** Where the next prefix stands, -1 if there is none any more. */
	private int next;

	/** The first value that closes a constant or name in its middle. */
	private @Nullable SyntaxFault fault;

	/** Where the next suffix or line end stands, as far as it was looked for. */
	private int stop;

	Substitutor(String source, Substitution substitution) {
		this.source = source;
		this.substitution = substitution;
		this.result = new ScriptText.Builder(source);
		this.position = new LineCounter(source);
		this.next = source.indexOf(substitution.prefix());
	}

	/**
	 * Replaces the placeholders.
	 * @throws SqlSyntaxException if the source cannot be cut into statements, or a value
	 * closes a constant or name in its middle and opens no other one
	 */
	ScriptText substitute() {
		for (SqlStatement statement : statements(outline(this.next))) {
			if (this.next < 0) {
				break;
			}
			substitute(statement.lexer());
			CopyData rows = statement.copyData();
			if (rows != null) {
				substitute(rows.offset(), rows.end(), rows.end(), Surroundings.LITERAL);
			}
		}
		if (this.fault != null) {
			throw new SqlSyntaxException(List.of(this.fault));
		}
		return this.result.build();
	}

	/**
	 * Finds the value that breaks the text: with all values before it the text can be
	 * cut, with it not. Only what is refused is cut several times.
	 * @param script the text with all values
	 * @param reason what is wrong with it
	 * @return what is thrown
	 */
	SqlSyntaxException culprit(ScriptText script, SyntaxFault.Reason reason) {
		String outline = outline(this.source.indexOf(this.substitution.prefix()));
		int sound = 0;
		int broken = script.placeholders();
		while (broken - sound > 1) {
			int middle = (sound + broken) >>> 1;
			if (isSound(script.withFirst(middle, outline))) {
				sound = middle;
			}
			else {
				broken = middle;
			}
		}
		return new SqlSyntaxException(
				List.of(inValue(reason, script.placeholderStart(broken - 1), script.placeholderEnd(broken - 1))));
	}

	private SyntaxFault inValue(SyntaxFault.Reason reason, int start, int end) {
		String content = this.source.substring(start + this.substitution.prefix().length(),
				end - this.substitution.suffix().length());
		return SyntaxFault.inValue(reason, content, this.source, start);
	}

	private static List<SqlStatement> statements(String text) {
		return new Splitter(ScriptText.of(text)).split();
	}

	private static boolean isSound(String text) {
		try {
			statements(text);
			return true;
		}
		catch (SqlSyntaxException ex) {
			return false;
		}
	}

	/**
	 * Returns the source with a word of the same length in the place of each name, for to
	 * the server's scanner a placeholder is not even the name of a table. Behind another
	 * dollar it may be the end of a tag, and stays.
	 */
	private String outline(int first) {
		StringBuilder outline = new StringBuilder(this.source);
		int prefix = first;
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
					if (delimiter > 0) {
						substitute(start + delimiter, end - delimiter, end - delimiter, Surroundings.BODY);
					}
					else {
						quoted(start, end, '\'', SyntaxFault.Reason.UNTERMINATED_STRING);
					}
				}
				case QUOTED_IDENTIFIER -> quoted(start, end, '"', SyntaxFault.Reason.UNTERMINATED_IDENTIFIER);
				default ->
					lexer.continueAt(Math.max(end, substitute(start, end, this.source.length(), Surroundings.SQL)));
			}
		}
	}

	/**
	 * Replaces the placeholders of a constant or name in quotes. An odd number of quotes
	 * turns inside out what follows: even where the next such value turns it back, no
	 * text is meant so. What has a backslash may have escaped its quote.
	 */
	private void quoted(int start, int end, char quote, SyntaxFault.Reason reason) {
		int first = this.result.count();
		substitute(start, end, end, Surroundings.LITERAL);
		int odd = this.result.firstOdd(first, quote);
		if (odd >= 0 && this.fault == null) {
			this.fault = inValue(reason, this.result.sourceStart(odd), this.result.sourceEnd(odd));
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

	/**
	 * Returns where the suffix stands, or -1 if the line or the part ends before it. What
	 * was passed in vain for one prefix is not looked at again for the next one.
	 */
	private int endOfContent(int content, int limit) {
		this.stop = Math.max(this.stop, content);
		while (this.stop < this.source.length() && !isSuffix(this.stop)
				&& !Lexer.isLineBreak(this.source.charAt(this.stop))) {
			this.stop++;
		}
		boolean complete = isSuffix(this.stop) && this.stop + this.substitution.suffix().length() <= limit;
		return (complete && this.stop - content <= LONGEST_CONTENT) ? this.stop : -1;
	}

	private boolean isSuffix(int offset) {
		return this.source.startsWith(this.substitution.suffix(), offset);
	}

}
