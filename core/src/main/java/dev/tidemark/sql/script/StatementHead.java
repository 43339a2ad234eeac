package dev.tidemark.sql.script;

import dev.tidemark.sql.TokenReader;

/**
 * What has to be known of a statement to find where it, and what belongs to it, ends: its
 * command, and whether rows follow it. What it does is told elsewhere.
 *
 * @param command its leading keywords
 * @param readsInlineData whether rows follow it in the script
 */
record StatementHead(String command, boolean readsInlineData) {

	/**
	 * Reads the head of a statement.
	 * @param tokens the tokens of the statement
	 * @return what its first words tell
	 */
	static StatementHead of(TokenReader tokens) {
		String command = CommandTags.read(tokens);
		if (command.equals("PREPARE TRANSACTION") && !tokens.isAtString()) {
			// TRANSACTION is the name of a prepared statement.
			command = "PREPARE";
		}
		return new StatementHead(command, command.equals("COPY") && copiesInlineData(tokens));
	}

	private static boolean copiesInlineData(TokenReader tokens) {
		// BINARY cannot be the name of a table, not without quotes.
		tokens.accept("BINARY");
		if (!tokens.acceptName()) {
			return false;
		}
		tokens.skipParentheses();
		// The grammar takes STDOUT for STDIN here.
		return tokens.accept("FROM") && (tokens.isAt("STDIN") || tokens.isAt("STDOUT"));
	}

}
