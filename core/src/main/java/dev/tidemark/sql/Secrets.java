package dev.tidemark.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Masks secrets in free text. What it costs grows with the length of the text only: none
 * of its characters is looked at more than a few times, whatever the text holds.
 */
public final class Secrets {

	private static final String MASK = "***";

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

	/** How much of one token is looked at: more than enough to see a secret in it. */
	private static final int LONGEST_TOKEN = 2000;

	/** How far secrets are looked for in a statement. */
	private static final int LONGEST_STATEMENT = 100_000;

	/** A value of at least this length is no part of another word by chance. */
	private static final int LONG = 6;

	/** How far the end of a user's name and password in a URL is looked for. */
	private static final int LONGEST_USER_INFO = 500;

	/** How far the end of a call, or of a string inside of a string, is looked for. */
	private static final int LONGEST_VALUE = 2000;

	/** How many parentheses without an end are looked at before all that follows goes. */
	private static final int MOST_UNCLOSED = 8;

	/** How deep SQL is looked for in strings of SQL in strings of SQL. */
	private static final int DEEPEST_SQL = 6;

	/** What is shorter behind {@code Bearer} is a word. */
	private static final int SHORTEST_BEARER = 8;

	/** What may begin or end a string within SQL. */
	private static final Pattern QUOTES = Pattern.compile("[$']+");

	private final CharSequence text;

	private final StringBuilder masked = new StringBuilder();

	private final SecretTokens tokens = new SecretTokens();

	/** Up to where the text is copied, or left out, already. */
	private int copied;

	/** How many parentheses had no end so far. */
	private int unclosed;

	/** Up to where there is no {@code @} in a URL. */
	private int withoutAt;

	/** Where blanks and comments began that no string continues. */
	private int blanksFrom;

	/** Where these blanks and comments end. */
	private int blanksTo;

	private Secrets(CharSequence text) {
		this.text = text;
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

	static String mask(CharSequence text) {
		return new Secrets(text).mask();
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
		return of(new Lexer(sql, 0, sql.length(), true), sql, true);
	}

	static UnaryOperator<String> of(Lexer lexer, String text, boolean standardStrings) {
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
				secret |= tokens.isSecret() || isMentioned(begin);
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
		int start = (begin >= 0 && !isBlank(text.charAt(lexer.start() - 1))) ? begin : lexer.start();
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
		return isMentioned(constant);
	}

	/**
	 * Returns whether a text contains a name that speaks of a secret.
	 * @param text the text
	 * @return whether it does
	 */
	public static boolean isMentioned(String text) {
		int i = 0;
		while (i < text.length()) {
			if (!isNameStart(text.charAt(i))) {
				i++;
				continue;
			}
			int end = endOfName(text, i);
			String name = text.substring(i, end);
			if (isSecretName(name) || isCall(name) || (isClause(name) && isLiteral(text, skipBlanks(text, end)))
					|| (isHeader(name) && (isQuoted(text, i, end) || behindSeparator(text, end, false) > 0))
					|| (isBearer(name) && endOfBearer(text, end) > 0)) {
				return true;
			}
			i = end;
		}
		return false;
	}

	private String mask() {
		int i = 0;
		while (i < this.text.length()) {
			if (startsWith("://", i)) {
				i = userInfo(i + 3);
			}
			else if (isNameStart(this.text.charAt(i))) {
				i = name(i);
			}
			else {
				if (this.text.charAt(i) == ';') {
					this.tokens.end();
				}
				else if (this.text.charAt(i) == ',') {
					this.tokens.read(Token.SYMBOL, ",");
				}
				i++;
			}
		}
		return this.masked.append(this.text, this.copied, this.text.length()).toString();
	}

	private int name(int start) {
		int end = endOfName(this.text, start);
		String name = this.text.subSequence(start, end).toString();
		this.tokens.read(Token.WORD, name);
		int identified = identifiedBy(name, end);
		if (identified >= 0) {
			boolean password = this.tokens.passwordFollows() || name.equals("IDENTIFIED");
			this.tokens.end();
			int behind = literal(identified);
			return (behind < 0 && password) ? password(identified - 1, identified) : Math.max(identified, behind);
		}
		if (this.tokens.passwordFollows()) {
			int behind = valueAfter(start, end);
			this.tokens.end();
			return behind;
		}
		if (isSecretName(name)) {
			return valueAfter(start, end);
		}
		if (isHeader(name)) {
			return header(start, end);
		}
		if (isBearer(name)) {
			int bearer = endOfBearer(this.text, end);
			if (bearer > 0) {
				replace(skipBlanks(end), bearer);
			}
			return Math.max(end, bearer);
		}
		if (isClause(name)) {
			return Math.max(end, literal(skipBlanks(end)));
		}
		if (at(end) == '(' && isCall(name)) {
			return arguments(end);
		}
		return end;
	}

	/** Returns where the password of other databases' logins begins, or -1. */
	private int identifiedBy(String name, int end) {
		int by = skipBlanks(end);
		boolean identified = name.equalsIgnoreCase("identified") && "bB".indexOf(at(by)) >= 0
				&& "yY".indexOf(at(by + 1)) >= 0;
		int value = identified ? skipBlanks(by + 2) : -1;
		return (value > by + 2) ? value : -1;
	}

	private int arguments(int parenthesis) {
		int end = endOfCall(parenthesis);
		replace(parenthesis + 1, (end >= 0) ? end - 1 : this.text.length());
		return (end >= 0) ? end : this.text.length();
	}

	private int valueAfter(int start, int end) {
		char before = (start > 0) ? this.text.charAt(start - 1) : '\0';
		boolean quoted = isQuoted(this.text, start, end);
		int i = skipBlanks(quoted ? end + 1 : end);
		int value = separator(i, quoted && before == '\'');
		if (value == i) {
			int literal = literal(i);
			return (literal < 0 && this.tokens.passwordFollows()) ? password(end, i) : Math.max(end, literal);
		}
		value = skipBlanks(value);
		int behind = literal(value);
		if (behind < 0 && at(value) == '"') {
			behind = jsonString(value);
		}
		return (behind >= 0) ? behind : bareValue(value, before == '?' || before == '&');
	}

	/** A password without its quotes, unless it is an option of the role. */
	private int password(int name, int offset) {
		if (offset == name || offset >= this.text.length() || this.text.charAt(offset) == ';') {
			return name;
		}
		if (at(offset) == '"') {
			int end = offset + 1;
			while (end < this.text.length() && (at(end) != '"' || at(end + 1) == '"')) {
				end += (at(end) == '"') ? 2 : 1;
			}
			replace(offset + 1, Math.min(end, this.text.length()));
			return Math.min(end + 1, this.text.length());
		}
		if (isNameStart(at(offset))) {
			String word = this.text.subSequence(offset, endOfName(this.text, offset)).toString();
			if (SecretTokens.isOption(word)) {
				return name;
			}
		}
		return bareValue(offset, false);
	}

	/** The value of a header has a scheme, and blanks. */
	private int header(int start, int end) {
		boolean quoted = isQuoted(this.text, start, end);
		int value = behindSeparator(this.text, quoted ? end + 1 : end, quoted);
		if (value < 0) {
			return end;
		}
		int i = skipBlanks(value);
		int behind = (at(i) == '"') ? jsonString(i) : literal(i);
		if (behind >= 0) {
			return behind;
		}
		int last = i;
		while (last < this.text.length() && "'\"\r\n".indexOf(this.text.charAt(last)) < 0) {
			last++;
		}
		if (last > i) {
			replace(i, last);
		}
		return last;
	}

	private int separator(int offset, boolean comma) {
		for (String separator : new String[] { ":=", "=>", "=", ":" }) {
			if (startsWith(separator, offset)) {
				return offset + separator.length();
			}
		}
		if ("tT".indexOf(at(offset)) >= 0 && "oO".indexOf(at(offset + 1)) >= 0 && isBlank(at(offset + 2))) {
			return offset + 2;
		}
		return (comma && at(offset) == ',') ? offset + 1 : offset;
	}

	/** Masks a literal of SQL, if one begins here. Returns its end, or -1. */
	private int literal(int offset) {
		int i = offset;
		if (at(i) == '$') {
			return dollarQuoted(i);
		}
		if ((at(i) == 'u' || at(i) == 'U') && at(i + 1) == '&') {
			i += 2;
		}
		else if ("eEnNbBxX".indexOf(at(i)) >= 0 && at(i + 1) == '\'') {
			i++;
		}
		return (at(i) == '\'') ? quoted(i) : -1;
	}

	private int quoted(int quote) {
		if (at(quote + 1) == '\'' && at(quote + 2) != '\'') {
			int end = endOfDoublyQuoted(quote + 2);
			if (end >= 0 || !isBehindEmptyString(at(quote + 2))) {
				replace(quote + 2, (end >= 0) ? end : this.text.length());
				return (end >= 0) ? end + 2 : this.text.length();
			}
		}
		int part = quote;
		int end;
		do {
			end = endOfQuoted(part, this.text.length());
			part = continuation(end);
		}
		while (part >= 0);
		boolean terminated = this.text.charAt(end - 1) == '\'' && end - 1 > quote;
		replace(quote + 1, terminated ? end - 1 : end);
		return end;
	}

	/**
	 * Finds the end of a string inside of a string, where all quotes are doubled. Returns
	 * -1 if there is none.
	 */
	private int endOfDoublyQuoted(int offset) {
		int limit = Math.min(this.text.length(), offset + LONGEST_VALUE);
		int i = offset;
		while (i < limit) {
			if (this.text.charAt(i) == '\\') {
				i += startsWith("''", i + 1) ? 3 : 2;
			}
			else if (startsWith("''", i)) {
				return i;
			}
			else {
				i++;
			}
		}
		return -1;
	}

	private static boolean isBehindEmptyString(char c) {
		return c == '\0' || isBlank(c) || ",;)".indexOf(c) >= 0;
	}

	private int endOfQuoted(int quote, int limit) {
		char prefix = (quote > 0) ? this.text.charAt(quote - 1) : '\0';
		if (prefix == 'e' || prefix == 'E') {
			return endOfQuoted(quote, limit, true);
		}
		// Whether a backslash escapes in it is not known here; to mask more is safe.
		return Math.max(endOfQuoted(quote, limit, true), endOfQuoted(quote, limit, false));
	}

	private int endOfQuoted(int quote, int limit, boolean escapes) {
		int i = quote + 1;
		while (i < limit) {
			char c = this.text.charAt(i);
			if ((c == '\\' && escapes) || (c == '\'' && at(i + 1) == '\'')) {
				i += 2;
			}
			else if (c == '\'') {
				return i + 1;
			}
			else {
				i++;
			}
		}
		return limit;
	}

	private int continuation(int offset) {
		boolean lineBreak = false;
		int i = offset;
		while (i < this.text.length()) {
			char c = this.text.charAt(i);
			if (Lexer.isLineBreak(c) && i > this.blanksFrom && i < this.blanksTo) {
				// The comments below have been passed over from a literal above.
				return -1;
			}
			if (startsWith("--", i)) {
				while (i < this.text.length() && !Lexer.isLineBreak(this.text.charAt(i))) {
					i++;
				}
			}
			else if (Lexer.isBlank(c)) {
				lineBreak |= Lexer.isLineBreak(c);
				i++;
			}
			else if (c == '\'' && lineBreak) {
				return i;
			}
			else {
				break;
			}
		}
		if (lineBreak) {
			this.blanksFrom = offset;
			this.blanksTo = i;
		}
		return -1;
	}

	private int dollarQuoted(int offset) {
		int i = offset + 1;
		while (Character.isLetterOrDigit(at(i)) || at(i) == '_') {
			i++;
		}
		if (at(i) != '$') {
			return -1;
		}
		String delimiter = this.text.subSequence(offset, i + 1).toString();
		int end = indexOf(delimiter, i + 1);
		replace(i + 1, (end >= 0) ? end : this.text.length());
		return (end >= 0) ? end + delimiter.length() : this.text.length();
	}

	private int jsonString(int quote) {
		int i = quote + 1;
		while (i < this.text.length() && this.text.charAt(i) != '"') {
			i += (this.text.charAt(i) == '\\') ? 2 : 1;
		}
		int end = Math.min(i, this.text.length());
		replace(quote + 1, end);
		return end;
	}

	private int bareValue(int offset, boolean parameterOfUrl) {
		int i = offset;
		while (i < this.text.length()) {
			char c = this.text.charAt(i);
			if (isBlank(c) || (c == '&' && parameterOfUrl) || isClosingQuote(i)) {
				break;
			}
			int call = (c == '(') ? endOfCall(i) : -1;
			if (c == '(' && call < 0 && ++this.unclosed > MOST_UNCLOSED) {
				i = this.text.length();
				break;
			}
			i = (call >= 0) ? call : i + ((c == '\\') ? 2 : 1);
		}
		int end = Math.min(i, this.text.length());
		if (end > offset) {
			replace(offset, end);
		}
		return end;
	}

	/** A quote between letters is part of a value rather than the end of its text. */
	private boolean isClosingQuote(int offset) {
		char quote = this.text.charAt(offset);
		if (quote != '\'' && quote != '"') {
			return false;
		}
		return !Character.isLetterOrDigit(at((at(offset + 1) == quote) ? offset + 2 : offset + 1));
	}

	/**
	 * Finds the end of a call, for the secret may be an argument as in
	 * {@code password = crypt('secret', …)}. Returns -1 if it is just a parenthesis.
	 */
	private int endOfCall(int parenthesis) {
		int limit = Math.min(this.text.length(), parenthesis + LONGEST_VALUE);
		int depth = 0;
		int i = parenthesis;
		while (i < limit) {
			char c = this.text.charAt(i);
			if (c == '\'') {
				i = endOfQuoted(i, limit);
				continue;
			}
			i++;
			if (c == '(') {
				depth++;
			}
			else if (c == ')' && --depth == 0) {
				return i;
			}
		}
		return -1;
	}

	private int userInfo(int authority) {
		int colon = -1;
		int at = -1;
		int i = authority;
		while (i < this.text.length() && "/?#".indexOf(this.text.charAt(i)) < 0 && isPartOfUrl(this.text.charAt(i))) {
			char c = this.text.charAt(i);
			colon = (c == ':' && colon < 0) ? i : colon;
			at = (c == '@') ? i : at;
			i++;
		}
		if (colon >= 0 && at < 0 && !isPort(colon + 1, i) && at(authority) != '[') {
			// A password may contain what should have been encoded.
			int limit = Math.min(this.text.length(), authority + LONGEST_USER_INFO);
			int j = Math.max(i, this.withoutAt);
			while (j < limit && isPartOfUrl(this.text.charAt(j))) {
				at = (this.text.charAt(j) == '@') ? j : at;
				j++;
			}
			this.withoutAt = (at < 0) ? j : this.withoutAt;
		}
		if (colon < 0 || at < colon) {
			return authority;
		}
		replace(colon + 1, at);
		return at;
	}

	private boolean isPort(int start, int end) {
		for (int i = start; i < end; i++) {
			if (!Character.isDigit(this.text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private void replace(int start, int end) {
		this.masked.append(this.text, this.copied, start).append(MASK);
		this.copied = end;
	}

	private boolean startsWith(String part, int offset) {
		if (offset + part.length() > this.text.length()) {
			return false;
		}
		for (int i = 0; i < part.length(); i++) {
			if (this.text.charAt(offset + i) != part.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Finds a delimiter of dollar quotes: in it there is a dollar at the ends only, so
	 * nothing is compared twice.
	 */
	private int indexOf(String delimiter, int offset) {
		for (int i = offset; i + delimiter.length() <= this.text.length(); i++) {
			if (startsWith(delimiter, i)) {
				return i;
			}
		}
		return -1;
	}

	private int skipBlanks(int offset) {
		return skipBlanks(this.text, offset);
	}

	private static int skipBlanks(CharSequence text, int offset) {
		int i = offset;
		while (i < text.length() && isBlank(text.charAt(i))) {
			i++;
		}
		return i;
	}

	private char at(int offset) {
		return (offset < this.text.length()) ? this.text.charAt(offset) : '\0';
	}

	private static boolean isPartOfUrl(char c) {
		return !isBlank(c) && c != '\'' && c != '"' && c != '<' && c != '>';
	}

	private static boolean isBlank(char c) {
		return Character.isWhitespace(c);
	}

	private static boolean isNameStart(char c) {
		return Character.isLetter(c) || c == '_';
	}

	private static int endOfName(CharSequence text, int start) {
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
	private static boolean isClause(String name) {
		return name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("program");
	}

	/** Tells whether a literal of SQL begins, as it does behind a clause. */
	private static boolean isLiteral(CharSequence text, int offset) {
		int quote = (offset < text.length() && "eEnN".indexOf(text.charAt(offset)) >= 0) ? offset + 1 : offset;
		return quote < text.length() && (text.charAt(quote) == '\'' || text.charAt(offset) == '$');
	}

	private static boolean isQuoted(CharSequence text, int start, int end) {
		char before = (start > 0) ? text.charAt(start - 1) : '\0';
		return (before == '"' || before == '\'') && end < text.length() && text.charAt(end) == before;
	}

	private static boolean isHeader(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return lower.equals("authorization") || lower.endsWith("-authorization");
	}

	/** Returns where the value of a header begins, or -1 if none does. */
	private static int behindSeparator(CharSequence text, int end, boolean comma) {
		int i = skipBlanks(text, end);
		if (i < text.length() && (":=".indexOf(text.charAt(i)) >= 0 || (comma && text.charAt(i) == ','))) {
			boolean two = i + 1 < text.length() && "=>".indexOf(text.charAt(i + 1)) >= 0;
			return two ? i + 2 : i + 1;
		}
		return -1;
	}

	private static boolean isBearer(String name) {
		return name.equalsIgnoreCase("bearer");
	}

	/** Returns where the token behind {@code Bearer} ends, or -1 if none is there. */
	private static int endOfBearer(CharSequence text, int end) {
		int start = skipBlanks(text, end);
		int i = start;
		while (i < text.length() && i > end
				&& (Character.isLetterOrDigit(text.charAt(i)) || "-._~+/=".indexOf(text.charAt(i)) >= 0)) {
			i++;
		}
		return (i - start >= SHORTEST_BEARER) ? i : -1;
	}

	private static boolean isCall(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return CALLS.contains(lower.substring(lower.lastIndexOf('.') + 1));
	}

	private static boolean isSecretName(String name) {
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
