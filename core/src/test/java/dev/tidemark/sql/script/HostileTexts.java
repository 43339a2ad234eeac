package dev.tidemark.sql.script;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Texts that are made to be expensive or to go wrong.
 */
public final class HostileTexts {

	private static final String[] ODDITIES = { "'", "''", "'''", "\"", "\u00AB", "\u00BB", "\u201C", "\u300D", "(", ")",
			")=(", ",", ".", ":", "\uFF1A", "=", ":=", "=>", "&", "?", "@", "://", "/", "#", "<", ">", "[", "]", "{",
			"}", "1", "22", "-3", "4.5e6", "0xe2 ", "1,2,3", "$", "$$", "$a$", "$b", "\\", "\\'", "\\\\", "E'", "U&'",
			"--", "/*", "*/", ";", "\n", "\r\n", "\t", " ", "  ", "\u0007", "\u001b[2J", "\u202e", "\u2028", "\u200b",
			"\u00e4", "\ud83d\ude00", "\ud83d", "\uFFFE", "a", "b_c", "password", "PASSWORD ", "password=", "passwd: ",
			"secret ", "api_key", "token", "crypt(", "CONNECTION ", "PROGRAM '", "TO ", "SELECT ", "INSERT INTO t ",
			"VALUES (", "CREATE TABLE ", "DROP INDEX ", "DO ", "BEGIN ", "END", "ATOMIC ", "COPY t FROM STDIN", "\\.",
			"LINE 1: ", "line", "Key (a)=(", "encoding \"UTF8\"", "parameter \"work_mem\"", " depends on " };

	private final Random random;

	public HostileTexts(long seed) {
		this.random = new Random(seed);
	}

	/** Returns a text, mostly a short one, sometimes one of 10,000 characters. */
	public String next() {
		int most = (this.random.nextInt(50) == 0) ? 10_000 : (this.random.nextInt(4) == 0) ? 400 : 60;
		int length = this.random.nextInt(most);
		int few = (this.random.nextInt(3) == 0) ? 1 + this.random.nextInt(4) : ODDITIES.length;
		int from = this.random.nextInt(ODDITIES.length);
		StringBuilder text = new StringBuilder();
		while (text.length() < length) {
			text.append(ODDITIES[(from + this.random.nextInt(few)) % ODDITIES.length]);
		}
		return text.toString();
	}

	public <T> T anyOf(List<T> choices) {
		return choices.get(this.random.nextInt(choices.size()));
	}

	/**
	 * Returns texts of one kind each, of which the kinds are such that a reader that goes
	 * back, or looks ahead from each place, reads them many times.
	 * @param length how many characters each of them has, about
	 */
	public static Stream<String> ofLength(int length) {
		Stream<String> repeated = Stream.of("1,", "1.", "1:", "1-", "1e", "0x", "(", ")", ")=(", "()", "\"", "\"a", ":",
				": ", ")=", ") ", "'", "''", "' '", "'\n", "'\n--", "\\", "\\'", "\\''", "$", "$a", "$a$ ", "$$a",
				"password", "password ", "password=", "password=(", "password=((a", "password=('(", "password '",
				"password ''", "password '' ", "password 'a'\n-- ", "password 'a'\n", "password := ", "password \"",
				"password E'\\", "password $", "password $a ", "\"password\", ", "crypt(", "crypt('", "connection ",
				"://", "://a:b", "://a:b/", "://a:b@", "a://a:b?", "a.", "a-", ".", "--", "/*", "/**/", "E'a'\n",
				"a depends on b\n", "\ud83d\ude00", "\ud83d", "\n", "\r", "\u202e", "Key (a)=(", "encoding \"UTF8\"",
				"parameter \"a\" ", "0xe2 ", "\"UTF8", "U&'", "line 1: ", " ", "a b ", "DO $$ ", "('a', 'b'), ",
				"'password', ", "create role a password ", "create role a password \"", "authorization: ",
				"'authorization', ", "bearer ", "bearer a.", "create role ", "alter user a pasword b ");
		Stream<String> single = Stream.of(nested(length), "password=" + "(".repeat(length / 2) + ")".repeat(length / 2),
				"a: \"" + " ".repeat(length), "password" + " ".repeat(length) + "'", "(".repeat(length / 2) + "\"",
				"a".repeat(length), "1".repeat(length), "-".repeat(length) + "1");
		return Stream.concat(repeated.map((part) -> "x " + part.repeat(length / part.length())), single);
	}

	/** Dollar quotes in dollar quotes, each with a tag of its own. */
	private static String nested(int length) {
		StringBuilder text = new StringBuilder("SELECT ");
		int depth = 0;
		while (text.length() < length / 2) {
			text.append("$t").append(depth++).append("$ password ");
		}
		while (depth > 0) {
			text.append("$t").append(--depth).append("$ ");
		}
		return text.toString();
	}

}
