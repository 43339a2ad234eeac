package dev.tidemark.sql.secret;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.Literals;
import dev.tidemark.sql.Occurrences;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.Token;

/**
 * The constants of SQL that speaks of a secret, and the passwords of roles that it has
 * without quotes.
 *
 * @since 0.1.0
 */
public final class SecretConstants {

	private static final String MASK = "***";

	/** How much of one token is looked at: more than enough to see a secret in it. */
	private static final int LONGEST_TOKEN = 2000;

	/** How far secrets are looked for in a statement. */
	private static final int LONGEST_STATEMENT = 100_000;

	/** A value of at least this length is no part of another word by chance. */
	private static final int LONG = 6;

	/** How long a password in parts is at most. */
	private static final int LONGEST_VALUE = 2000;

	/** How deep SQL is looked for in strings of SQL in strings of SQL. */
	private static final int DEEPEST_SQL = 6;

	/** What may begin or end a string within SQL. */
	private static final Pattern QUOTES = Pattern.compile("[$']+");

	private SecretConstants() {
	}

	/**
	 * Returns what takes out of a text about some SQL what that SQL has in its string
	 * constants, if it speaks of a secret.
	 * @param lexer a lexer before the first token
	 * @param text the text that it reads
	 * @param standardStrings whether a backslash is an ordinary character in plain
	 * strings
	 */
	public static UnaryOperator<String> mask(Lexer lexer, String text, boolean standardStrings) {
		Set<String> constants = new HashSet<>();
		boolean secret = collect(lexer, text, standardStrings, constants, 0);
		if (!secret || constants.isEmpty()) {
			return UnaryOperator.identity();
		}
		Map<Boolean, List<String>> byLength = constants.stream()
			.collect(Collectors.partitioningBy((constant) -> constant.length() >= LONG));
		Occurrences occurrences = new Occurrences(byLength.getOrDefault(false, List.of()),
				byLength.getOrDefault(true, List.of()), true);
		return (message) -> occurrences.replace(message, (constant) -> MASK);
	}

	/** Returns whether the SQL, or SQL within its constants, speaks of a secret. */
	private static boolean collect(Lexer lexer, String text, boolean standardStrings, Set<String> constants,
			int depth) {
		boolean secret = false;
		int offset = -1;
		SecretTokens tokens = new SecretTokens();
		int password = -1;
		try {
			while (lexer.next() != Token.END) {
				offset = (offset < 0) ? lexer.start() : offset;
				if (lexer.start() - offset > LONGEST_STATEMENT) {
					return secret;
				}
				String token = text.substring(lexer.start(), lexer.end());
				String begin = token.substring(0, Math.min(token.length(), LONGEST_TOKEN));
				boolean hidden = tokens.read(lexer.token(), begin);
				secret |= tokens.isSecret() || SecretNames.isMentioned(begin);
				if (lexer.token() == Token.STRING) {
					String constant = Literals.string(token, standardStrings, '\\').strip();
					if (!constant.isEmpty()) {
						add(constant, constants);
						secret |= collectWithin(constant, constants, depth + 1);
					}
				}
				password = hidden ? addPassword(text, password, lexer, constants) : -1;
			}
		}
		catch (SqlSyntaxException ex) {
			// Not all strings hold SQL, and in this one nothing more is recognised.
		}
		return secret;
	}

	private static void add(String constant, Set<String> constants) {
		constants.add(constant);
		constants.add(constant.toLowerCase(Locale.ROOT));
		constants.add(constant.toUpperCase(Locale.ROOT));
	}

	/**
	 * The server quotes the token that it does not expect, and that may be a part of the
	 * password only.
	 * @param begin where the password begins if it has begun before the token, or -1
	 * @return where it begins
	 */
	private static int addPassword(String text, int begin, Lexer lexer, Set<String> constants) {
		int start = (begin >= 0 && !SecretNames.isBlank(text.charAt(lexer.start() - 1))) ? begin : lexer.start();
		String token = text.substring(lexer.start(), lexer.end());
		if (lexer.token() == Token.QUOTED_IDENTIFIER) {
			String quoted = token.substring(token.indexOf('"') + 1, token.length() - 1);
			Stream.of(quoted, quoted.replace("\"\"", "\""))
				.map(String::strip)
				.filter((part) -> !part.isEmpty())
				.forEach((part) -> add(part, constants));
		}
		else if (token.length() > 1) {
			add(token, constants);
		}
		if (start < lexer.start() && lexer.end() - start <= LONGEST_VALUE) {
			add(text.substring(start, lexer.end()), constants);
		}
		return start;
	}

	/** Deep down, whatever stands between two quotes could be a constant. */
	private static boolean collectWithin(String constant, Set<String> constants, int depth) {
		if (depth < DEEPEST_SQL) {
			return collect(new Lexer(constant, 0, constant.length(), true), constant, true, constants, depth);
		}
		QUOTES.splitAsStream(constant).map(String::strip).filter((part) -> !part.isEmpty()).forEach(constants::add);
		return SecretNames.isMentioned(constant);
	}

}
