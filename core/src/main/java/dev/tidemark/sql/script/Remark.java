package dev.tidemark.sql.script;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.LineCounter;
import dev.tidemark.sql.SqlSyntaxException;

/**
 * A comment of one line that speaks to Tidemark: {@code -- tidemark: …}.
 *
 * @param position where the comment begins
 * @param text what stands behind the colon, without blanks around it
 * @since 0.1.0
 */
public record Remark(SourcePosition position, String text) {

	private static final String ADDRESSEE = "tidemark";

	/**
	 * Finds those at the head of a script, which ends with the first token: it goes on
	 * over blanks and comments of both kinds.
	 * @param source the text of the script
	 * @return the remarks in order
	 */
	public static List<Remark> atHead(String source) {
		List<Remark> remarks = new ArrayList<>();
		LineCounter position = new LineCounter(source);
		Lexer lexer = new Lexer(source, 0, source.length(), true);
		lexer.tellComments((offset) -> {
			if (isAt(source, offset)) {
				remarks.add(at(source, offset, position));
			}
		});
		try {
			lexer.next();
		}
		catch (SqlSyntaxException ex) {
			// What has no end is told by whoever cuts the script.
		}
		return remarks;
	}

	/** Tells whether a comment that ends with its line is one. */
	static boolean isAt(String text, int comment) {
		return behindColon(text, comment) >= 0;
	}

	/**
	 * Reads the one at an offset, if there is one: where the value of a placeholder has
	 * brought it along, the source has none, and so its text is empty.
	 * @param position counts the lines of the source
	 */
	static Remark at(String source, int offset, LineCounter position) {
		position.advanceTo(offset);
		int start = behindColon(source, offset);
		int end = Math.max(start, 0);
		while (start >= 0 && end < source.length() && !Lexer.isLineBreak(source.charAt(end))) {
			end++;
		}
		return new Remark(new SourcePosition(position.line(), position.column()),
				source.substring(Math.max(start, 0), end).strip());
	}

	/** Returns the offset behind the colon, or -1 if the comment speaks to others. */
	private static int behindColon(String text, int comment) {
		if (!text.startsWith("--", comment)) {
			return -1;
		}
		int start = skipBlanks(text, comment + 2);
		if (!text.regionMatches(true, start, ADDRESSEE, 0, ADDRESSEE.length())) {
			return -1;
		}
		int colon = skipBlanks(text, start + ADDRESSEE.length());
		return text.startsWith(":", colon) ? colon + 1 : -1;
	}

	private static int skipBlanks(String text, int offset) {
		int i = offset;
		while (i < text.length() && isBlank(text.charAt(i)) && !Lexer.isLineBreak(text.charAt(i))) {
			i++;
		}
		return i;
	}

	/** What is pasted from elsewhere may have blanks that look like any other. */
	private static boolean isBlank(char c) {
		return Character.isWhitespace(c) || Character.isSpaceChar(c);
	}

}
