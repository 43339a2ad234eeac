package dev.tidemark.statement;

/**
 * How often the value of a function or expression may change.
 *
 * @since 0.1.0
 */
public enum Volatility {

	/** Never. */
	IMMUTABLE,

	/** Between statements. */
	STABLE,

	/** From row to row. */
	VOLATILE,

	/** That cannot be told from the text. */
	UNKNOWN

}
