package dev.tidemark.statement.parse;

import java.io.Serial;

/**
 * Thrown where the text of a statement goes on in another way than its grammar is known
 * to; the statement is unknown then. Errors of grammar are left to the server.
 */
final class NotUnderstoodException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	NotUnderstoodException(String expected) {
		super(expected, null, false, false);
	}

}
