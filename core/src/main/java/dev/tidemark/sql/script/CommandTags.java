package dev.tidemark.sql.script;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.TokenReader;

/**
 * The commands of PostgreSQL by their leading keywords (documentation, part "SQL
 * Commands").
 *
 * @since 0.1.0
 */
public final class CommandTags {

	/** The command of what does not begin like any known one. */
	public static final String UNRECOGNISED = "UNRECOGNISED";

	private static final String[] COMMANDS = { "ABORT", "ALTER", "ALTER DEFAULT PRIVILEGES", "ALTER LARGE OBJECT",
			"ALTER SYSTEM", "ANALYSE", "ANALYZE", "BEGIN", "CALL", "CHECKPOINT", "CLOSE", "CLUSTER", "COMMENT",
			"COMMIT", "COMMIT PREPARED", "COPY", "CREATE", "CREATE INDEX CONCURRENTLY", "DEALLOCATE", "DECLARE",
			"DELETE", "DISCARD", "DISCARD ALL", "DISCARD PLANS", "DISCARD SEQUENCES", "DISCARD TEMP", "DO", "DROP",
			"DROP INDEX CONCURRENTLY", "DROP OWNED", "END", "EXECUTE", "EXPLAIN", "FETCH", "GRANT",
			"IMPORT FOREIGN SCHEMA", "INSERT", "LISTEN", "LOAD", "LOCK", "MERGE", "MOVE", "NOTIFY", "PREPARE",
			"PREPARE TRANSACTION", "REASSIGN OWNED", "REFRESH MATERIALIZED VIEW", "REINDEX", "RELEASE", "REPACK",
			"RESET", "REVOKE", "ROLLBACK", "ROLLBACK PREPARED", "SAVEPOINT", "SECURITY LABEL", "SELECT", "SET",
			"SET CONSTRAINTS", "SHOW", "START TRANSACTION", "TABLE", "TRUNCATE", "UNLISTEN", "UPDATE", "VACUUM",
			"VALUES", "WAIT", "WITH" };

	/** What can be created, altered and dropped. */
	private static final String[] OBJECTS = { "ACCESS METHOD", "AGGREGATE", "CAST", "COLLATION", "CONVERSION",
			"DATABASE", "DOMAIN", "EVENT TRIGGER", "EXTENSION", "FOREIGN DATA WRAPPER", "FOREIGN TABLE", "FUNCTION",
			"GROUP", "INDEX", "LANGUAGE", "MATERIALIZED VIEW", "OPERATOR", "OPERATOR CLASS", "OPERATOR FAMILY",
			"POLICY", "PROCEDURE", "PROPERTY GRAPH", "PUBLICATION", "ROLE", "ROUTINE", "RULE", "SCHEMA", "SEQUENCE",
			"SERVER", "STATISTICS", "SUBSCRIPTION", "TABLE", "TABLESPACE", "TEXT SEARCH CONFIGURATION",
			"TEXT SEARCH DICTIONARY", "TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE", "TRANSFORM", "TRIGGER", "TYPE",
			"USER", "USER MAPPING", "VIEW" };

	/** Words between the verb and the object that no tag contains. */
	private static final Set<String> MODIFIERS = Set.of("CONSTRAINT", "DEFAULT", "GLOBAL", "LOCAL", "OR", "PROCEDURAL",
			"RECURSIVE", "REPLACE", "TEMP", "TEMPORARY", "TRUSTED", "UNIQUE", "UNLOGGED");

	private static final Node ROOT = new Node();

	static {
		for (String command : COMMANDS) {
			add(command);
		}
		for (String object : OBJECTS) {
			add("CREATE " + object);
			add("ALTER " + object);
			add("DROP " + object);
		}
	}

	private CommandTags() {
	}

	/**
	 * Recognises the command of a statement by as many leading keywords as belong to it.
	 * @param tokens the tokens of the statement, afterwards behind the keywords
	 * @return the tag, the same instance for the same command
	 */
	public static String read(TokenReader tokens) {
		while (tokens.accept('(')) {
			// A query may stand in parentheses.
		}
		Node node = ROOT;
		String tag = UNRECOGNISED;
		while (true) {
			String keyword = tokens.keyword();
			Node child = node.children.get(keyword);
			if (child != null) {
				node = child;
				tag = (node.tag != null) ? node.tag : tag;
			}
			else if (!node.hasObjects || !MODIFIERS.contains(keyword)) {
				return tag;
			}
			tokens.skip();
		}
	}

	private static void add(String tag) {
		Node node = ROOT;
		for (String keyword : tag.split(" ")) {
			node = node.children.computeIfAbsent(keyword, (key) -> new Node());
		}
		node.tag = tag;
		node.hasObjects = tag.equals("CREATE") || tag.equals("ALTER") || tag.equals("DROP");
	}

	private static final class Node {

		private final Map<String, Node> children = new HashMap<>();

		private @Nullable String tag;

		private boolean hasObjects;

	}

}
