package dev.tidemark.catalogue.batch;

import java.util.Collection;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.Token;

/**
 * Writes the condition that all rows of a partition satisfy for a statement that may know
 * the table by an alias. The server itself writes columns without one.
 */
final class PartitionBounds {

	private final String bounds;

	private final Collection<String> columns;

	/**
	 * Takes a condition.
	 * @param bounds the condition as the server writes it
	 * @param columns the columns that it may be about
	 */
	PartitionBounds(String bounds, Collection<String> columns) {
		this.bounds = bounds;
		this.columns = columns;
	}

	/**
	 * Returns the condition.
	 * @param alias the alias as SQL, empty if there is none
	 */
	String sql(String alias) {
		StringBuilder sql = new StringBuilder(this.bounds.length());
		Lexer lexer = new Lexer(this.bounds, 0, this.bounds.length(), true);
		int copied = 0;
		boolean type = false;
		while (lexer.next() != Token.END) {
			boolean name = lexer.token() == Token.WORD || lexer.token() == Token.QUOTED_IDENTIFIER;
			// A type may have several words, of which one may be called like a column.
			type = lexer.isSymbol(':') || lexer.isWord("COLLATE") || (type && (name || lexer.isSymbol('.')));
			if (!type && name && this.columns.contains(name(lexer))) {
				sql.append(this.bounds, copied, lexer.start())
					.append(alias.isEmpty() ? "" : alias + ".")
					.append(Identifiers.quote(name(lexer)));
				copied = lexer.end();
			}
		}
		return Operators.qualified(sql.append(this.bounds, copied, this.bounds.length()).toString());
	}

	private String name(Lexer lexer) {
		String text = this.bounds.substring(lexer.start(), lexer.end());
		return (lexer.token() == Token.WORD) ? text : text.substring(1, text.length() - 1).replace("\"\"", "\"");
	}

}
