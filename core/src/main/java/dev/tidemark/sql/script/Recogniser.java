package dev.tidemark.sql.script;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.tidemark.sql.TokenReader;

/**
 * Recognises what a statement is by its leading keywords, and from there how it gets
 * along with transactions. Names in quotes, strings and comments are never keywords.
 * <p>
 * Which statements a transaction block refuses is told by the "Notes" of their pages in
 * the documentation, and was compared with what the servers do.
 */
final class Recogniser {

	private static final Map<String, Predicate<TokenReader>> FORBIDDEN = new HashMap<>();

	private static final Map<String, Predicate<TokenReader>> CONTROL = new HashMap<>();

	private static final Set<String> FALSE = Set.of("false", "off", "0");

	static {
		forbid((tokens) -> true, "ALTER SYSTEM", "COMMIT PREPARED", "CREATE DATABASE", "CREATE INDEX CONCURRENTLY",
				"CREATE TABLESPACE", "DISCARD ALL", "DROP DATABASE", "DROP INDEX CONCURRENTLY", "DROP SUBSCRIPTION",
				"DROP TABLESPACE", "ROLLBACK PREPARED", "VACUUM");
		forbid(Recogniser::setsTablespace, "ALTER DATABASE");
		forbid(Recogniser::changesReplicationSlot, "ALTER SUBSCRIPTION");
		forbid(Recogniser::detachesConcurrently, "ALTER TABLE");
		forbid(Recogniser::clustersAllTables, "CLUSTER");
		forbid(Recogniser::createsReplicationSlot, "CREATE SUBSCRIPTION");
		forbid(Recogniser::reindexesInSteps, "REINDEX");
		forbid(Recogniser::repacksInSteps, "REPACK");
		control((tokens) -> true, "ABORT", "BEGIN", "COMMIT", "END", "PREPARE TRANSACTION", "START TRANSACTION");
		control((tokens) -> !rollsBackToSavepoint(tokens), "ROLLBACK");
	}

	private Recogniser() {
	}

	/**
	 * Recognises a statement.
	 * @param tokens the tokens of the statement
	 * @return what it is
	 */
	static Result recognise(TokenReader tokens) {
		String command = CommandTags.read(tokens);
		if (command.equals("PREPARE TRANSACTION") && !tokens.isAtString()) {
			// TRANSACTION is the name of a prepared statement.
			command = "PREPARE";
		}
		if (FORBIDDEN.getOrDefault(command, (rest) -> false).test(tokens)) {
			return new Result(command, TransactionUse.FORBIDDEN, false);
		}
		if (CONTROL.getOrDefault(command, (rest) -> false).test(tokens)) {
			return new Result(command, TransactionUse.CONTROL, false);
		}
		return new Result(command, TransactionUse.ALLOWED, command.equals("COPY") && copiesInlineData(tokens));
	}

	private static void forbid(Predicate<TokenReader> condition, String... commands) {
		for (String command : commands) {
			FORBIDDEN.put(command, condition);
		}
	}

	private static void control(Predicate<TokenReader> condition, String... commands) {
		for (String command : commands) {
			CONTROL.put(command, condition);
		}
	}

	private static boolean setsTablespace(TokenReader tokens) {
		tokens.acceptName();
		if (!tokens.accept("SET")) {
			tokens.accept("WITH");
		}
		return tokens.isAt("TABLESPACE");
	}

	private static boolean detachesConcurrently(TokenReader tokens) {
		boolean namedIf = tokens.accept("IF") && !tokens.accept("EXISTS");
		if (!namedIf) {
			acceptRelation(tokens);
		}
		// To finalise a detachment is allowed: it has only one step.
		return tokens.accept("DETACH") && tokens.accept("PARTITION") && tokens.acceptName()
				&& tokens.isAt("CONCURRENTLY");
	}

	private static void acceptRelation(TokenReader tokens) {
		tokens.accept("ONLY");
		if (tokens.isAt('(')) {
			tokens.skipParentheses();
			return;
		}
		tokens.acceptName();
		if (tokens.isAtOperator()) {
			// The asterisk that says that partitions are meant too.
			tokens.skip();
		}
	}

	private static boolean clustersAllTables(TokenReader tokens) {
		tokens.accept("VERBOSE");
		tokens.skipParentheses();
		return tokens.isAtEnd();
	}

	private static boolean reindexesInSteps(TokenReader tokens) {
		Map<String, String> options = tokens.options();
		if (tokens.accept("DATABASE") || tokens.accept("SCHEMA") || tokens.accept("SYSTEM")) {
			return true;
		}
		tokens.skip();
		return tokens.isAt("CONCURRENTLY") || isOn(options, "concurrently", false);
	}

	private static boolean repacksInSteps(TokenReader tokens) {
		Map<String, String> options = tokens.options();
		return tokens.isAtEnd() || isOn(options, "concurrently", false) || isOn(options, "analyze", false)
				|| isOn(options, "analyse", false);
	}

	private static boolean createsReplicationSlot(TokenReader tokens) {
		Map<String, String> options = tokens.skipPast("WITH") ? tokens.options() : Map.of();
		return isOn(options, "create_slot", isOn(options, "connect", true));
	}

	private static boolean changesReplicationSlot(TokenReader tokens) {
		tokens.acceptName();
		if (tokens.accept("REFRESH")) {
			return true;
		}
		boolean sets = tokens.accept("SET");
		if (sets && tokens.isAt('(')) {
			Map<String, String> options = tokens.options();
			return options.containsKey("failover") || !isOn(options, "two_phase", true);
		}
		if (!sets && !tokens.accept("ADD") && !tokens.accept("DROP")) {
			return false;
		}
		if (!tokens.accept("PUBLICATION")) {
			return false;
		}
		Map<String, String> options = tokens.skipPast("WITH") ? tokens.options() : Map.of();
		return isOn(options, "refresh", true);
	}

	private static boolean rollsBackToSavepoint(TokenReader tokens) {
		if (!tokens.accept("WORK")) {
			tokens.accept("TRANSACTION");
		}
		return tokens.isAt("TO");
	}

	private static boolean copiesInlineData(TokenReader tokens) {
		// BINARY cannot be the name of a table, not without quotes.
		tokens.accept("BINARY");
		if (!tokens.acceptName()) {
			return false;
		}
		tokens.skipParentheses();
		// The grammar takes STDOUT for STDIN here.
		return tokens.accept("FROM") && (tokens.isAt("STDIN") || tokens.isAt("STDOUT"));
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
