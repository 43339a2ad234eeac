package dev.tidemark.statement.parse;

import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.CommandTags;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Unknown;

/**
 * Reads one statement, or those within it, by its leading keywords.
 */
final class StatementParser {

	/** A statement in a statement in a statement may be a block that makes another. */
	private static final int DEEPEST = 8;

	private final SqlReader sql;

	/** How many statements that is in which is read now. */
	private int within;

	StatementParser(SqlReader sql) {
		this.sql = sql;
	}

	/** Reads a statement to its end; one that is not understood is unknown. */
	static Statement parse(TokenReader tokens, boolean standardStrings, int depth) {
		String command = CommandTags.read(new TokenReader(tokens));
		SqlReader sql = new SqlReader(tokens, standardStrings, depth);
		if (depth > DEEPEST) {
			return new Unknown(command);
		}
		try {
			Statement statement = new StatementParser(sql).statement(command);
			return sql.isAtEnd() ? statement : new Unknown(command);
		}
		catch (NotUnderstoodException ex) {
			return new Unknown(command);
		}
	}

	/** Reads a statement that is a part of another one. */
	Statement statement() {
		if (++this.within > DEEPEST) {
			throw this.sql.notUnderstood();
		}
		Statement statement = plainStatement();
		this.within--;
		return statement;
	}

	private Statement plainStatement() {
		return statement(CommandTags.read(new TokenReader(this.sql)));
	}

	/** Reads a query, or what else may make a table. */
	Statement query() {
		return this.sql.isAt("EXECUTE") ? new CodeParser(this.sql, this).execute() : new RowsParser(this.sql).read();
	}

	private Statement statement(String command) {
		String verb = command.contains(" ") ? command.substring(0, command.indexOf(' ')) : command;
		return switch (verb) {
			case "CREATE" -> new CreateParser(this.sql, this).read();
			case "ALTER" -> new AlterParser(this.sql).read();
			case "DROP" -> new DropParser(this.sql).read();
			case "COMMENT", "SECURITY" -> new DropParser(this.sql).comment();
			case "GRANT", "REVOKE", "REASSIGN" -> new AccessParser(this.sql).read();
			case "SELECT", "VALUES", "TABLE", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE" ->
				new RowsParser(this.sql).read();
			case "COPY", "TRUNCATE", "LOCK" -> new BulkParser(this.sql).read();
			case "VACUUM", "ANALYZE", "ANALYSE", "CLUSTER", "REPACK", "REINDEX", "REFRESH", "CHECKPOINT" ->
				new MaintenanceParser(this.sql).read();
			case "ABORT", "BEGIN", "COMMIT", "END", "ROLLBACK", "START", "SAVEPOINT", "RELEASE" ->
				new TransactionParser(this.sql).read();
			case "SET", "RESET", "DISCARD", "SHOW", "LISTEN", "NOTIFY", "UNLISTEN", "WAIT" ->
				new SettingParser(this.sql).read();
			case "PREPARE", "DO", "CALL", "EXECUTE", "DEALLOCATE", "EXPLAIN", "DECLARE", "FETCH", "MOVE", "CLOSE",
					"LOAD", "IMPORT" ->
				new CodeParser(this.sql, this).read();
			default -> throw this.sql.notUnderstood();
		};
	}

}
