package dev.tidemark.sql.script;

import java.util.Random;

/**
 * Writes scripts of queries with odd literals and comments, many of them valid, the same
 * ones for the same seed.
 */
final class RandomScripts {

	private static final String[] ODDITIES = { ";", "'", "''", "\\", "\\'", "$", "$$", "$a$", "$a", "a$", "--", "/*",
			"*/", "/", "*", "-", "\n", "\r", "\t", "\f", "\"", "\"\"", "a", " ", "\u00e4", "E'", "(", ")", "1" };

	private static final String[][] WRAPPINGS = { { "'", "'" }, { "E'", "'" }, { "e'", "'" }, { "N'", "'" },
			{ "U&'", "'" }, { "$$", "$$" }, { "$a$", "$a$" }, { "$a1$", "$a1$" }, { "1 AS \"c", "\"" },
			{ "1 AS U&\"c", "\"" }, { "1 /*", "*/" }, { "1 --", "\n" }, { "B'1'\n'", "'" }, { "'a' --", "\n'b'" },
			{ "'a'", "'b'" }, { "E'a'\n'", "'" }, { "1 AS a", "" }, { "1 -", "1" }, { "1 *", "1" }, { "$1", "" } };

	private static final String[] SEPARATORS = { ",", " , ", ",\n", "\n,", ",--\n", "/**/,", ";SELECT ",
			"; ;\nSELECT " };

	private final Random random;

	RandomScripts(long seed) {
		this.random = new Random(seed);
	}

	String next() {
		StringBuilder script = new StringBuilder("SELECT ");
		int items = 1 + this.random.nextInt(4);
		for (int item = 0; item < items; item++) {
			if (item > 0) {
				script.append(anyOf(SEPARATORS));
			}
			String[] wrapping = WRAPPINGS[this.random.nextInt(WRAPPINGS.length)];
			script.append(wrapping[0]);
			for (int oddities = this.random.nextInt(4); oddities > 0; oddities--) {
				script.append(anyOf(ODDITIES));
			}
			script.append(wrapping[1]);
		}
		return script.toString();
	}

	private String anyOf(String[] choices) {
		return choices[this.random.nextInt(choices.length)];
	}

}
