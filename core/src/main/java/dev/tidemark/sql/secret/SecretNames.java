package dev.tidemark.sql.secret;

import java.util.Locale;
import java.util.Set;

/**
 * Names in free text that speak of secrets: those of passwords, keys and tokens, of
 * headers, of clauses with connection strings, and of functions that are given keys.
 */
final class SecretNames {

	/** Parts of names that make the name one of a secret, wherever they stand. */
	private static final String[] PARTS = { "password", "passwd", "passphrase", "passcode" };

	/** Ends of names that make the name one of a secret. */
	private static final String[] ENDS = { "pwd", "secret", "token", "apikey", "api_key", "api-key", "accesskey",
			"access_key", "access-key", "privatekey", "private_key", "private-key", "secretkey", "secret_key",
			"secret-key", "encryptionkey", "encryption_key", "encryption-key", "signingkey", "signing_key",
			"signing-key", "credential", "credentials" };

	/** Functions that are given keys and passwords. */
	private static final Set<String> CALLS = Set.of("crypt", "hmac", "encrypt", "decrypt", "encrypt_iv", "decrypt_iv",
			"pgp_sym_encrypt", "pgp_sym_encrypt_bytea", "pgp_sym_decrypt", "pgp_sym_decrypt_bytea", "pgp_pub_decrypt",
			"pgp_pub_decrypt_bytea");

	/** What is shorter behind {@code Bearer} is a word. */
	private static final int SHORTEST_BEARER = 8;

	private SecretNames() {
	}

	/** Tells whether a text contains a name that speaks of a secret. */
	static boolean isMentioned(String text) {
		int i = 0;
		while (i < text.length()) {
			if (!isNameStart(text.charAt(i))) {
				i++;
				continue;
			}
			int end = endOfName(text, i);
			String name = text.substring(i, end);
			if (isSecret(name) || isCall(name) || (isClause(name) && isLiteral(text, skipBlanks(text, end)))
					|| (isHeader(name) && (isQuoted(text, i, end) || behindSeparator(text, end, false) > 0))
					|| (isBearer(name) && endOfBearer(text, end) > 0)) {
				return true;
			}
			i = end;
		}
		return false;
	}

	static int skipBlanks(CharSequence text, int offset) {
		int i = offset;
		while (i < text.length() && isBlank(text.charAt(i))) {
			i++;
		}
		return i;
	}

	static boolean isBlank(char c) {
		return Character.isWhitespace(c);
	}

	static boolean isNameStart(char c) {
		return Character.isLetter(c) || c == '_';
	}

	static int endOfName(CharSequence text, int start) {
		int i = start;
		while (i < text.length() && (isNameStart(text.charAt(i)) || Character.isDigit(text.charAt(i))
				|| text.charAt(i) == '.' || text.charAt(i) == '-')) {
			i++;
		}
		while (text.charAt(i - 1) == '.' || text.charAt(i - 1) == '-') {
			i--;
		}
		return i;
	}

	/** What subscriptions and {@code COPY} are given in a string. */
	static boolean isClause(String name) {
		return name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("program");
	}

	/** Tells whether a literal of SQL begins, as it does behind a clause. */
	static boolean isLiteral(CharSequence text, int offset) {
		int quote = (offset < text.length() && "eEnN".indexOf(text.charAt(offset)) >= 0) ? offset + 1 : offset;
		return quote < text.length() && (text.charAt(quote) == '\'' || text.charAt(offset) == '$');
	}

	static boolean isQuoted(CharSequence text, int start, int end) {
		char before = (start > 0) ? text.charAt(start - 1) : '\0';
		return (before == '"' || before == '\'') && end < text.length() && text.charAt(end) == before;
	}

	static boolean isHeader(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return lower.equals("authorization") || lower.endsWith("-authorization");
	}

	/** Returns where the value of a header begins, or -1 if none does. */
	static int behindSeparator(CharSequence text, int end, boolean comma) {
		int i = skipBlanks(text, end);
		if (i < text.length() && (":=".indexOf(text.charAt(i)) >= 0 || (comma && text.charAt(i) == ','))) {
			boolean two = i + 1 < text.length() && "=>".indexOf(text.charAt(i + 1)) >= 0;
			return two ? i + 2 : i + 1;
		}
		return -1;
	}

	static boolean isBearer(String name) {
		return name.equalsIgnoreCase("bearer");
	}

	/** Returns where the token behind {@code Bearer} ends, or -1 if none is there. */
	static int endOfBearer(CharSequence text, int end) {
		int start = skipBlanks(text, end);
		int i = start;
		while (i < text.length() && i > end
				&& (Character.isLetterOrDigit(text.charAt(i)) || "-._~+/=".indexOf(text.charAt(i)) >= 0)) {
			i++;
		}
		return (i - start >= SHORTEST_BEARER) ? i : -1;
	}

	static boolean isCall(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return CALLS.contains(lower.substring(lower.lastIndexOf('.') + 1));
	}

	static boolean isSecret(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		for (String part : PARTS) {
			if (lower.contains(part)) {
				return true;
			}
		}
		for (String end : ENDS) {
			if (lower.endsWith(end)) {
				return true;
			}
		}
		return false;
	}

}
