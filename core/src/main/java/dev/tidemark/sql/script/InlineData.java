package dev.tidemark.sql.script;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault.Reason;

/**
 * The inline rows after a {@code COPY … FROM STDIN}, in the form that pg_dump writes and
 * psql reads (documentation of psql, {@code \copy}, and of {@code COPY}, "Text Format").
 *
 * @param offset the offset of the first row
 * @param end the offset of the terminating line
 * @param next the offset where SQL goes on
 */
record InlineData(int offset, int end, int next) {

	private static final String TERMINATOR = "\\.";

	/**
	 * Finds the rows of a statement.
	 * @param text the text of the script
	 * @param statement the offset of the statement
	 * @param semicolon the offset behind its semicolon
	 * @return the place of the rows
	 * @throws SqlSyntaxException if they do not begin on the next line, or have no end
	 */
	static InlineData find(String text, int statement, int semicolon) {
		int lineBreak = endOfSemicolonLine(text, statement, semicolon);
		int offset = skipLineBreak(text, lineBreak);
		// Rows may contain a carriage return, so only a file that has no other line
		// breaks here may end them with one.
		boolean loneReturns = text.charAt(lineBreak) == '\r' && offset == lineBreak + 1;
		int end = text.indexOf(TERMINATOR, offset);
		while (end >= 0) {
			int behind = end + TERMINATOR.length();
			if ((end == offset || endsLine(text.charAt(end - 1), loneReturns))
					&& isLineEnd(text, behind, loneReturns)) {
				return new InlineData(offset, end, skipLineBreak(text, behind));
			}
			end = text.indexOf(TERMINATOR, behind);
		}
		throw failure(text, statement, "The line \\. that ends the rows of this COPY ... FROM STDIN is missing");
	}

	private static int endOfSemicolonLine(String text, int statement, int semicolon) {
		int i = semicolon;
		while (i < text.length()) {
			char c = text.charAt(i);
			if (Lexer.isLineBreak(c)) {
				return i;
			}
			if (text.startsWith("--", i)) {
				while (i < text.length() && !Lexer.isLineBreak(text.charAt(i))) {
					i++;
				}
			}
			else if (Lexer.isBlank(c)) {
				i++;
			}
			else {
				throw failure(text, i, "The rows of a COPY ... FROM STDIN begin on the line after its semicolon; "
						+ "nothing but a -- comment may stand behind that");
			}
		}
		throw failure(text, statement, "The rows of this COPY ... FROM STDIN are missing; "
				+ "they begin on the line after its semicolon and end with a line \\.");
	}

	private static boolean isLineEnd(String text, int offset, boolean loneReturns) {
		return offset == text.length() || text.charAt(offset) == '\n' || text.startsWith("\r\n", offset)
				|| (loneReturns && text.charAt(offset) == '\r');
	}

	private static boolean endsLine(char c, boolean loneReturns) {
		return c == '\n' || (loneReturns && c == '\r');
	}

	private static int skipLineBreak(String text, int offset) {
		if (text.startsWith("\r\n", offset)) {
			return offset + 2;
		}
		return Math.min(offset + 1, text.length());
	}

	private static SqlSyntaxException failure(String text, int offset, String message) {
		return SqlSyntaxException.at(text, offset, Reason.UNTERMINATED_COPY, message);
	}

}
