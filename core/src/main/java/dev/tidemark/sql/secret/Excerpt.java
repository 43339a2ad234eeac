package dev.tidemark.sql.secret;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.Token;

/**
 * Writes the beginning of a statement in one line without its secrets.
 *
 * @since 0.1.0
 */
public final class Excerpt {

	private static final int LENGTH = 200;

	/** How much of one token is looked at: more than enough to see a secret in it. */
	private static final int TOKEN = 2000;

	/** How far a word that speaks of a secret is looked for. */
	private static final int LOOKAHEAD = 20_000;

	private Excerpt() {
	}

	/**
	 * Writes an excerpt.
	 * @param lexer a lexer before the statement's first token
	 * @param text the text that it reads
	 * @return the excerpt
	 */
	public static String of(Lexer lexer, String text) {
		StringBuilder plain = new StringBuilder();
		StringBuilder masked = new StringBuilder();
		boolean secret = false;
		SecretTokens tokens = new SecretTokens();
		int previousEnd = -1;
		int offset = -1;
		while (!isComplete(plain, masked, secret) && hasNext(lexer)) {
			offset = (offset < 0) ? lexer.start() : offset;
			if (lexer.start() - offset > LOOKAHEAD) {
				break;
			}
			String token = text.substring(lexer.start(), Math.min(lexer.end(), lexer.start() + TOKEN));
			boolean gap = previousEnd >= 0 && lexer.start() > previousEnd;
			previousEnd = lexer.end();
			boolean string = lexer.token() == Token.STRING;
			String shown = tokens.read(lexer.token(), token) ? "***" : token;
			secret |= tokens.isSecret() || SecretNames.isMentioned(token);
			append(plain, gap, string ? new SecretMask(token).mask() : shown);
			append(masked, gap, string ? "'***'" : shown);
		}
		return shortened(secret ? masked : plain);
	}

	/**
	 * Writes an excerpt that shows no string constant.
	 * @param lexer a lexer before the statement's first token
	 * @param text the text that it reads
	 * @return the excerpt, up to what cannot be read
	 */
	static String withoutConstants(Lexer lexer, String text) {
		StringBuilder line = new StringBuilder();
		SecretTokens tokens = new SecretTokens();
		int previousEnd = -1;
		while (line.length() <= LENGTH && hasNext(lexer)) {
			String token = text.substring(lexer.start(), Math.min(lexer.end(), lexer.start() + TOKEN));
			boolean gap = previousEnd >= 0 && lexer.start() > previousEnd;
			previousEnd = lexer.end();
			String shown = tokens.read(lexer.token(), token) ? "***" : token;
			append(line, gap, (lexer.token() == Token.STRING) ? "'***'" : shown);
		}
		return shortened(line);
	}

	/**
	 * What a placeholder stands for may have closed a quote that is open without it: the
	 * excerpt ends before.
	 */
	private static boolean hasNext(Lexer lexer) {
		try {
			return lexer.next() != Token.END;
		}
		catch (SqlSyntaxException ex) {
			return false;
		}
	}

	private static boolean isComplete(StringBuilder plain, StringBuilder masked, boolean secret) {
		return secret && masked.length() > LENGTH && plain.length() > LENGTH;
	}

	private static void append(StringBuilder line, boolean gap, String token) {
		if (line.length() > LENGTH) {
			return;
		}
		boolean blank = gap;
		int i = 0;
		while (i < token.length()) {
			int c = token.codePointAt(i);
			i += Character.charCount(c);
			if (isFolded(c)) {
				blank = true;
				continue;
			}
			if (blank) {
				line.append(' ');
				blank = false;
			}
			if (PlainText.isUnfit(c)) {
				PlainText.appendEscape(line, c);
			}
			else {
				line.appendCodePoint(c);
			}
		}
		if (blank) {
			line.append(' ');
		}
	}

	/** Line separators and control characters could forge lines of a log. */
	private static boolean isFolded(int c) {
		return Character.isWhitespace(c) || Character.isISOControl(c);
	}

	private static String shortened(StringBuilder line) {
		if (line.length() <= LENGTH) {
			return line.toString();
		}
		int end = LENGTH - 1;
		if (Character.isHighSurrogate(line.charAt(end - 1))) {
			end--;
		}
		return line.substring(0, end) + "\u2026";
	}

}
