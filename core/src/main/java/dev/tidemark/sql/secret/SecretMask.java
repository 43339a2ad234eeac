package dev.tidemark.sql.secret;

import dev.tidemark.sql.Token;

/**
 * Masks the secrets in one text; used once.
 */
final class SecretMask {

	private static final String MASK = "***";

	/** How far the end of a user's name and password in a URL is looked for. */
	private static final int LONGEST_USER_INFO = 500;

	/** How many parentheses without an end are looked at before all that follows goes. */
	private static final int MOST_UNCLOSED = 8;

	private final CharSequence text;

	private final ScannedText scan;

	private final StringBuilder masked = new StringBuilder();

	private final SecretTokens tokens = new SecretTokens();

	/** Up to where the text is copied, or left out, already. */
	private int copied;

	/** How many parentheses had no end so far. */
	private int unclosed;

	/** Up to where there is no {@code @} in a URL. */
	private int withoutAt;

	SecretMask(CharSequence text) {
		this.text = text;
		this.scan = new ScannedText(text);
	}

	/** Returns the text without its secrets; called once. */
	String mask() {
		int i = 0;
		while (i < this.text.length()) {
			if (this.scan.startsWith("://", i)) {
				i = userInfo(i + 3);
			}
			else if (SecretNames.isNameStart(this.text.charAt(i))) {
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
		int end = SecretNames.endOfName(this.text, start);
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
		if (SecretNames.isSecret(name)) {
			return valueAfter(start, end);
		}
		if (SecretNames.isHeader(name)) {
			return header(start, end);
		}
		if (SecretNames.isBearer(name)) {
			int bearer = SecretNames.endOfBearer(this.text, end);
			if (bearer > 0) {
				replace(this.scan.skipBlanks(end), bearer);
			}
			return Math.max(end, bearer);
		}
		if (SecretNames.isClause(name)) {
			return Math.max(end, literal(this.scan.skipBlanks(end)));
		}
		if (this.scan.at(end) == '(' && SecretNames.isCall(name)) {
			return arguments(end);
		}
		return end;
	}

	/** Returns where the password of other databases' logins begins, or -1. */
	private int identifiedBy(String name, int end) {
		int by = this.scan.skipBlanks(end);
		boolean identified = name.equalsIgnoreCase("identified") && "bB".indexOf(this.scan.at(by)) >= 0
				&& "yY".indexOf(this.scan.at(by + 1)) >= 0;
		int value = identified ? this.scan.skipBlanks(by + 2) : -1;
		return (value > by + 2) ? value : -1;
	}

	private int arguments(int parenthesis) {
		int end = this.scan.endOfCall(parenthesis);
		replace(parenthesis + 1, (end >= 0) ? end - 1 : this.text.length());
		return (end >= 0) ? end : this.text.length();
	}

	private int valueAfter(int start, int end) {
		char before = (start > 0) ? this.text.charAt(start - 1) : '\0';
		boolean quoted = SecretNames.isQuoted(this.text, start, end);
		int i = this.scan.skipBlanks(quoted ? end + 1 : end);
		int value = separator(i, quoted && before == '\'');
		if (value == i) {
			int literal = literal(i);
			return (literal < 0 && this.tokens.passwordFollows()) ? password(end, i) : Math.max(end, literal);
		}
		value = this.scan.skipBlanks(value);
		int behind = literal(value);
		if (behind < 0 && this.scan.at(value) == '"') {
			behind = jsonString(value);
		}
		return (behind >= 0) ? behind : bareValue(value, before == '?' || before == '&');
	}

	/** A password without its quotes, unless it is an option of the role. */
	private int password(int name, int offset) {
		if (offset == name || offset >= this.text.length() || this.text.charAt(offset) == ';') {
			return name;
		}
		if (this.scan.at(offset) == '"') {
			int end = offset + 1;
			while (end < this.text.length() && (this.scan.at(end) != '"' || this.scan.at(end + 1) == '"')) {
				end += (this.scan.at(end) == '"') ? 2 : 1;
			}
			replace(offset + 1, Math.min(end, this.text.length()));
			return Math.min(end + 1, this.text.length());
		}
		if (SecretNames.isNameStart(this.scan.at(offset))) {
			String word = this.text.subSequence(offset, SecretNames.endOfName(this.text, offset)).toString();
			if (SecretTokens.isOption(word)) {
				return name;
			}
		}
		return bareValue(offset, false);
	}

	/** The value of a header has a scheme, and blanks. */
	private int header(int start, int end) {
		boolean quoted = SecretNames.isQuoted(this.text, start, end);
		int value = SecretNames.behindSeparator(this.text, quoted ? end + 1 : end, quoted);
		if (value < 0) {
			return end;
		}
		int i = this.scan.skipBlanks(value);
		int behind = (this.scan.at(i) == '"') ? jsonString(i) : literal(i);
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
			if (this.scan.startsWith(separator, offset)) {
				return offset + separator.length();
			}
		}
		if ("tT".indexOf(this.scan.at(offset)) >= 0 && "oO".indexOf(this.scan.at(offset + 1)) >= 0
				&& SecretNames.isBlank(this.scan.at(offset + 2))) {
			return offset + 2;
		}
		return (comma && this.scan.at(offset) == ',') ? offset + 1 : offset;
	}

	/** Masks a literal of SQL, if one begins here. Returns its end, or -1. */
	private int literal(int offset) {
		int i = offset;
		if (this.scan.at(i) == '$') {
			return dollarQuoted(i);
		}
		if ((this.scan.at(i) == 'u' || this.scan.at(i) == 'U') && this.scan.at(i + 1) == '&') {
			i += 2;
		}
		else if ("eEnNbBxX".indexOf(this.scan.at(i)) >= 0 && this.scan.at(i + 1) == '\'') {
			i++;
		}
		return (this.scan.at(i) == '\'') ? quoted(i) : -1;
	}

	private int quoted(int quote) {
		if (this.scan.at(quote + 1) == '\'' && this.scan.at(quote + 2) != '\'') {
			int end = this.scan.endOfDoublyQuoted(quote + 2);
			if (end >= 0 || !isBehindEmptyString(this.scan.at(quote + 2))) {
				replace(quote + 2, (end >= 0) ? end : this.text.length());
				return (end >= 0) ? end + 2 : this.text.length();
			}
		}
		int part = quote;
		int end;
		do {
			end = this.scan.endOfQuoted(part, this.text.length());
			part = this.scan.continuation(end);
		}
		while (part >= 0);
		boolean terminated = this.text.charAt(end - 1) == '\'' && end - 1 > quote;
		replace(quote + 1, terminated ? end - 1 : end);
		return end;
	}

	private static boolean isBehindEmptyString(char c) {
		return c == '\0' || SecretNames.isBlank(c) || ",;)".indexOf(c) >= 0;
	}

	private int dollarQuoted(int offset) {
		int i = offset + 1;
		while (Character.isLetterOrDigit(this.scan.at(i)) || this.scan.at(i) == '_') {
			i++;
		}
		if (this.scan.at(i) != '$') {
			return -1;
		}
		String delimiter = this.text.subSequence(offset, i + 1).toString();
		int end = this.scan.indexOf(delimiter, i + 1);
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
			if (SecretNames.isBlank(c) || (c == '&' && parameterOfUrl) || this.scan.isClosingQuote(i)) {
				break;
			}
			int call = (c == '(') ? this.scan.endOfCall(i) : -1;
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
		if (colon >= 0 && at < 0 && !this.scan.isPort(colon + 1, i) && this.scan.at(authority) != '[') {
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

	private void replace(int start, int end) {
		this.masked.append(this.text, this.copied, start).append(MASK);
		this.copied = end;
	}

	private static boolean isPartOfUrl(char c) {
		return !SecretNames.isBlank(c) && c != '\'' && c != '"' && c != '<' && c != '>';
	}

}
