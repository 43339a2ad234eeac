package dev.tidemark.run;

/**
 * What a session that was prepared has found out about its connection. It stays true for
 * the next session on the same connection.
 *
 * @param before how to make the session what it was
 * @param pid the process id of the backend; a pooler tells the driver another one
 * @param own what writes of the engine need within a transaction of a script, as a list
 * of expressions
 * @param standby whether the server is a standby
 */
record SessionFacts(SessionState before, int pid, String own, boolean standby) {
}
