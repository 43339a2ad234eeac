package dev.tidemark.sql.secret;

import java.util.function.UnaryOperator;

import dev.tidemark.sql.Lexer;

/**
 * Masks secrets in free text. What it costs grows with the length of the text only: none
 * of its characters is looked at more than a few times, whatever the text holds.
 *
 * @since 0.1.0
 */
public final class Secrets {

	private Secrets() {
	}

	/**
	 * Replaces secrets by {@code ***}: the values that follow a name such as
	 * {@code PASSWORD}, {@code passwd}, {@code pwd} or {@code client_secret}, be it as a
	 * literal of any notation in SQL, as {@code name=value} in a URL or a connection
	 * string, or as {@code name: value}; the password of a role without its quotes; the
	 * connection string of a subscription; the header {@code Authorization}; and the
	 * password in {@code user:password@host}. Where it is not sure what belongs to a
	 * secret, too much is masked rather than too little; a literal that is cut off is
	 * masked to the end.
	 * @param text a message of a server, a URL, a statement or any other text
	 * @return the text without the secrets that are recognised; masking it once more
	 * changes nothing
	 */
	public static String mask(String text) {
		return mask((CharSequence) text);
	}

	public static String mask(CharSequence text) {
		return new SecretMask(text).mask();
	}

	/**
	 * Writes the beginning of a statement in one line, with {@code '***'} for each of its
	 * string constants: fit for a statement that somebody else has sent, which nobody
	 * knows what it holds. It ends before a constant that is cut off.
	 * @param statement the statement
	 * @return at most 200 characters
	 */
	public static String withoutConstants(String statement) {
		// Whether a backslash escapes is the business of the other session.
		int doubtful = statement.indexOf("\\'");
		int limit = (doubtful >= 0) ? doubtful : statement.length();
		return Excerpt.withoutConstants(new Lexer(statement, 0, limit, true), statement);
	}

	/**
	 * Returns what takes out of a text about some SQL, such as a message of the server,
	 * what that SQL has in its string constants, and the passwords of roles that it has
	 * without quotes. It does so only if the SQL speaks of a secret. Functions may make
	 * capitals or small letters of it.
	 * @param sql one or more statements
	 * @return the mask
	 */
	public static UnaryOperator<String> of(String sql) {
		return SecretConstants.mask(new Lexer(sql, 0, sql.length(), true), sql, true);
	}

	/**
	 * Return whether a text contains a name that speaks of a secret.
	 * @param text the text
	 * @return whether it does
	 */
	public static boolean isMentioned(String text) {
		return SecretNames.isMentioned(text);
	}

}
