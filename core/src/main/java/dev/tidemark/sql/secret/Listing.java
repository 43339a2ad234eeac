package dev.tidemark.sql.secret;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.Token;

/**
 * Writes a whole statement as its author wrote it, but without its secrets.
 *
 * @since 0.1.0
 */
public final class Listing {

	private Listing() {
	}

	/**
	 * Writes the statement.
	 * @param lexer a lexer before the statement's first token
	 * @param text the text that it reads
	 * @param offset where the statement starts
	 * @param end where it ends
	 * @return the statement with lines and comments
	 */
	public static String of(Lexer lexer, String text, int offset, int end) {
		boolean secret = SecretNames.isMentioned(text.substring(offset, end));
		SecretTokens tokens = new SecretTokens();
		StringBuilder plain = new StringBuilder();
		StringBuilder masked = new StringBuilder();
		int position = offset;
		try {
			while (lexer.next() != Token.END) {
				String between = Secrets.mask(text.substring(position, lexer.start()));
				String token = text.substring(lexer.start(), lexer.end());
				boolean string = lexer.token() == Token.STRING;
				String shown = tokens.read(lexer.token(), token) ? "***" : token;
				plain.append(between).append(string ? Secrets.mask(token) : shown);
				masked.append(between).append(string ? "'***'" : shown);
				position = lexer.end();
			}
			String rest = Secrets.mask(text.substring(position, end));
			plain.append(rest);
			masked.append(rest);
		}
		catch (SqlSyntaxException ex) {
			// What a placeholder stands for closes a quote that is open without it.
			plain.append(Secrets.mask(text.substring(position, end)));
			masked.append("***");
		}
		return withoutControls((secret || tokens.isSecret()) ? masked : plain);
	}

	/**
	 * A terminal that shows the SQL must not be told what to do by it, nor a reader be
	 * led astray.
	 */
	private static String withoutControls(StringBuilder text) {
		StringBuilder visible = new StringBuilder(text.length());
		text.codePoints().forEach((character) -> {
			if (Character.isISOControl(character) && character != '\n' && character != '\r' && character != '\t') {
				visible.append(' ');
			}
			else if (PlainText.isUnfit(character) && character != '\n' && character != '\r') {
				PlainText.appendEscape(visible, character);
			}
			else {
				visible.appendCodePoint(character);
			}
		});
		return visible.toString();
	}

}
