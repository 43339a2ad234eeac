package dev.tidemark.history;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What the history can hold. In a database of another encoding than UTF-8 there are
 * characters that it lacks, and none holds the character 0: a message that tells of one
 * could not be stored, nor the failure that it is about. Such a character is stored as
 * the escape that Java has for it, such as <code>&#92;u20AC</code>.
 */
final class StoredText {

	/** The encodings that hold whatever a client sends in UTF-8. */
	private static final Set<String> ALL = Set.of("UTF8", "UNICODE", "SQL_ASCII");

	private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-F]{4})");

	/**
	 * Encodings whose characters the server and Java know as the same. Those that are not
	 * named here, of several bytes mostly, are trusted with ASCII only.
	 */
	private static final Map<String, String> CHARSETS = Map.ofEntries(Map.entry("LATIN1", "ISO-8859-1"),
			Map.entry("LATIN2", "ISO-8859-2"), Map.entry("LATIN3", "ISO-8859-3"), Map.entry("LATIN4", "ISO-8859-4"),
			Map.entry("LATIN5", "ISO-8859-9"), Map.entry("LATIN7", "ISO-8859-13"), Map.entry("LATIN9", "ISO-8859-15"),
			Map.entry("ISO_8859_5", "ISO-8859-5"), Map.entry("ISO_8859_7", "ISO-8859-7"),
			Map.entry("WIN1250", "windows-1250"), Map.entry("WIN1251", "windows-1251"),
			Map.entry("WIN1252", "windows-1252"), Map.entry("WIN1253", "windows-1253"),
			Map.entry("WIN1254", "windows-1254"), Map.entry("WIN1257", "windows-1257"), Map.entry("KOI8R", "KOI8-R"));

	private final @Nullable CharsetEncoder encoder;

	private final boolean all;

	private StoredText(boolean all, @Nullable CharsetEncoder encoder) {
		this.all = all;
		this.encoder = encoder;
	}

	/**
	 * Asks the driver for the encoding of a database; it knows it since the login.
	 * @param connection a connection to the database
	 * @return what can be stored there
	 * @throws SQLException if the connection is none to PostgreSQL
	 */
	static StoredText of(Connection connection) throws SQLException {
		return in(connection.unwrap(PGConnection.class).getParameterStatus("server_encoding"));
	}

	static StoredText in(@Nullable String encoding) {
		if (encoding == null || ALL.contains(encoding)) {
			return new StoredText(true, null);
		}
		String charset = CHARSETS.getOrDefault(encoding, "US-ASCII");
		return new StoredText(false, Charset.forName(Charset.isSupported(charset) ? charset : "US-ASCII").newEncoder());
	}

	/**
	 * Makes a text storable.
	 * @param text the text
	 * @return the text with an escape for each character that cannot be stored
	 */
	String write(String text) {
		StringBuilder written = null;
		int i = 0;
		while (i < text.length()) {
			int end = i + Character.charCount(text.codePointAt(i));
			if (!isStorable(text.substring(i, end))) {
				written = (written != null) ? written : new StringBuilder(text.length() + 16).append(text, 0, i);
				for (; i < end; i++) {
					written.append(String.format("\\u%04X", (int) text.charAt(i)));
				}
			}
			else if (written != null) {
				written.append(text, i, end);
			}
			i = end;
		}
		return (written != null) ? written.toString() : text;
	}

	/**
	 * Reads a text that the history holds: the name of a repeatable is the same one in
	 * every database.
	 * @param text the text as it is stored
	 * @return the text as it was written
	 */
	String read(String text) {
		if (!text.contains("\\u")) {
			return text;
		}
		String unescaped = ESCAPE.matcher(text)
			.replaceAll((found) -> Matcher
				.quoteReplacement(Character.toString((char) Integer.parseInt(found.group(1), 16))));
		return write(unescaped).equals(text) ? unescaped : text;
	}

	private boolean isStorable(String character) {
		char first = character.charAt(0);
		if (first == '\0' || (character.length() == 1 && Character.isSurrogate(first))) {
			return false;
		}
		return this.all || this.encoder == null || first < 0x80 || this.encoder.canEncode(character);
	}

}
