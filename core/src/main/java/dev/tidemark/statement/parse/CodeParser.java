package dev.tidemark.statement.parse;

import java.util.Locale;
import java.util.Map;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.CallProcedure;
import dev.tidemark.statement.Deallocate;
import dev.tidemark.statement.DeclareCursor;
import dev.tidemark.statement.ExecutePrepared;
import dev.tidemark.statement.Explain;
import dev.tidemark.statement.ImportForeignSchema;
import dev.tidemark.statement.Load;
import dev.tidemark.statement.Prepare;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TransactionControl;
import dev.tidemark.statement.UseCursor;

/**
 * Reads what runs, prepares or wraps other statements; used once.
 */
final class CodeParser {

	private final SqlReader sql;

	private final StatementParser statements;

	CodeParser(SqlReader sql, StatementParser statements) {
		this.sql = sql;
		this.statements = statements;
	}

	Statement read() {
		if (this.sql.accept("PREPARE")) {
			return prepare();
		}
		if (this.sql.isAt("EXECUTE")) {
			return execute();
		}
		if (this.sql.accept("DEALLOCATE")) {
			return deallocate();
		}
		if (this.sql.accept("EXPLAIN")) {
			return explain();
		}
		if (this.sql.accept("DECLARE")) {
			return declare();
		}
		if (this.sql.accept("DO")) {
			return block();
		}
		if (this.sql.accept("CALL")) {
			QualifiedName procedure = this.sql.requireName();
			return new CallProcedure(procedure, new RowsParser(this.sql).readExpressions());
		}
		if (this.sql.accept("LOAD")) {
			return new Load(this.sql.requireString());
		}
		if (this.sql.accept("IMPORT", "FOREIGN", "SCHEMA")) {
			return importForeignSchema();
		}
		String command = this.sql.keyword();
		if (!this.sql.acceptAny("CLOSE", "FETCH", "MOVE")) {
			throw this.sql.notUnderstood();
		}
		this.sql.skipRest();
		return new UseCursor(command);
	}

	private Statement prepare() {
		String name = this.sql.requireIdentifier();
		if (name.equals("transaction") && this.sql.isAtString()) {
			this.sql.skip();
			return new TransactionControl(TransactionControl.Action.PREPARE, false, false);
		}
		this.sql.skipParentheses();
		this.sql.expect("AS");
		return new Prepare(name, this.statements.statement());
	}

	Statement execute() {
		this.sql.expect("EXECUTE");
		String name = this.sql.requireIdentifier();
		return new ExecutePrepared(name, new RowsParser(this.sql).readArguments());
	}

	private Statement deallocate() {
		int start = this.sql.start();
		if (this.sql.accept("PREPARE") && this.sql.isAtEnd()) {
			this.sql.backTo(start);
		}
		return new Deallocate(this.sql.accept("ALL") ? null : this.sql.requireIdentifier());
	}

	private Statement explain() {
		Map<String, String> options = this.sql.isAt('(') && !isQueryNext() ? this.sql.options() : Map.of();
		boolean analyze = SqlReader.isOn(options, "analyze", false) || SqlReader.isOn(options, "analyse", false)
				|| this.sql.acceptAny("ANALYZE", "ANALYSE");
		this.sql.accept("VERBOSE");
		return new Explain(analyze, this.statements.statement());
	}

	/** A query may stand in parentheses, as options do. */
	private boolean isQueryNext() {
		int start = this.sql.start();
		while (this.sql.accept('(')) {
			// However many there are.
		}
		boolean query = this.sql.isAtAny("SELECT", "VALUES", "WITH", "TABLE");
		this.sql.backTo(start);
		return query;
	}

	private Statement declare() {
		String name = this.sql.requireIdentifier();
		if (!this.sql.skipPast("CURSOR")) {
			throw this.sql.notUnderstood();
		}
		boolean hold = this.sql.accept("WITH", "HOLD");
		if (!hold) {
			this.sql.accept("WITHOUT", "HOLD");
		}
		this.sql.expect("FOR");
		return new DeclareCursor(name, hold, this.statements.query());
	}

	private Statement block() {
		String language = "plpgsql";
		String body = null;
		while (!this.sql.isAtEnd()) {
			if (this.sql.accept("LANGUAGE")) {
				language = this.sql.value().toLowerCase(Locale.ROOT);
			}
			else {
				body = this.sql.requireString();
			}
		}
		return BlockReader.read(language, this.sql.require(body), this.sql.standardStrings(), this.sql.depth() + 1);
	}

	private Statement importForeignSchema() {
		String from = this.sql.requireIdentifier();
		if (this.sql.accept("LIMIT", "TO") || this.sql.accept("EXCEPT")) {
			this.sql.skipParentheses();
		}
		this.sql.expect("FROM", "SERVER");
		String server = this.sql.requireIdentifier();
		this.sql.expect("INTO");
		String into = this.sql.requireIdentifier();
		if (this.sql.accept("OPTIONS")) {
			this.sql.skipParentheses();
		}
		return new ImportForeignSchema(from, server, into);
	}

}
