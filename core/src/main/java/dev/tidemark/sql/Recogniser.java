package dev.tidemark.sql;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Recognises what a statement is by its leading keywords, and from there how it gets
 * along with transactions. Names in quotes, strings and comments are never keywords.
 * <p>
 * Which statements a transaction block refuses is told by the "Notes" of their pages in
 * the documentation, and was compared with what the servers do.
 */
final class Recogniser {

	private static final Map<String, Predicate<Cursor>> FORBIDDEN = new HashMap<>();

	private static final Map<String, Predicate<Cursor>> CONTROL = new HashMap<>();

	private static final Set<String> FALSE = Set.of("false", "off", "0");

	static {
		forbid((cursor) -> true, "ALTER SYSTEM", "COMMIT PREPARED", "CREATE DATABASE", "CREATE INDEX CONCURRENTLY",
				"CREATE TABLESPACE", "DISCARD ALL", "DROP DATABASE", "DROP INDEX CONCURRENTLY", "DROP SUBSCRIPTION",
				"DROP TABLESPACE", "ROLLBACK PREPARED", "VACUUM");
		forbid(Recogniser::setsTablespace, "ALTER DATABASE");
		forbid(Recogniser::changesReplicationSlot, "ALTER SUBSCRIPTION");
		forbid(Recogniser::detachesConcurrently, "ALTER TABLE");
		forbid(Recogniser::clustersAllTables, "CLUSTER");
		forbid(Recogniser::createsReplicationSlot, "CREATE SUBSCRIPTION");
		forbid(Recogniser::reindexesInSteps, "REINDEX");
		forbid(Recogniser::repacksInSteps, "REPACK");
		control((cursor) -> true, "ABORT", "BEGIN", "COMMIT", "END", "PREPARE TRANSACTION", "START TRANSACTION");
		control((cursor) -> !rollsBackToSavepoint(cursor), "ROLLBACK");
	}

	private Recogniser() {
	}

	/**
	 * Recognises a statement.
	 * @param cursor the cursor at the start of the statement
	 * @return what it is
	 */
	static Result recognise(Cursor cursor) {
		String command = CommandTags.read(cursor);
		if (command.equals("PREPARE TRANSACTION") && !cursor.isAt(Token.STRING)) {
			// TRANSACTION is the name of a prepared statement.
			command = "PREPARE";
		}
		if (FORBIDDEN.getOrDefault(command, (rest) -> false).test(cursor)) {
			return new Result(command, TransactionUse.FORBIDDEN, false);
		}
		if (CONTROL.getOrDefault(command, (rest) -> false).test(cursor)) {
			return new Result(command, TransactionUse.CONTROL, false);
		}
		return new Result(command, TransactionUse.ALLOWED, command.equals("COPY") && copiesInlineData(cursor));
	}

	private static void forbid(Predicate<Cursor> condition, String... commands) {
		for (String command : commands) {
			FORBIDDEN.put(command, condition);
		}
	}

	private static void control(Predicate<Cursor> condition, String... commands) {
		for (String command : commands) {
			CONTROL.put(command, condition);
		}
	}

	private static boolean setsTablespace(Cursor cursor) {
		cursor.acceptName();
		if (!cursor.accept("SET")) {
			cursor.accept("WITH");
		}
		return cursor.isAt("TABLESPACE");
	}

	private static boolean detachesConcurrently(Cursor cursor) {
		boolean namedIf = cursor.accept("IF") && !cursor.accept("EXISTS");
		if (!namedIf) {
			acceptRelation(cursor);
		}
		// To finalise a detachment is allowed: it has only one step.
		return cursor.accept("DETACH") && cursor.accept("PARTITION") && cursor.acceptName()
				&& cursor.isAt("CONCURRENTLY");
	}

	private static void acceptRelation(Cursor cursor) {
		cursor.accept("ONLY");
		if (cursor.isAt('(')) {
			cursor.skipParentheses();
			return;
		}
		cursor.acceptName();
		if (cursor.isAt(Token.OPERATOR)) {
			// The asterisk that says that partitions are meant too.
			cursor.skip();
		}
	}

	private static boolean clustersAllTables(Cursor cursor) {
		cursor.accept("VERBOSE");
		cursor.skipParentheses();
		return cursor.isAtEnd();
	}

	private static boolean reindexesInSteps(Cursor cursor) {
		Map<String, String> options = cursor.options();
		if (cursor.accept("DATABASE") || cursor.accept("SCHEMA") || cursor.accept("SYSTEM")) {
			return true;
		}
		cursor.skip();
		return cursor.isAt("CONCURRENTLY") || isOn(options, "concurrently", false);
	}

	private static boolean repacksInSteps(Cursor cursor) {
		Map<String, String> options = cursor.options();
		return cursor.isAtEnd() || isOn(options, "concurrently", false) || isOn(options, "analyze", false)
				|| isOn(options, "analyse", false);
	}

	private static boolean createsReplicationSlot(Cursor cursor) {
		Map<String, String> options = cursor.skipPast("WITH") ? cursor.options() : Map.of();
		return isOn(options, "create_slot", isOn(options, "connect", true));
	}

	private static boolean changesReplicationSlot(Cursor cursor) {
		cursor.acceptName();
		if (cursor.accept("REFRESH")) {
			return true;
		}
		boolean sets = cursor.accept("SET");
		if (sets && cursor.isAt('(')) {
			Map<String, String> options = cursor.options();
			return options.containsKey("failover") || !isOn(options, "two_phase", true);
		}
		if (!sets && !cursor.accept("ADD") && !cursor.accept("DROP")) {
			return false;
		}
		if (!cursor.accept("PUBLICATION")) {
			return false;
		}
		Map<String, String> options = cursor.skipPast("WITH") ? cursor.options() : Map.of();
		return isOn(options, "refresh", true);
	}

	private static boolean rollsBackToSavepoint(Cursor cursor) {
		if (!cursor.accept("WORK")) {
			cursor.accept("TRANSACTION");
		}
		return cursor.isAt("TO");
	}

	private static boolean copiesInlineData(Cursor cursor) {
		// BINARY cannot be the name of a table, not without quotes.
		cursor.accept("BINARY");
		if (!cursor.acceptName()) {
			return false;
		}
		cursor.skipParentheses();
		// The grammar takes STDOUT for STDIN here.
		return cursor.accept("FROM") && (cursor.isAt("STDIN") || cursor.isAt("STDOUT"));
	}

	private static boolean isOn(Map<String, String> options, String name, boolean otherwise) {
		String value = options.get(name);
		return (value != null) ? !FALSE.contains(value) : otherwise;
	}

	/**
	 * What a statement is.
	 *
	 * @param command its tag
	 * @param transactionUse how it gets along with transactions
	 * @param readsInlineData whether rows follow it in the script
	 */
	record Result(String command, TransactionUse transactionUse, boolean readsInlineData) {

	}

}
