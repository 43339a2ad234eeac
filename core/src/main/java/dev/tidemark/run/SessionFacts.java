package dev.tidemark.run;

/**
 * What a session that was prepared has found out about its connection. It stays true for
 * the next session on the same connection.
 *
 * @param before how to make the session what it was
 * @param backend the server process that works for the session
 * @param own what writes of the engine need within a transaction of a script, as a list
 * of expressions
 * @param standby whether the server is a standby
 * @param serverStart when the server was started, as it writes it in a session with ISO
 * dates
 */
record SessionFacts(SessionState before, Backend backend, String own, boolean standby, String serverStart) {
}
