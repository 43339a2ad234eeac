package dev.tidemark.session.settings;

/**
 * A server process, told apart from a later one that got the same number.
 *
 * @param pid its process id; a pooler tells the driver another one
 * @param start when it started, as the server writes it in a session with ISO dates
 * @param serverStart when its server started, written in the same way: one address may
 * lead to several servers
 * @param database the oid of the database: another one may get its name
 * @since 0.1.0
 */
public record Backend(int pid, String start, String serverStart, String database) {
}
