package dev.tidemark.statement;

/**
 * How long a relation lives, and whether its rows survive a crash.
 *
 * @since 0.1.0
 */
public enum Persistence {

	/** Until it is dropped; crashes are survived. */
	PERMANENT,

	/** Until the session ends. */
	TEMPORARY,

	/** Until it is dropped; a crash empties it. */
	UNLOGGED

}
