package dev.tidemark.statement;

/**
 * How a statement gets along with a transaction block.
 *
 * @since 0.1.0
 */
public enum TransactionUse {

	/** It can run inside a transaction block, as far as its text tells. */
	ALLOWED,

	/**
	 * The server refuses it inside a transaction block, with SQLSTATE {@code 25001}.
	 */
	FORBIDDEN,

	/**
	 * It begins, ends or prepares a transaction itself. Savepoints do not; they are
	 * {@link #ALLOWED}.
	 */
	CONTROL

}
